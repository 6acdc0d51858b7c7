#include "store/audit/backup_list.h"

#include <gtest/gtest.h>

#include "base/reason.h"
#include "tests/support/status.h"
#include "tests/unit/store/journal/journal_folder.h"

namespace turnabout {
namespace {

BackupList SampleList() {
  BackupList list;
  list.head.block = 12;
  list.head.last_sequence = 345;
  list.head.time_micros = 1'800'000'000'123'456;
  for (size_t i = 0; i < list.head.hash.size(); ++i) list.head.hash[i] = static_cast<uint8_t>(0xa0 + i);
  SignHead(SigningKey(SecretKey{7}), list.head);
  list.files = {{.first = 1, .last = 9, .bytes = 67'108'900}, {.first = 10, .last = 12, .bytes = 500}};
  return list;
}

// What this release wrote. Bytes on disk: if this test fails, the code is wrong, not the bytes. Ed25519 gives one
// signature for a key and a text.
constexpr char kGolden[] =
    R"(turnabout backup 1
head 12 345 1800000000123456 a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf
public-key a2fa2f4a355ba2e907a53009e9e37caddf7ac7e66a08ba07631f553072b3f24c
signature 0224f0827018ba735b60b63c451ca54292b6bc8f90730981e67a11bf46801ff5)"
    R"(3fb87be3223d0940738f1a80c062fbd0468ade3f9c6f1d5e43c94b0a1cd0a809
blocks 1 9 67108900
blocks 10 12 500
digest 149aeb9129945ac50a51ad911bd53c78eea87424a49cc188dc56eafd533397d5
)";

TEST(BackupList, HasTheBytesThatAnEarlierReleaseWrote) {
  const TemporaryFolder folder(FastPlace());
  ASSERT_TRUE(IsOk(WriteBackupList(folder.path(), SampleList())));
  EXPECT_EQ(ReadWholeFile(folder.path() + "/BACKUP"), kGolden);
  EXPECT_EQ(BackupFileName(10), "blocks-00000000000000000010");
  const auto read = ReadBackupList(folder.path());
  ASSERT_TRUE(IsOk(read));
  ASSERT_TRUE(read->has_value());
  EXPECT_EQ((*read)->files, SampleList().files);
  EXPECT_EQ((*read)->head.hash, SampleList().head.hash);
  EXPECT_TRUE(IsHeadSigned((*read)->head));
}

TEST(BackupList, WithAnyByteChangedIsRefused) {
  const TemporaryFolder folder(FastPlace());
  const std::string golden = kGolden;
  for (size_t at = 0; at < golden.size(); ++at) {
    std::string changed = golden;
    changed[at] ^= 1;
    WriteWholeFile(folder.path() + "/BACKUP", changed);
    EXPECT_TRUE(IsRefused(ReadBackupList(folder.path()), Reason::kJournalDamaged)) << at;
    WriteWholeFile(folder.path() + "/BACKUP", golden.substr(0, at));
    EXPECT_TRUE(IsRefused(ReadBackupList(folder.path()), Reason::kJournalDamaged)) << at;
  }
}

}  // namespace
}  // namespace turnabout
