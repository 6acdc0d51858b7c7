// An Overlay against plain maps: `durable` is what readers see, `sealed` what is being written, `working` what the
// writer sees.
#include "store/projection/overlay.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "base/seed.h"
#include "tests/support/seed.h"

namespace turnabout {
namespace {

using Plain = std::map<int, std::string>;
using Ordered = Overlay<absl::btree_map<int, std::string>, absl::btree_map<int, std::optional<std::string>>>;
using Hashed = Overlay<absl::flat_hash_map<int, std::string>, absl::flat_hash_map<int, std::optional<std::string>>>;

constexpr int kKeys = 12;

template <typename Map>
Plain LayerOf(const Map& overlay, Layer layer) {
  Plain plain;
  for (int key = 0; key < kKeys; ++key) {
    if (const std::string* value = overlay.Find(key, layer)) plain[key] = *value;
  }
  return plain;
}

// One random change or end of a command or group, made to the overlay and to the three plain maps alike.
template <typename Map>
struct Twin {
  Map overlay;
  Plain durable, sealed, kept, working;
  bool is_sealed = false;

  void Step(Random& random) {
    const int key = static_cast<int>(random.Below(kKeys));
    switch (random.Below(12)) {
      case 0:
        overlay.Keep();
        kept = working;
        break;
      case 1:
        overlay.Drop();
        working = kept;
        break;
      case 2:  // what was not kept is dropped first, as the store does
        if (is_sealed) {
          overlay.Publish();
          durable = sealed;
        } else {
          overlay.Drop();
          overlay.Seal();
          sealed = working = kept;
        }
        is_sealed = !is_sealed;
        break;
      case 3:
        overlay.Drop();
        overlay.Discard();
        is_sealed = false;
        kept = working = durable;
        break;
      case 4:
      case 5:
      case 6:
        overlay.Erase(key);
        working.erase(key);
        break;
      default:
        working[key] = std::to_string(random.Below(1000));
        overlay.Put(key, working[key]);
    }
  }
};

template <typename Map>
void ExpectAgreesWithPlainMaps(Seed seed) {
  SCOPED_TRACE(RerunWith(seed));
  Random random(seed);
  Twin<Map> twin;
  for (int step = 0; step < 20'000; ++step) {
    twin.Step(random);
    ASSERT_EQ(LayerOf(twin.overlay, Layer::kWorking), twin.working) << "step " << step;
    ASSERT_EQ(LayerOf(twin.overlay, Layer::kDurable), twin.durable) << "step " << step;
  }
}

TEST(Overlay, OrderedAgreesWithPlainMaps) { ExpectAgreesWithPlainMaps<Ordered>(TestSeed(101)); }
TEST(Overlay, HashedAgreesWithPlainMaps) { ExpectAgreesWithPlainMaps<Hashed>(TestSeed(102)); }

TEST(Overlay, DropBringsBackWhatAnEarlierCommandOfTheGroupStaged) {
  Ordered overlay;
  overlay.Put(1, "first");
  overlay.Keep();
  overlay.Put(1, "second");
  overlay.Erase(1);
  overlay.Put(1, "third");
  overlay.Drop();
  ASSERT_NE(overlay.Find(1, Layer::kWorking), nullptr);
  EXPECT_EQ(*overlay.Find(1, Layer::kWorking), "first");
  EXPECT_EQ(overlay.Find(1, Layer::kDurable), nullptr);
}

TEST(Overlay, AnErasedKeyHidesTheDurableOneUntilItIsPublished) {
  Hashed overlay;
  overlay.Put(1, "here");
  overlay.Keep();
  overlay.Seal();
  overlay.Publish();
  overlay.Erase(1);
  overlay.Keep();
  overlay.Seal();
  EXPECT_EQ(overlay.Find(1, Layer::kWorking), nullptr);
  ASSERT_NE(overlay.Find(1, Layer::kDurable), nullptr);
  overlay.Publish();
  EXPECT_EQ(overlay.Find(1, Layer::kDurable), nullptr);
  EXPECT_TRUE(overlay.base().empty());
  EXPECT_TRUE(overlay.sealed().empty());
}

}  // namespace
}  // namespace turnabout
