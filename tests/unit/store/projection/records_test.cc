#include "store/projection/records.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/reason.h"
#include "base/seed.h"
#include "tests/support/seed.h"
#include "tests/support/status.h"

namespace turnabout {
namespace {

using Plain = std::map<std::string, std::string>;
using Rows = std::vector<std::pair<std::string, std::string>>;

absl::Status Put(Records& records, const std::string& key, const std::string& value) {
  const std::string payload = EncodePut(key, value);
  return records.Stage({1, RecordKind::kPut, payload});
}

absl::Status Delete(Records& records, const std::string& key) {
  return records.Stage({1, RecordKind::kDelete, EncodeDelete(key)});
}

// Bytes on disk: if this test fails, the code is wrong, not the bytes.
TEST(Records, HaveTheBytesThatTheDrawingSays) {
  EXPECT_EQ(EncodePut("key", "value"), std::string("\x03\0\0\0keyvalue", 12));
  EXPECT_EQ(EncodePut("", ""), std::string(4, '\0'));
  EXPECT_EQ(EncodeDelete("key"), "key");
}

Rows Scanned(const Records& records, const std::string& begin, const std::string& end, Layer layer, size_t most) {
  Rows rows;
  if (most == 0) return rows;
  records.Scan(begin, end, layer, [&](absl::string_view key, absl::string_view value) {
    rows.emplace_back(std::string(key), std::string(value));
    return rows.size() < most;
  });
  return rows;
}

Rows Expected(const Plain& plain, const std::string& begin, const std::string& end, size_t most) {
  Rows rows;
  for (const auto& [key, value] : plain) {
    if (key >= begin && key < end && rows.size() < most) rows.emplace_back(key, value);
  }
  return rows;
}

// Short keys from three bytes, the lowest and the highest among them, so that prefixes and ends collide.
std::string RandomKey(Random& random) {
  std::string key;
  for (uint64_t size = random.Below(4); size > 0; --size) key += std::string("\0a\xff", 3)[random.Below(3)];
  return key;
}

TEST(Records, ScanOfBothLayersAgreesWithAMap) {
  const Seed seed = TestSeed(201);
  SCOPED_TRACE(RerunWith(seed));
  Random random(seed);
  Records records;
  Plain durable, working;
  for (int step = 0; step < 20'000; ++step) {
    const std::string key = RandomKey(random);
    if (random.OneIn(1, 3)) {
      ASSERT_TRUE(IsOk(Delete(records, key)));
      working.erase(key);
    } else {
      working[key] = std::to_string(random.Below(100));
      ASSERT_TRUE(IsOk(Put(records, key, working[key])));
    }
    records.Keep();
    if (random.OneIn(1, 10)) {
      records.Seal();
      records.Publish();
      durable = working;
    }
    const std::string begin = RandomKey(random), end = RandomKey(random);
    const size_t most = random.Below(8);
    ASSERT_EQ(Scanned(records, begin, end, Layer::kWorking, most), Expected(working, begin, end, most)) << step;
    ASSERT_EQ(Scanned(records, begin, end, Layer::kDurable, most), Expected(durable, begin, end, most)) << step;
    const auto found = working.find(key);
    ASSERT_EQ(records.Get(key, Layer::kWorking),
              found == working.end() ? std::nullopt : std::make_optional(found->second));
  }
}

TEST(Records, KeysAndValuesMayBeAnyBytes) {
  Records records;
  const std::string key("k\0\xff", 3), value("\0", 1);
  ASSERT_TRUE(IsOk(Put(records, key, value)));
  ASSERT_TRUE(IsOk(Put(records, "", "the empty key")));
  EXPECT_EQ(records.Get(key, Layer::kWorking), value);
  EXPECT_EQ(records.Get("", Layer::kWorking), "the empty key");
  EXPECT_EQ(records.Get("k", Layer::kWorking), std::nullopt);
}

TEST(Records, RefusesARowThatIsCutShort) {
  const std::string payload = EncodePut("key", "");
  for (size_t size = 0; size < payload.size(); ++size) {
    Records records;
    EXPECT_TRUE(IsRefused(records.Stage({1, RecordKind::kPut, absl::string_view(payload).substr(0, size)}),
                          Reason::kJournalDamaged))
        << size;
  }
}

TEST(Records, DigestTellsOneRowFromAnotherAndNotHowTheyCame) {
  Records once, twice, shifted;
  ASSERT_TRUE(IsOk(Put(once, "a", "bc")));
  ASSERT_TRUE(IsOk(Put(twice, "z", "gone")));
  ASSERT_TRUE(IsOk(Put(twice, "a", "first")));
  twice.Keep();
  twice.Seal();
  twice.Publish();
  ASSERT_TRUE(IsOk(Delete(twice, "z")));
  ASSERT_TRUE(IsOk(Put(twice, "a", "bc")));
  ASSERT_TRUE(IsOk(Put(shifted, "ab", "c")));
  for (Records* records : {&once, &twice, &shifted}) {
    records->Keep();
    records->Seal();
    records->Publish();
  }
  EXPECT_EQ(once.Digest(), twice.Digest());
  EXPECT_NE(once.Digest(), shifted.Digest());
  EXPECT_NE(once.Digest(), once.NewEmpty()->Digest());
}

TEST(Records, StagedRowsAreNotInTheDigest) {
  Records records;
  const Sha256Digest empty = records.Digest();
  ASSERT_TRUE(IsOk(Put(records, "a", "b")));
  records.Keep();
  EXPECT_EQ(records.Digest(), empty);
  records.Discard();
  records.Seal();
  records.Publish();
  EXPECT_EQ(records.Digest(), empty);
}

}  // namespace
}  // namespace turnabout
