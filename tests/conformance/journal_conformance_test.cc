#include "tests/conformance/journal_conformance.h"

#include <atomic>
#include <filesystem>
#include <thread>

#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "base/seed.h"

namespace turnabout {

void JournalConformance::SetUp() {
  std::string name = absl::StrCat(testing::TempDir(), "/journal.XXXXXX");
  ASSERT_NE(::mkdtemp(name.data()), nullptr);
  folder_ = name;
  auto opened = GetParam().open(folder_);
  ASSERT_TRUE(opened.ok()) << opened.status();
  journal_ = *std::move(opened);
}

void JournalConformance::TearDown() {
  journal_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void JournalConformance::Reopen() {
  journal_.reset();
  auto opened = GetParam().open(folder_);
  ASSERT_TRUE(opened.ok()) << opened.status();
  journal_ = *std::move(opened);
}

Block JournalConformance::Next(const Head& head, const std::string& text, int records) {
  BlockBuilder builder;
  for (int i = 0; i < records; ++i) builder.Add(RecordKind::kPut, i == 0 ? text : absl::StrCat(text, " ", i));
  return builder.Seal(head, absl::FromUnixSeconds(++seconds_));
}

Block JournalConformance::Grow(const std::string& text, int records) {
  Block block = Next(head(), text, records);
  const absl::Status written = journal().Append(block);
  EXPECT_TRUE(written.ok()) << written;
  return block;
}

std::vector<std::string> JournalConformance::ReadAll(uint64_t from) {
  std::vector<std::string> blocks;
  const absl::Status read = journal().Read(from, [&](const Block& block) {
    blocks.push_back(EncodeBlock(block));
    return absl::OkStatus();
  });
  EXPECT_TRUE(read.ok()) << read;
  return blocks;
}

namespace {

TEST_P(JournalConformance, AnEmptyJournalHasTheEmptyHeadAndNothingToRead) {
  EXPECT_EQ(head(), Head());
  EXPECT_TRUE(ReadAll().empty());
  EXPECT_TRUE(ReadAll(7).empty());
  EXPECT_EQ(journal().backend(), GetParam().name);
}

TEST_P(JournalConformance, TheHeadIsTheLastBlockThatWasAppended) {
  const Block one = Grow("one", 3);
  EXPECT_EQ(head(), one.AsHead());
  EXPECT_EQ(head().last_sequence, 3u);
  const Block two = Grow("two", 2);
  EXPECT_EQ(head(), two.AsHead());
  EXPECT_EQ(head().number, 2u);
  EXPECT_EQ(head().last_sequence, 5u);
}

TEST_P(JournalConformance, ReadsGiveTheSameBytesInOrderFromAnyBlockOn) {
  std::vector<std::string> written;
  for (int i = 0; i < 300; ++i) written.push_back(EncodeBlock(Grow(absl::StrCat("block ", i), i % 4 + 1)));
  for (uint64_t from : {1, 2, 255, 256, 257, 300, 301, 999}) {
    const size_t skipped = std::min<size_t>(from - 1, written.size());
    EXPECT_EQ(ReadAll(from), std::vector<std::string>(written.begin() + skipped, written.end())) << from;
  }
}

TEST_P(JournalConformance, ReadingTwiceAndAfterFurtherWritesGivesTheSameBytes) {
  Grow("one");
  Grow("two");
  const std::vector<std::string> before = ReadAll();
  Grow("three");
  std::vector<std::string> after = ReadAll();
  ASSERT_EQ(after.size(), 3u);
  after.pop_back();
  EXPECT_EQ(after, before);
}

TEST_P(JournalConformance, EverythingIsThereAfterItIsOpenedAgain) {
  if (!GetParam().persists) GTEST_SKIP() << GetParam().name << " keeps nothing when it is closed";
  Reopen();
  EXPECT_EQ(head(), Head());
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 5; ++i) Grow(absl::StrCat("round ", round, " block ", i), 2);
    const std::vector<std::string> before = ReadAll();
    const Head end = head();
    Reopen();
    EXPECT_EQ(head(), end);
    EXPECT_EQ(ReadAll(), before);
  }
  EXPECT_EQ(head().number, 15u);
  EXPECT_EQ(head().last_sequence, 30u);
}

TEST_P(JournalConformance, ANumberThatIsTakenDeposesTheWriter) {
  const Block one = Next(Head(), "one");
  ASSERT_TRUE(journal().Append(one).ok());
  EXPECT_TRUE(IsRefusedFor(journal().Append(one), Reason::kWriterDeposed));
  const Block other = Next(Head(), "another first block");
  const absl::Status refused = journal().Append(other);
  EXPECT_TRUE(IsRefusedFor(refused, Reason::kWriterDeposed)) << refused;
  EXPECT_EQ(RefusalOf(refused)->fact("block"), "1");
  EXPECT_EQ(ReadAll(), std::vector<std::string>{EncodeBlock(one)});
}

TEST_P(JournalConformance, ABlockThatDoesNotFollowIsRefusedAndLeavesNothing) {
  const Block one = Grow("one");
  const Head end = head();
  Head skipped = end;
  ++skipped.number;
  Head unlinked = end;
  unlinked.hash[31] ^= 1;
  Head gap = end;
  ++gap.last_sequence;
  Head overlap = end;
  --overlap.last_sequence;
  for (const Head& wrong : {skipped, unlinked, gap, overlap}) {
    const absl::Status refused = journal().Append(Next(wrong, "two"));
    EXPECT_TRUE(IsRefusedFor(refused, Reason::kJournalDamaged)) << refused;
  }
  Block early = Next(end, "two");
  early.header.time_micros = end.time_micros - 1;
  EXPECT_TRUE(IsRefusedFor(journal().Append(early), Reason::kJournalDamaged));
  Block torn = Next(end, "two");
  torn.body.pop_back();
  EXPECT_TRUE(IsRefusedFor(journal().Append(torn), Reason::kJournalDamaged));
  EXPECT_EQ(head(), end);
  EXPECT_EQ(ReadAll(), std::vector<std::string>{EncodeBlock(one)});
  Grow("two");
  EXPECT_EQ(ReadAll().size(), 2u);
}

TEST_P(JournalConformance, ABlockOfManyMebibytesComesBackWhole) {
  Random random(Seed{20'261});
  std::string payload(size_t{9} << 20, '\0');
  for (char& byte : payload) byte = static_cast<char>(random.Next());
  Grow("small");
  const Block big = Grow(payload, 2);
  Grow("small again");
  const std::vector<std::string> blocks = ReadAll();
  ASSERT_EQ(blocks.size(), 3u);
  EXPECT_TRUE(blocks[1] == EncodeBlock(big));
}

TEST_P(JournalConformance, AVisitorsErrorEndsTheReadAndIsReturned) {
  for (int i = 0; i < 5; ++i) Grow("x");
  int seen = 0;
  const absl::Status stopped = journal().Read(2, [&](const Block& block) {
    ++seen;
    return block.header.number == 3 ? absl::CancelledError("enough") : absl::OkStatus();
  });
  EXPECT_EQ(stopped, absl::CancelledError("enough"));
  EXPECT_EQ(seen, 2);
}

TEST_P(JournalConformance, AReadEndsAtTheHeadAsItWasWhenItBegan) {
  Grow("one");
  Grow("two");
  int seen = 0;
  ASSERT_TRUE(journal()
                  .Read(1,
                        [&](const Block&) {
                          ++seen;
                          Grow("meanwhile");
                          return absl::OkStatus();
                        })
                  .ok());
  EXPECT_EQ(seen, 2);
  EXPECT_EQ(head().number, 4u);
}

TEST_P(JournalConformance, ReadersSeeAWholePrefixWhileAnotherThreadAppends) {
  constexpr uint64_t kBlocks = 100;
  std::atomic<bool> done{false};
  std::atomic<uint64_t> acknowledged{0};
  std::thread writer([&] {
    for (uint64_t i = 1; i <= kBlocks; ++i) {
      Grow(absl::StrCat("block ", i), 3);
      acknowledged = i;
    }
    done = true;
  });
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      for (bool last = false; !last;) {
        last = done;
        const uint64_t at_least = acknowledged;
        const absl::StatusOr<Head> end = journal().ReadHead();
        ASSERT_TRUE(end.ok());
        EXPECT_GE(end->number, at_least);
        uint64_t number = 0;
        const absl::Status read = journal().Read(1, [&](const Block& block) {
          EXPECT_EQ(block.header.number, ++number);
          return absl::OkStatus();
        });
        EXPECT_TRUE(read.ok()) << read;
        EXPECT_GE(number, end->number);
      }
    });
  }
  writer.join();
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(ReadAll().size(), kBlocks);
}

}  // namespace
}  // namespace turnabout
