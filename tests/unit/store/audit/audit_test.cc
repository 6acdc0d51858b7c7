#include "store/audit/audit.h"

#include <gtest/gtest.h>

#include "base/reason.h"
#include "store/audit/record_text.h"
#include "store/journal/folder_journal.h"
#include "store/keyspace.h"
#include "tests/support/books.h"
#include "tests/support/journal_surgery.h"
#include "tests/unit/store/journal/journal_folder.h"

namespace turnabout {
namespace {

// Some members, exchanges and rows in `folder`; what Store::Verify says of them.
Verified WriteHistory(const std::string& folder, int exchanges = 20) {
  Books books(*OpenRocksdbJournal(SmallOptions(folder)));
  const OwnerId ana = books.Member();
  const OwnerId ben = books.Member();
  for (int i = 0; i < exchanges; ++i) {
    EXPECT_TRUE(IsOk(books.Post({books.Help(ben, ana, 30 + i)})));
    EXPECT_TRUE(IsOk(books.Do([&](Txn& txn) {
      txn.Put(SchemeKey("riverside"), std::string(static_cast<size_t>(i), 'x'));
      txn.Remember(RequestKey{static_cast<uint8_t>(i)}, {"content", "answer"});
      return absl::OkStatus();
    })));
  }
  return *books.store->Verify();
}

// Audits what is in `folder` with a book.
absl::StatusOr<Verified> AuditFolder(const std::string& folder) {
  auto journal = OpenFolderToRead(folder);
  if (!journal.ok()) return journal.status();
  Book book;
  absl::StatusOr<Verified> verified = Audit(**journal, {&book}, nullptr);
  return verified;
}

TEST(Audit, FindsTheSameAsTheStoreDoes) {
  const TemporaryFolder folder(FastPlace());
  const Verified online = WriteHistory(folder.path());
  const absl::StatusOr<Verified> offline = AuditFolder(folder.path());
  ASSERT_TRUE(IsOk(offline));
  EXPECT_EQ(ToHex(offline->digest), ToHex(online.digest));
  EXPECT_EQ(offline->head, online.head);
  EXPECT_EQ(offline->entries, 20u);
  EXPECT_EQ(offline->records, online.records);
}

TEST(Audit, SaysHowFarItIs) {
  const TemporaryFolder folder(FastPlace());
  const Verified online = WriteHistory(folder.path(), 3);
  const auto journal = OpenFolderToRead(folder.path());
  std::vector<uint64_t> seen;
  Book book;
  EXPECT_TRUE(IsOk(Audit(**journal, {&book}, [&](uint64_t block, uint64_t last) {
    seen.push_back(block);
    EXPECT_EQ(last, online.head.number);
  })));
  EXPECT_EQ(seen.size(), online.head.number);
}

TEST(Audit, NamesTheBlockWhoseBytesWereChanged) {
  const TemporaryFolder folder(FastPlace());
  WriteHistory(folder.path());
  const std::vector<Block> blocks = BlocksOf(folder.path());
  for (uint64_t number : {2, 7, 20}) {
    std::string bytes = EncodeBlock(blocks[number - 1]);
    bytes.back() ^= 1;
    PutBlockBytes(folder.path(), number, bytes);
    const absl::StatusOr<Verified> found = AuditFolder(folder.path());
    ASSERT_TRUE(IsRefusedFor(found.status(), Reason::kJournalDamaged)) << found.status();
    EXPECT_EQ(RefusalOf(found.status())->fact("block"), std::to_string(number));
    PutBlockBytes(folder.path(), number, EncodeBlock(blocks[number - 1]));
    EXPECT_TRUE(IsOk(AuditFolder(folder.path())));
  }
}

TEST(Audit, NamesTheBlockAfterOneThatWasMadeAnew) {
  const TemporaryFolder folder(FastPlace());
  WriteHistory(folder.path());
  const std::vector<Block> blocks = BlocksOf(folder.path());
  // A forger can seal a block whose root fits; the block after it still links to the real one.
  BlockBuilder builder;
  builder.Add(RecordKind::kPut, EncodePut("k", "forged"));
  const Block forged = builder.Seal(blocks[4].AsHead(), absl::FromUnixMicros(blocks[5].header.time_micros));
  PutBlockBytes(folder.path(), 6, EncodeBlock(forged));
  const absl::StatusOr<Verified> found = AuditFolder(folder.path());
  ASSERT_TRUE(IsRefusedFor(found.status(), Reason::kJournalDamaged)) << found.status();
  EXPECT_EQ(RefusalOf(found.status())->fact("block"), "7");
}

TEST(Audit, NamesTheRecordThatCannotBeRead) {
  const std::unique_ptr<Journal> journal = NewMemoryJournal();
  BlockBuilder builder;
  builder.Add(RecordKind::kPut, EncodePut("key", "value"));
  builder.Add(RecordKind::kEntry, "no entry");
  ASSERT_TRUE(IsOk(journal->Append(builder.Seal(Head(), absl::FromUnixSeconds(1)))));
  Book book;
  const absl::StatusOr<Verified> found = Audit(*journal, {&book}, nullptr);
  ASSERT_TRUE(IsRefusedFor(found.status(), Reason::kJournalDamaged));
  EXPECT_EQ(RefusalOf(found.status())->fact("block"), "1");
  EXPECT_EQ(RefusalOf(found.status())->fact("record"), "2");
}

TEST(FolderToRead, IsNotMadeWhenItIsNotThere) {
  const TemporaryFolder folder(FastPlace());
  const std::string missing = folder.path() + "/missing";
  EXPECT_TRUE(IsRefusedFor(OpenFolderToRead(missing).status(), Reason::kJournalUnavailable));
  EXPECT_FALSE(std::filesystem::exists(missing));
  EXPECT_TRUE(IsRefusedFor(OpenFolderToRead(folder.path()).status(), Reason::kJournalUnavailable));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(FolderToRead, IsRefusedWhileAServerHasIt) {
  const TemporaryFolder folder(FastPlace());
  const auto held = OpenRocksdbJournal(SmallOptions(folder.path()));
  EXPECT_TRUE(IsRefusedFor(OpenFolderToRead(folder.path()).status(), Reason::kFolderInUse));
}

TEST(FolderToRead, ChangesNoFileButTheLock) {
  const TemporaryFolder folder(FastPlace());
  WriteHistory(folder.path());
  const auto contents = [&] {
    std::map<std::string, std::string> files;
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder.path())) {
      const bool is_lock = file.path().filename() == "LOCK";
      if (file.is_regular_file() && !is_lock) files[file.path()] = ReadWholeFile(file.path());
    }
    return files;
  };
  const auto before = contents();
  {
    const auto journal = OpenFolderToRead(folder.path());
    ASSERT_TRUE(IsOk(journal));
    EXPECT_TRUE(
        IsRefusedFor((*journal)->Append(BlockAfter(*(*journal)->ReadHead(), "more")), Reason::kJournalUnavailable));
  }
  EXPECT_EQ(contents(), before);
}

TEST(KeyText, NamesTheTableAndItsParts) {
  const MemberId ana(IdBytes{1});
  EXPECT_EQ(KeyText(SchemeKey("riverside"), false), "scheme riverside");
  EXPECT_EQ(KeyText(ResourceKey(Table::kMember, 3, ana.bytes()), false), "member 3 " + ana.ToString());
  EXPECT_EQ(KeyText(RuleSetKey(3, 4), false), "rule-set 3 4");
  EXPECT_EQ(KeyText(DueKey(Table::kMatchDue, 20000, 3, ana.bytes()), false), "match-due 20000 3 " + ana.ToString());
}

TEST(KeyText, HidesWhatAPersonChoseUnlessAsked) {
  EXPECT_EQ(KeyText(ReferenceKey(3, "ana-jones"), false), "reference 3 (reference)");
  EXPECT_EQ(KeyText(ReferenceKey(3, "ana-jones"), true), "reference 3 ana-jones");
  EXPECT_EQ(KeyText("ana", false), "key of 3 bytes");
  EXPECT_EQ(KeyText("", false), "key of 0 bytes");
}

}  // namespace
}  // namespace turnabout
