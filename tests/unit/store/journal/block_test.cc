#include "store/journal/block.h"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <sstream>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "base/seed.h"
#include "store/codec.h"

namespace turnabout {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

Block Sealed(const Head& head, std::initializer_list<absl::string_view> payloads) {
  BlockBuilder builder;
  for (absl::string_view payload : payloads) builder.Add(RecordKind::kPut, payload);
  return builder.Seal(head, kNow);
}

std::string ReadWhole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

// The block whose bytes an earlier release wrote: one record of each kind, every number different.
Block GoldenBlock() {
  Head head{.number = 0x0102030405060708, .last_sequence = 0x1112131415161718, .time_micros = 5};
  for (size_t i = 0; i < head.hash.size(); ++i) head.hash[i] = static_cast<uint8_t>(0xa0 + i);
  BlockBuilder builder;
  builder.Add(RecordKind::kEntry, std::string(128, 'e'));
  builder.Add(RecordKind::kPut, "key=value");
  builder.Add(RecordKind::kDelete, "key");
  builder.Add(RecordKind::kRequest, "request");
  builder.Add(RecordKind::kAccount, "");
  return builder.Seal(head, absl::FromUnixMicros(1'800'000'000'123'456));
}

TEST(Block, HasTheBytesThatAnEarlierReleaseWrote) {
  const std::string golden = ReadWhole("tests/golden/block_v1.bin");
  ASSERT_FALSE(golden.empty()) << "run it from the top of the tree";
  EXPECT_EQ(absl::BytesToHexString(EncodeBlock(GoldenBlock())), absl::BytesToHexString(golden));
  const absl::StatusOr<Block> decoded = DecodeBlock(golden);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(EncodeBlock(*decoded), golden);
}

TEST(Block, HeaderHoldsItsFieldsWhereTheDrawingSaysSo) {
  const std::string bytes = EncodeBlock(GoldenBlock());
  Cursor cursor(bytes);
  EXPECT_EQ(cursor.Bytes(4), "TRNB");
  EXPECT_EQ(cursor.Fixed16(), 1);
  EXPECT_EQ(cursor.Fixed16(), 0);
  EXPECT_EQ(cursor.Fixed64(), 0x0102030405060709u);
  EXPECT_EQ(cursor.Fixed64(), 0x1112131415161719u);
  EXPECT_EQ(cursor.Fixed32(), 5u);
  EXPECT_EQ(cursor.Fixed32(), 5u * 5 + 128 + 9 + 3 + 7);
  EXPECT_EQ(cursor.Fixed64(), 1'800'000'000'123'456u);
  EXPECT_EQ(cursor.Array<32>()[31], 0xbf);
  cursor.Bytes(32);
  EXPECT_EQ(bytes.size() - cursor.remaining(), kBlockHeaderBytes);
  EXPECT_EQ(cursor.Fixed8(), static_cast<uint8_t>(RecordKind::kEntry));
  EXPECT_EQ(cursor.Fixed32(), 128u);
}

TEST(Block, VisitsItsRecordsInOrderWithTheirSequences) {
  const Block block = GoldenBlock();
  std::vector<std::string> seen;
  ASSERT_TRUE(block
                  .ForEach([&](const RecordView& record) {
                    seen.push_back(absl::StrCat(record.sequence - block.header.first_sequence, " ",
                                                static_cast<int>(record.kind), " ", record.payload.substr(0, 9)));
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_EQ(seen, (std::vector<std::string>{"0 1 eeeeeeeee", "1 2 key=value", "2 3 key", "3 4 request", "4 5 "}));
  EXPECT_EQ(block.AsHead().last_sequence, block.header.first_sequence + 4);
}

TEST(Block, AVisitorsErrorIsReturned) {
  int seen = 0;
  EXPECT_EQ(GoldenBlock().ForEach(
                [&](const RecordView&) { return ++seen == 2 ? absl::CancelledError("enough") : absl::OkStatus(); }),
            absl::CancelledError("enough"));
  EXPECT_EQ(seen, 2);
}

TEST(Block, EverySingleFlippedBitIsFoundInTheBlockOrByItsNeighbours) {
  const Block before = Sealed(Head(), {"the block before"});
  const Block block = Sealed(before.AsHead(), {"some payload", "", std::string(200, 'x')});
  const Block after = Sealed(block.AsHead(), {"the block after"});
  const std::string bytes = EncodeBlock(block);
  int by_neighbours = 0;
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    const absl::StatusOr<Block> decoded = DecodeBlock(flipped);
    if (!decoded.ok()) {
      EXPECT_TRUE(IsRefusedFor(decoded.status(), Reason::kJournalDamaged)) << bit;
      continue;
    }
    ++by_neighbours;
    EXPECT_FALSE(CheckFollows(*decoded, before.AsHead()).ok() && CheckFollows(after, decoded->AsHead()).ok()) << bit;
  }
  // Number, first sequence, time and link are the neighbours' to check; everything else the block finds by itself.
  EXPECT_LE(by_neighbours, (8 + 8 + 8 + 32) * 8);
}

TEST(Block, EveryTruncationAndEveryAddedByteIsRefused) {
  const std::string bytes = EncodeBlock(Sealed(Head(), {"a", "bc"}));
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_TRUE(IsRefusedFor(DecodeBlock(bytes.substr(0, size)).status(), Reason::kJournalDamaged)) << size;
  }
  EXPECT_TRUE(DecodeBlock(bytes).ok());
  EXPECT_FALSE(DecodeBlock(bytes + '\0').ok());
  EXPECT_FALSE(DecodeBlock(bytes + bytes).ok());
}

TEST(Block, RefusesWhatARightRootCannotExcuse) {
  Block block = Sealed(Head(), {"a"});
  block.body[0] = 99;  // a kind from the future, with a root to match
  block.header.merkle_root = MerkleRoot({block.body});
  EXPECT_TRUE(IsRefusedFor(DecodeBlock(EncodeBlock(block)).status(), Reason::kJournalDamaged));
  Block empty = Sealed(Head(), {"a"});
  empty.body.clear();
  empty.header.record_count = empty.header.body_bytes = 0;
  empty.header.merkle_root = MerkleRoot({});
  EXPECT_TRUE(IsRefusedFor(DecodeBlock(EncodeBlock(empty)).status(), Reason::kJournalDamaged));
  Block wraps = Sealed(Head(), {"a"});
  wraps.header.first_sequence = ~uint64_t{0};
  EXPECT_TRUE(IsRefusedFor(DecodeBlock(EncodeBlock(wraps)).status(), Reason::kJournalDamaged));
  Block many = Sealed(Head(), {"a"});
  many.header.record_count = ~uint32_t{0};
  EXPECT_TRUE(IsRefusedFor(many.ForEach([](const RecordView&) { return absl::OkStatus(); }), Reason::kJournalDamaged));
}

TEST(CheckFollows, WantsTheNextNumberSequenceLinkAndTime) {
  const Head head = Sealed(Head(), {"one", "two"}).AsHead();
  const Block next = Sealed(head, {"three"});
  EXPECT_TRUE(CheckFollows(next, head).ok());
  EXPECT_FALSE(CheckFollows(next, Head()).ok());
  for (auto spoil : std::vector<std::function<void(BlockHeader&)>>{
           [](BlockHeader& header) { ++header.number; }, [](BlockHeader& header) { --header.number; },
           [](BlockHeader& header) { ++header.first_sequence; }, [](BlockHeader& header) { --header.first_sequence; },
           [](BlockHeader& header) { header.previous_hash[0] ^= 1; },
           [](BlockHeader& header) { --header.time_micros; }}) {
    Block spoilt = next;
    spoil(spoilt.header);
    EXPECT_TRUE(IsRefusedFor(CheckFollows(spoilt, head), Reason::kJournalDamaged));
  }
}

// The eight leaves and the roots over the first n of them that Certificate Transparency's own tests use.
TEST(MerkleRoot, AgreesWithTheVectorsOfCertificateTransparency) {
  std::vector<std::string> leaves;
  for (const char* hex :
       {"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"}) {
    leaves.push_back(absl::HexStringToBytes(hex));
  }
  const char* const roots[] = {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                               "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                               "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                               "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                               "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                               "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                               "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                               "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                               "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  for (size_t count = 0; count <= leaves.size(); ++count) {
    EXPECT_EQ(ToHex(MerkleRoot({leaves.begin(), leaves.begin() + count})), roots[count]) << count;
  }
}

// RFC 6962 section 2.1, word for word: split at the largest power of two below the count.
Sha256Digest SlowRoot(const std::vector<absl::string_view>& leaves) {
  if (leaves.empty()) return Sha256({});
  if (leaves.size() == 1) return Sha256({absl::string_view("\0", 1), leaves[0]});
  size_t split = 1;
  while (split * 2 < leaves.size()) split *= 2;
  const Sha256Digest left = SlowRoot({leaves.begin(), leaves.begin() + split});
  const Sha256Digest right = SlowRoot({leaves.begin() + split, leaves.end()});
  return Sha256({absl::string_view("\1", 1), AsView(left), AsView(right)});
}

TEST(MerkleRoot, AgreesWithTheDefinitionForEveryCount) {
  std::vector<std::string> texts;
  for (int i = 0; i < 70; ++i) texts.push_back(absl::StrCat("leaf ", i));
  for (size_t count = 0; count <= texts.size(); ++count) {
    const std::vector<absl::string_view> leaves(texts.begin(), texts.begin() + count);
    EXPECT_EQ(MerkleRoot(leaves), SlowRoot(leaves)) << count;
  }
}

TEST(BlockBuilder, SealsAsIfTruncatedRecordsHadNeverBeen) {
  BlockBuilder builder;
  builder.Add(RecordKind::kPut, "one");
  builder.Add(RecordKind::kEntry, "two");
  const size_t bytes = builder.body_bytes();
  builder.Add(RecordKind::kDelete, "refused");
  builder.Add(RecordKind::kDelete, "refused too");
  builder.Truncate(2);
  EXPECT_EQ(builder.record_count(), 2u);
  EXPECT_EQ(builder.body_bytes(), bytes);
  builder.Truncate(2);
  builder.Add(RecordKind::kAccount, "three");

  BlockBuilder plain;
  plain.Add(RecordKind::kPut, "one");
  plain.Add(RecordKind::kEntry, "two");
  plain.Add(RecordKind::kAccount, "three");
  EXPECT_EQ(EncodeBlock(builder.Seal(Head(), kNow)), EncodeBlock(plain.Seal(Head(), kNow)));

  builder.Add(RecordKind::kPut, "again");
  builder.Truncate(0);
  EXPECT_EQ(builder.record_count(), 0u);
  EXPECT_EQ(builder.body_bytes(), 0u);
}

TEST(BlockBuilder, IsEmptyAgainOnceSealed) {
  BlockBuilder builder;
  builder.Add(RecordKind::kPut, "one");
  const Block one = builder.Seal(Head(), kNow);
  EXPECT_EQ(builder.record_count(), 0u);
  EXPECT_EQ(builder.body_bytes(), 0u);
  builder.Add(RecordKind::kPut, "two");
  const Block two = builder.Seal(one.AsHead(), kNow);
  EXPECT_TRUE(CheckFollows(two, one.AsHead()).ok());
  EXPECT_EQ(two.header.record_count, 1u);
}

TEST(BlockBuilder, TimeNeverGoesBackThoughTheClockDoes) {
  const Head head = Sealed(Head(), {"one"}).AsHead();
  BlockBuilder builder;
  builder.Add(RecordKind::kPut, "two");
  const Block block = builder.Seal(head, kNow - absl::Hours(1));
  EXPECT_EQ(block.header.time_micros, head.time_micros);
  EXPECT_TRUE(CheckFollows(block, head).ok());
}

TEST(Block, RandomBlocksComeBackAsTheyWere) {
  const uint64_t seed = SeedFromSystem().value;
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  Random random(Seed{seed});
  Head head;
  for (int round = 0; round < 200; ++round) {
    BlockBuilder builder;
    const uint64_t count = 1 + random.Below(40);
    for (uint64_t i = 0; i < count; ++i) {
      std::string payload(random.Below(300), '\0');
      for (char& byte : payload) byte = static_cast<char>(random.Next());
      builder.Add(static_cast<RecordKind>(1 + random.Below(5)), payload);
    }
    const Block block = builder.Seal(head, absl::FromUnixMicros(random.Below(uint64_t{1} << 52)));
    const absl::StatusOr<Block> decoded = DecodeBlock(EncodeBlock(block));
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    EXPECT_EQ(EncodeBlock(*decoded), EncodeBlock(block));
    EXPECT_TRUE(CheckFollows(*decoded, head).ok());
    head = decoded->AsHead();
  }
}

}  // namespace
}  // namespace turnabout
