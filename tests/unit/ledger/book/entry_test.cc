#include "ledger/book/entry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>

#include "absl/strings/escaping.h"
#include "base/limits.h"
#include "base/reason.h"
#include "base/seed.h"
#include "tests/support/seed.h"
#include "tests/support/status.h"

namespace turnabout {
namespace {

IdBytes Counting(uint8_t from) {
  IdBytes bytes;
  for (uint8_t& byte : bytes) byte = from++;
  return bytes;
}

IdBytes Filled(uint8_t with) {
  IdBytes bytes;
  bytes.fill(with);
  return bytes;
}

Entry Sample() {
  Entry entry;
  entry.id = EntryId(Counting(0x00));
  entry.from = Counting(0x10);
  entry.to = Counting(0x20);
  entry.amount = 0x0102030405;
  entry.time_micros = 0x0011223344556677;
  entry.number = 0x0a0b0c;
  entry.scheme = 0xdeadbeef;
  entry.kind = EntryKind::kTurn;
  entry.unit = Unit::kTurns;
  entry.state = EntryState::kHeld;
  entry.overridden = true;
  entry.related = EntryId(Counting(0x30));
  entry.subject = Counting(0x40);
  entry.happened_on = -2;
  entry.hold_seconds = 0x01020304;
  entry.category = 0x0506;
  return entry;
}

// Written by hand from the format's drawing. Bytes on disk: if this test fails, the code is wrong, not the bytes.
constexpr char kGolden[] =
    "000102030405060708090a0b0c0d0e0f"  // id
    "101112131415161718191a1b1c1d1e1f"  // from
    "202122232425262728292a2b2c2d2e2f"  // to
    "0504030201000000"                  // amount
    "7766554433221100"                  // time
    "0c0b0a0000000000"                  // number
    "efbeadde"                          // scheme
    "09020101"                          // kind, unit, state, flags
    "303132333435363738393a3b3c3d3e3f"  // related
    "404142434445464748494a4b4c4d4e4f"  // subject
    "feffffff"                          // happened on
    "04030201"                          // hold seconds
    "0605"                              // category
    "000000000000";                     // nothing, so far

TEST(Entry, BytesOnDiskAreTheSameForEver) {
  EXPECT_EQ(absl::BytesToHexString(EncodeEntry(Sample())), kGolden);
  const absl::StatusOr<Entry> decoded = DecodeEntry(absl::HexStringToBytes(kGolden));
  ASSERT_TRUE(IsOk(decoded));
  EXPECT_EQ(*decoded, Sample());
}

template <typename Change>
void ExpectRoundTrip(Change change) {
  Entry entry = Sample();
  change(entry);
  const absl::StatusOr<Entry> decoded = DecodeEntry(EncodeEntry(entry));
  ASSERT_TRUE(IsOk(decoded));
  EXPECT_EQ(*decoded, entry);
}

TEST(Entry, EveryFieldSurvivesAtItsExtremes) {
  for (const IdBytes& id : {Filled(0xff), SchemeOwner(1)}) {
    ExpectRoundTrip([&](Entry& entry) { entry.id = EntryId(id); });
  }
  for (const IdBytes& id : {Filled(0x00), Filled(0xff), kPot, kExpiry}) {
    ExpectRoundTrip([&](Entry& entry) { entry.from = id; });
    ExpectRoundTrip([&](Entry& entry) { entry.to = id; });
    ExpectRoundTrip([&](Entry& entry) { entry.related = EntryId(id); });
    ExpectRoundTrip([&](Entry& entry) { entry.subject = id; });
  }
  for (const int64_t amount : {int64_t{1}, kEntryAmountMax}) {
    ExpectRoundTrip([&](Entry& entry) { entry.amount = amount; });
  }
  for (const int64_t number : {int64_t{1}, std::numeric_limits<int64_t>::max()}) {
    ExpectRoundTrip([&](Entry& entry) { entry.number = number; });
  }
  for (const int64_t time : {std::numeric_limits<int64_t>::min(), int64_t{0}, std::numeric_limits<int64_t>::max()}) {
    ExpectRoundTrip([&](Entry& entry) { entry.time_micros = time; });
  }
  for (const uint32_t value : {uint32_t{0}, std::numeric_limits<uint32_t>::max()}) {
    ExpectRoundTrip([&](Entry& entry) { entry.scheme = value; });
    ExpectRoundTrip([&](Entry& entry) { entry.hold_seconds = value; });
    ExpectRoundTrip([&](Entry& entry) { entry.happened_on = static_cast<int32_t>(value); });
    ExpectRoundTrip([&](Entry& entry) { entry.category = static_cast<uint16_t>(value); });
    ExpectRoundTrip([&](Entry& entry) { entry.overridden = value == 0; });
  }
  ExpectRoundTrip([](Entry& entry) { entry.happened_on = std::numeric_limits<int32_t>::min(); });
  for (int kind = 1; kind <= 10; ++kind) {
    ExpectRoundTrip([&](Entry& entry) { entry.kind = static_cast<EntryKind>(kind); });
  }
  for (int state = 1; state <= 4; ++state) {
    ExpectRoundTrip([&](Entry& entry) { entry.state = static_cast<EntryState>(state); });
  }
  ExpectRoundTrip([](Entry& entry) { entry.unit = Unit::kMinutes; });
}

// No two byte strings stand for one entry: damage is refused or gives another entry, never the same one.
TEST(Entry, EverySingleByteOfDamageIsRefusedOrTold) {
  const std::string good = EncodeEntry(Sample());
  int refused = 0;
  for (size_t at = 0; at < good.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      if (static_cast<char>(byte) == good[at]) continue;
      std::string bad = good;
      bad[at] = static_cast<char>(byte);
      const absl::StatusOr<Entry> decoded = DecodeEntry(bad);
      if (!decoded.ok()) {
        EXPECT_TRUE(IsRefused(decoded, Reason::kJournalDamaged));
        ++refused;
      } else {
        EXPECT_EQ(EncodeEntry(*decoded), bad) << "byte " << at;
      }
    }
  }
  // Kind 246 of 256 values, unit 254, state 252, flags 254, six reserved bytes 255 each, and amounts and numbers that
  // are negative or too large: see the next test.
  EXPECT_GE(refused, 246 + 254 + 252 + 254 + 6 * 255);
}

template <size_t size>
void ExpectRefused(size_t at, const std::array<uint8_t, size>& bytes) {
  std::string bad = EncodeEntry(Sample());
  std::copy(bytes.begin(), bytes.end(), bad.begin() + static_cast<std::ptrdiff_t>(at));
  EXPECT_TRUE(IsRefused(DecodeEntry(bad), Reason::kJournalDamaged)) << "at " << at;
}

TEST(Entry, RefusesWhatNoEntryCanBe) {
  ExpectRefused(0, Filled(0));                                     // no id
  ExpectRefused(16, Counting(0x20));                               // from and to the same
  ExpectRefused<8>(48, {0, 0, 0, 0, 0, 0, 0, 0});                  // no amount
  ExpectRefused<8>(48, {255, 255, 255, 255, 255, 255, 255, 255});  // -1
  ExpectRefused<8>(48, {1, 0, 0, 0, 0, 1, 0, 0});                  // one above the most
  ExpectRefused<8>(48, {255, 255, 255, 255, 255, 255, 255, 127});  // the most that 63 bits hold
  ExpectRefused<8>(64, {0, 0, 0, 0, 0, 0, 0, 0});                  // no number
  ExpectRefused<8>(64, {255, 255, 255, 255, 255, 255, 255, 255});  // -1
  for (const uint8_t kind : {0, 11, 255}) ExpectRefused<1>(76, {kind});
  for (const uint8_t unit : {0, 3, 255}) ExpectRefused<1>(77, {unit});
  for (const uint8_t state : {0, 5, 255}) ExpectRefused<1>(78, {state});
  for (const uint8_t flags : {2, 3, 128}) ExpectRefused<1>(79, {flags});
  for (size_t at = 122; at < kEntryBytes; ++at) ExpectRefused<1>(at, {1});
}

TEST(Entry, RefusesEveryOtherLength) {
  const std::string good = EncodeEntry(Sample()) + std::string(8, '\0');
  for (size_t size = 0; size <= good.size(); ++size) {
    EXPECT_EQ(DecodeEntry(absl::string_view(good).substr(0, size)).ok(), size == kEntryBytes) << size;
  }
}

TEST(Entry, RandomBytesAreRefusedOrReadExactly) {
  const Seed seed = TestSeed(301);
  SCOPED_TRACE(RerunWith(seed));
  Random random(seed);
  int read = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = EncodeEntry(Sample());
    for (int flips = 0; flips < 3; ++flips) bytes[random.Below(kEntryBytes)] = static_cast<char>(random.Next());
    const absl::StatusOr<Entry> decoded = DecodeEntry(bytes);
    if (!decoded.ok()) continue;
    ++read;
    ASSERT_EQ(EncodeEntry(*decoded), bytes);
  }
  EXPECT_GT(read, 1000);
}

TEST(Entry, AnEntryThatCannotBeReadIsNeverEncoded) {
  for (const int64_t amount : {int64_t{0}, int64_t{-1}, kEntryAmountMax + 1}) {
    Entry entry = Sample();
    entry.amount = amount;
    EXPECT_DEATH(EncodeEntry(entry), "IsWellFormed");
  }
  Entry same = Sample();
  same.to = same.from;
  EXPECT_DEATH(EncodeEntry(same), "IsWellFormed");
}

TEST(Entry, AHoldLapsesAfterItsSecondsOrNever) {
  Entry hold = Sample();
  hold.time_micros = 1'000'000;
  hold.hold_seconds = 5;
  EXPECT_EQ(hold.expires(), absl::FromUnixSeconds(6));
  hold.hold_seconds = 0;
  EXPECT_EQ(hold.expires(), absl::InfiniteFuture());
}

TEST(Entry, SchemeOwnersAreNoMembers) {
  for (const OwnerId& owner : {kPot, kOpening, kClearing, kExpiry}) EXPECT_TRUE(IsSchemeOwner(owner));
  EXPECT_FALSE(IsSchemeOwner(SchemeOwner(5)));
  EXPECT_FALSE(IsSchemeOwner(OwnerId{}));
  EXPECT_FALSE(IsSchemeOwner(Counting(1)));
}

}  // namespace
}  // namespace turnabout
