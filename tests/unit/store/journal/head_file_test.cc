#include "store/journal/head_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "tests/support/status.h"
#include "tests/support/temporary_folder.h"

namespace turnabout {
namespace {

Head SampleHead() {
  Head head{.number = 0x0102030405060708, .last_sequence = 0x1112131415161718, .time_micros = 0x21222324};
  for (size_t i = 0; i < head.hash.size(); ++i) head.hash[i] = static_cast<uint8_t>(0xa0 + i);
  return head;
}

// What the digest is of, written by hand from the format's drawing. Bytes on disk: if this test fails, the code is
// wrong, not the bytes.
constexpr char kSigned[] =
    "54524e48"          // TRNH
    "0100"              // version
    "0000"              //
    "0807060504030201"  // number
    "1817161514131211"  // last sequence
    "2423222100000000"  // time
    "a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf";

class HeadFileTest : public testing::Test {
 protected:
  std::string Bytes() const {
    std::ifstream file(folder_.path() + "/HEAD", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  void SetBytes(const std::string& bytes) const {
    std::ofstream(folder_.path() + "/HEAD", std::ios::binary | std::ios::trunc) << bytes;
  }
  std::unique_ptr<HeadFile> MustOpen(bool read_only = false) const {
    auto opened = HeadFile::Open(folder_.path(), read_only);
    EXPECT_TRUE(IsOk(opened));
    return opened.ok() ? *std::move(opened) : nullptr;
  }

  const TemporaryFolder folder_{FastPlace()};
};

TEST_F(HeadFileTest, HasTheBytesThatTheDrawingSays) {
  ASSERT_TRUE(IsOk(HeadFile::Create(folder_.path())));
  ASSERT_TRUE(IsOk(MustOpen()->Write(SampleHead())));
  const std::string bytes = Bytes();
  ASSERT_EQ(bytes.size(), 1024u);
  const std::string slot = bytes.substr(512);
  const std::string of = absl::HexStringToBytes(kSigned);
  EXPECT_EQ(absl::BytesToHexString(slot.substr(0, 64)), kSigned);
  EXPECT_EQ(slot.substr(64, 32), AsView(Sha256({of})));
  EXPECT_EQ(slot.substr(96), std::string(416, '\0'));
  EXPECT_EQ(MustOpen(true)->stored(), SampleHead());
}

TEST_F(HeadFileTest, TheCopyThatIsOlderIsWrittenOver) {
  ASSERT_TRUE(IsOk(HeadFile::Create(folder_.path())));
  Head head = SampleHead();
  for (int i = 0; i < 5; ++i) {
    const std::string before = Bytes();
    ++head.number;
    ASSERT_TRUE(IsOk(MustOpen()->Write(head)));
    EXPECT_EQ(MustOpen()->stored(), head);
    // The other copy is what it was, so that a torn write leaves it.
    EXPECT_TRUE(Bytes().substr(0, 512) == before.substr(0, 512) || Bytes().substr(512) == before.substr(512));
  }
}

TEST_F(HeadFileTest, NoBitOfACopyIsIdleButItsPadding) {
  ASSERT_TRUE(IsOk(HeadFile::Create(folder_.path())));
  ASSERT_TRUE(IsOk(MustOpen()->Write(SampleHead())));
  const std::string whole = Bytes();
  for (size_t bit = 0; bit < 96 * 8; ++bit) {
    std::string flipped = whole;
    flipped[512 + bit / 8] = static_cast<char>(flipped[512 + bit / 8] ^ (1 << (bit % 8)));
    SetBytes(flipped);
    EXPECT_EQ(MustOpen(true)->stored(), Head()) << bit;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    SetBytes(flipped);
    EXPECT_TRUE(IsRefused(HeadFile::Open(folder_.path(), true), Reason::kJournalDamaged)) << bit;
  }
}

}  // namespace
}  // namespace turnabout
