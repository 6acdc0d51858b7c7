// A CandidateSearch finds the givers for some receivers who live side by side: all of them, the nearest, or the best.
//
//   CandidateSearch search(index);
//   search.Begin(Area(receiver));           // or an area with up to kGroupMost people
//   search.Add(receiver, blocked);
//   search.Nearest(20, absl::MakeSpan(&found, 1));    // found[0].giver: the nearest who passes every hard criterion
//
// What it finds is what CheckPair and ScorePair say of each pair, in less time. A block of givers is looked at for
// everybody in the group while it is close at hand, then the next.
#ifndef TURNABOUT_MATCHER_CANDIDATES_SEARCH_H_
#define TURNABOUT_MATCHER_CANDIDATES_SEARCH_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "matcher/candidates/ask.h"
#include "matcher/candidates/index.h"
#include "matcher/candidates/neighbourhood.h"
#include "matcher/candidates/prices.h"
#include "matcher/candidates/scan.h"
#include "matcher/matcher.h"

namespace turnabout {

struct NearGiver {
  int32_t giver = 0;
  int64_t squared_decimetres = 0;
};

// `margin` is the score less the giver's price.
struct ScoredGiver {
  int32_t giver = 0;
  int32_t score = 0;
  int64_t margin = 0;
};

// What `Best` looks for, for one receiver.
struct Wanted {
  int32_t most = 0;          // givers
  int64_t margin_least = 0;  // nobody with a margin below this
  bool only_fell = false;    // only givers whose price fell
};

// How a search looks through the givers: FastScan, unless the plain one is required.
inline const ScanOps& ScanFor(const Means& means) { return means.plain_scan_required ? PlainScan() : FastScan(); }

// Not thread-safe: it works in a scratch of its own. Any number of searches may share an index.
class CandidateSearch {
 public:
  static constexpr int kGroupMost = 64;

  // REQUIRES: `index` outlives the search.
  explicit CandidateSearch(const CandidateIndex& index, const ScanOps& scan = FastScan());

  // Begins a new group. Everyone who is added to it lives in the area, which had better be small.
  void Begin(const Area& area);

  // Adds a receiver, who may not have the givers in `blocked`, themselves among them when they give.
  // REQUIRES: the group is below kGroupMost.
  void Add(const Traits& receiver, absl::Span<const int32_t> blocked);

  // Each of what follows fills in one result for each receiver of the group, in the order in which they were added.

  // How many givers pass every hard criterion.
  void Count(absl::Span<int64_t> counts);

  // All of them with their scores, in an order of the map; the margin is the score.
  void Scored(absl::Span<std::vector<ScoredGiver>> givers);

  // Of those who pass in person the nearest, nearest first, then in order.
  void Nearest(int32_t most, absl::Span<std::vector<NearGiver>> givers);

  // The givers of the largest margins, largest first, then in order. Prices: null when every giver's is 0. Only those
  // whom accept(n, giver) takes for the n-th receiver, which is asked about few; it may be asked about somebody who is
  // not found in the end.
  using Accept = absl::FunctionRef<bool(int n, const ScoredGiver&)>;
  void Best(absl::Span<const Wanted> wanted, const GiverPrices* prices, Accept accept,
            absl::Span<std::vector<ScoredGiver>> givers);

  // True when anybody's price fell who is within reach of the area, or helps by phone or online.
  bool AnyFell(const GiverPrices& prices);

  // Those who pass the distance and some other hard criteria, in order. Without the needs, those within reach.
  void Passing(Criteria criteria, absl::Span<std::vector<int32_t>> givers);

  // For the first of the group: how many givers pass every hard criterion in person but the distance, and whether any
  // giver passes some criteria, the distance not among them.
  int64_t CountAnywhere();
  bool AnyAnywhere(Criteria criteria);

  // For the first of the group, the square of the distance of the nearest who passes every hard criterion in person,
  // whatever their reach; -1 when there is none within the group's area.
  int64_t SquaredToNearest();

 private:
  // One receiver of the group.
  struct Asked {
    Ask ask;
    std::vector<int32_t> near_blocked;  // places among the blocks, sorted
    std::vector<int32_t> remote_blocked;
    size_t maybe_at = 0;
    int64_t below = 0;    // what a squared distance must be below
    ScoreSum budget = 0;  // Best: of the tile
  };

  // A block on the map as one receiver sees it.
  struct Part {
    Neighbourhood::Near near;
    Bounds bounds;
    const Mask* maybe = nullptr;  // givers whose reach may be long enough
    const Mask* sure = nullptr;   // givers whose reach is long enough; null: none
  };

  enum class Want : uint8_t { kTake, kLeaveOut, kStop };
  static Want Every(int, const Neighbourhood::Near&) { return Want::kTake; }

  // Blocks are looked at some at a time: enough that going through a plan once for all of them pays, few enough that
  // they stay close at hand, and that what the first ones held can still spare the next ones.
  static constexpr int kTileLeast = 2;
  static constexpr int kTileMost = 8;
  static constexpr int kTileOfNearest = 4;

  // The best givers so far.
  class Top;

  bool LookAt(Asked& asked, const Neighbourhood::Near& near, Part& part) const;
  template <typename Wants>
  Want Gather(int n, size_t begin, size_t end, Wants wants);
  void FilterTile(Asked& asked, int but);
  void KeepWithin(const Asked& asked, int at);
  template <typename Wants, typename See>
  void EachTile(size_t most, bool for_all, Wants wants, See see);
  template <typename Wants, typename See>
  void EachBlock(const GiverBlocks& blocks, const std::vector<int32_t>& blocked, const Ask& ask, Wants wants, See see);
  template <typename Wants, typename See>
  void EachRemoteBlock(const Asked& asked, Wants wants, See see) {
    EachBlock(index_.remote(), asked.remote_blocked, asked.ask, wants, see);
  }
  void AppendHits(const int32_t* givers, std::vector<ScoredGiver>& found) const;
  void OfferHits(const int32_t* givers, const int64_t* prices, Top& top);
  void BestNear(absl::Span<const Wanted> wanted, const GiverPrices* prices, absl::Span<Top> tops);
  void BestRemotely(Asked& asked, const Wanted& wanted, const GiverPrices* prices, Top& top);

  const CandidateIndex& index_;
  const ScanOps& scan_;
  std::vector<int64_t> reach_squares_;  // of the book's floors, and the limits that go with them
  std::vector<int64_t> reach_limits_;
  Neighbourhood hood_;
  std::vector<Asked> asked_;
  int count_ = 0;
  int tile_count_ = 0;
  Part tile_[kTileMost];
  Mask tile_lanes_[kTileMost];
  Hits hits_;
};

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_CANDIDATES_SEARCH_H_
