#include "matcher/candidates/search.h"

#include <algorithm>
#include <bit>

#include "base/check.h"

namespace turnabout {
namespace {

void Keep(const Mask& mask, Mask& lanes) {
  for (int i = 0; i < kMaskWords; ++i) lanes.words[i] &= mask.words[i];
}

template <typename See>
void EachLane(const Mask& lanes, See see) {
  for (int i = 0; i < kMaskWords; ++i) {
    for (uint64_t rest = lanes.words[i]; rest != 0; rest &= rest - 1) see(i * 64 + std::countr_zero(rest));
  }
}

// The places of some givers among `blocks`, sorted.
void FindPlaces(absl::Span<const int32_t> givers, const GiverBlocks& blocks, std::vector<int32_t>& places) {
  places.clear();
  for (const int32_t giver : givers) {
    if (blocks.place_of(giver) >= 0) places.push_back(blocks.place_of(giver));
  }
  std::sort(places.begin(), places.end());
}

// Takes the places that lie in a block out of its lanes.
void ClearPlaces(const std::vector<int32_t>& places, int32_t block, Mask& lanes) {
  const int32_t end = (block + 1) * kLanes;
  for (auto at = std::lower_bound(places.begin(), places.end(), block * kLanes); at != places.end() && *at < end;
       ++at) {
    lanes.words[*at % kLanes / 64] &= ~(uint64_t{1} << (*at % 64));
  }
}

}  // namespace

// Kept in order, the best first, at most so many.
class CandidateSearch::Top {
 public:
  Top(int n, const Wanted& wanted, Accept accept, std::vector<ScoredGiver>& found)
      : n_(n), wanted_(wanted), accept_(accept), found_(found) {
    found_.clear();
  }

  // The margin that a giver needs at least to come in.
  int64_t margin_needed() const {
    if (wanted_.most <= 0) return 2 * kPriceMost;  // nobody has that
    return full() ? found_.back().margin : wanted_.margin_least;
  }

  void Offer(const ScoredGiver& one) {
    const bool was_full = full();
    if ((was_full && !Before(one, found_.back())) || !accept_(n_, one)) return;
    if (was_full) found_.pop_back();
    found_.insert(std::upper_bound(found_.begin(), found_.end(), one, Before), one);
  }

 private:
  static bool Before(const ScoredGiver& a, const ScoredGiver& b) {
    return a.margin != b.margin ? a.margin > b.margin : a.giver < b.giver;
  }
  bool full() const { return static_cast<int32_t>(found_.size()) == wanted_.most; }

  const int n_;
  const Wanted wanted_;
  const Accept accept_;
  std::vector<ScoredGiver>& found_;
};

CandidateSearch::CandidateSearch(const CandidateIndex& index, const ScanOps& scan)
    : index_(index), scan_(scan), hood_(index.near()) {
  for (const int64_t metres : index.book().reach_floors()) {
    reach_squares_.push_back(100 * metres * metres);
    reach_limits_.push_back(SquaredLimit(metres));
  }
}

void CandidateSearch::Begin(const Area& area) {
  hood_.Start(area, index_.settings().distance_metres_max);
  count_ = 0;
}

void CandidateSearch::Add(const Traits& receiver, absl::Span<const int32_t> blocked) {
  TURNABOUT_CHECK(count_ < kGroupMost);
  if (count_ == static_cast<int>(asked_.size())) asked_.emplace_back();
  Asked& asked = asked_[count_++];
  asked.ask.Prepare(index_.book(), receiver, index_.settings());
  FindPlaces(blocked, index_.near(), asked.near_blocked);
  FindPlaces(blocked, index_.remote(), asked.remote_blocked);
}

// False when nobody in the block is near enough.
bool CandidateSearch::LookAt(Asked& asked, const Neighbourhood::Near& near, Part& part) const {
  part.near = near;
  part.bounds = SquaredBetween(asked.ask.place, index_.near().boxes(0)[near.block], near.cosines);
  if (part.bounds.least >= asked.below) return false;
  // Blocks come nearest first, so the right row is the last one or near it.
  size_t& maybe = asked.maybe_at;
  while (maybe + 1 < reach_squares_.size() && reach_squares_[maybe + 1] <= part.bounds.least) ++maybe;
  while (reach_squares_[maybe] > part.bounds.least) --maybe;
  const Mask* rows = index_.near().rows(near.block);
  part.maybe = rows + index_.book().reach(static_cast<int>(maybe));
  part.sure = nullptr;
  if (part.bounds.most >= asked.ask.limit) return true;
  size_t sure = maybe;
  while (sure < reach_limits_.size() && reach_limits_[sure] <= part.bounds.most) ++sure;
  if (sure < reach_limits_.size()) part.sure = rows + index_.book().reach(static_cast<int>(sure));
  return true;
}

// Puts those of the blocks from `begin` to `end` into the tile that the n-th receiver wants.
template <typename Wants>
CandidateSearch::Want CandidateSearch::Gather(int n, size_t begin, size_t end, Wants wants) {
  Asked& asked = asked_[n];
  tile_count_ = 0;
  for (size_t i = begin; i < end; ++i) {
    const Neighbourhood::Near& near = *hood_.At(i);
    if (near.squared_least >= asked.below) return Want::kStop;
    const Want want = wants(n, near);
    if (want == Want::kStop) return Want::kStop;
    if (want == Want::kTake && LookAt(asked, near, tile_[tile_count_])) ++tile_count_;
  }
  return Want::kTake;
}

// Calls see(n) with a tile of blocks for each receiver who needs help in person (or `for_all`), nearest first, of those
// near enough for which wants(n, near) says kTake, until that says kStop or there are no more. Tiles grow to `most`
// blocks: what the first blocks hold often spares most of the next ones.
template <typename Wants, typename See>
void CandidateSearch::EachTile(size_t most, bool for_all, Wants wants, See see) {
  int going[kGroupMost];
  int count = 0;
  for (int n = 0; n < count_; ++n) {
    Asked& asked = asked_[n];
    asked.maybe_at = 0;
    asked.below = asked.ask.limit;
    if (asked.ask.limit > 0 && (for_all || asked.ask.wants(Meet::kInPerson))) going[count++] = n;
  }
  size_t size = kTileLeast;
  for (size_t begin = 0; count > 0; begin += size, size = std::min(2 * size, most)) {
    size_t end = begin;
    while (end < begin + size && hood_.At(end) != nullptr) ++end;
    int still = 0;
    for (int i = 0; i < count; ++i) {
      const Want want = Gather(going[i], begin, end, wants);
      if (tile_count_ > 0) see(going[i]);
      if (want != Want::kStop && end == begin + size) going[still++] = going[i];
    }
    count = still;
  }
}

// What is left of a tile's blocks: who passes, is not blocked, and may have the reach.
void CandidateSearch::FilterTile(Asked& asked, int but) {
  const Mask* rows[kTileMost];
  for (int at = 0; at < tile_count_; ++at) rows[at] = index_.near().rows(tile_[at].near.block);
  scan_.filter(rows, tile_count_, asked.ask.plan(), but, tile_lanes_);
  for (int at = 0; at < tile_count_; ++at) {
    Keep(*tile_[at].maybe, tile_lanes_[at]);
    ClearPlaces(asked.near_blocked, tile_[at].near.block, tile_lanes_[at]);
  }
}

// After FilterTile: looks at the distances of those whose reach is not long enough for sure.
void CandidateSearch::KeepWithin(const Asked& asked, int at) {
  const Part& part = tile_[at];
  Mask look = tile_lanes_[at];
  Mask sure{};
  if (part.sure != nullptr) {
    sure = look;
    Keep(*part.sure, sure);
    for (int i = 0; i < kMaskWords; ++i) look.words[i] &= ~sure.words[i];
  }
  scan_.within(index_.near().places(part.near.block), asked.ask, look);
  for (int i = 0; i < kMaskWords; ++i) tile_lanes_[at].words[i] = sure.words[i] | look.words[i];
}

// Calls see(block, lanes) with each block that holds givers who pass and are not blocked, wherever they live, as the
// plan stands when it comes to that block; wants(block) may leave a block out.
template <typename Wants, typename See>
void CandidateSearch::EachBlock(const GiverBlocks& blocks, const std::vector<int32_t>& blocked, const Ask& ask,
                                Wants wants, See see) {
  for (int32_t n = 0; n < blocks.summary_count(); ++n) {
    Mask some;
    const Mask* summary = blocks.summary(n);
    scan_.filter(&summary, 1, ask.plan(), kNoClause, &some);
    EachLane(some, [&](int bit) {
      const int32_t block = n * kLanes + bit;
      if (block >= blocks.count() || !wants(block)) return;
      Mask lanes;
      const Mask* rows = blocks.rows(block);
      scan_.filter(&rows, 1, ask.plan(), kNoClause, &lanes);
      ClearPlaces(blocked, block, lanes);
      see(block, lanes);
    });
  }
}

void CandidateSearch::Count(absl::Span<int64_t> counts) {
  for (int n = 0; n < count_; ++n) {
    counts[n] = 0;
    asked_[n].ask.AskHard(Meet::kInPerson);
  }
  EachTile(kTileMost, false, Every, [&](int n) {
    FilterTile(asked_[n], asked_[n].ask.reach_clause(Meet::kRemotely));
    for (int at = 0; at < tile_count_; ++at) {
      KeepWithin(asked_[n], at);
      counts[n] += scan_.count(tile_lanes_[at]);
    }
  });
  for (int n = 0; n < count_; ++n) {
    Asked& asked = asked_[n];
    if (!asked.ask.wants(Meet::kRemotely)) continue;
    asked.ask.AskHard(Meet::kRemotely);
    EachRemoteBlock(
        asked, [](int32_t) { return true; }, [&](int32_t, const Mask& lanes) { counts[n] += scan_.count(lanes); });
  }
}

void CandidateSearch::AppendHits(const int32_t* givers, std::vector<ScoredGiver>& found) const {
  for (int i = 0; i < hits_.count; ++i) {
    found.push_back({givers[hits_.lanes[i]], hits_.scores[i], hits_.scores[i]});
  }
}

void CandidateSearch::Scored(absl::Span<std::vector<ScoredGiver>> givers) {
  const ScoreBar none;
  for (int n = 0; n < count_; ++n) {
    givers[n].clear();
    asked_[n].ask.AskHard(Meet::kInPerson);
  }
  EachTile(kTileMost, false, Every, [&](int n) {
    FilterTile(asked_[n], kNoClause);
    for (int at = 0; at < tile_count_; ++at) {
      const int32_t block = tile_[at].near.block;
      scan_.score(index_.near().rows(block), index_.near().places(block), asked_[n].ask, Meet::kInPerson,
                  tile_lanes_[at], none, kScoreMax, hits_);
      AppendHits(index_.near().givers(block), givers[n]);
    }
  });
  for (int n = 0; n < count_; ++n) {
    Asked& asked = asked_[n];
    if (!asked.ask.wants(Meet::kRemotely)) continue;
    asked.ask.AskHard(Meet::kRemotely);
    EachRemoteBlock(
        asked, [](int32_t) { return true; },
        [&](int32_t block, const Mask& lanes) {
          scan_.score(index_.remote().rows(block), index_.remote().places(block), asked.ask, Meet::kRemotely, lanes,
                      none, kScoreMax, hits_);
          AppendHits(index_.remote().givers(block), givers[n]);
        });
  }
}

void CandidateSearch::Passing(Criteria criteria, absl::Span<std::vector<int32_t>> givers) {
  const bool needs = (criteria & CriterionOf(Hard::kNeeds)) != 0;
  for (int n = 0; n < count_; ++n) {
    givers[n].clear();
    asked_[n].ask.AskHard(Meet::kInPerson, criteria);
  }
  EachTile(kTileMost, !needs, Every, [&](int n) {
    FilterTile(asked_[n], needs ? asked_[n].ask.reach_clause(Meet::kRemotely) : kNoClause);
    for (int at = 0; at < tile_count_; ++at) {
      KeepWithin(asked_[n], at);
      const int32_t* block = index_.near().givers(tile_[at].near.block);
      EachLane(tile_lanes_[at], [&](int lane) { givers[n].push_back(block[lane]); });
    }
  });
  for (int n = 0; n < count_; ++n) {
    Asked& asked = asked_[n];
    if (needs && asked.ask.wants(Meet::kRemotely)) {
      asked.ask.AskHard(Meet::kRemotely, criteria);
      EachRemoteBlock(
          asked, [](int32_t) { return true; },
          [&](int32_t block, const Mask& lanes) {
            EachLane(lanes, [&](int lane) { givers[n].push_back(index_.remote().givers(block)[lane]); });
          });
    }
    std::sort(givers[n].begin(), givers[n].end());
  }
}

void CandidateSearch::Nearest(int32_t most, absl::Span<std::vector<NearGiver>> givers) {
  for (int n = 0; n < count_; ++n) {
    givers[n].clear();
    asked_[n].ask.AskHard(Meet::kInPerson);
  }
  if (most <= 0) return;
  const auto before = [](const NearGiver& a, const NearGiver& b) {
    return a.squared_decimetres != b.squared_decimetres ? a.squared_decimetres < b.squared_decimetres
                                                        : a.giver < b.giver;
  };
  EachTile(kTileOfNearest, false, Every, [&](int n) {
    Asked& asked = asked_[n];
    std::vector<NearGiver>& found = givers[n];
    FilterTile(asked, kNoClause);
    for (int at = 0; at < tile_count_; ++at) {
      const int32_t block = tile_[at].near.block;
      scan_.measure(index_.near().places(block), asked.ask, tile_lanes_[at], asked.below, hits_);
      for (int i = 0; i < hits_.count; ++i) {
        const NearGiver one{index_.near().givers(block)[hits_.lanes[i]], hits_.squared[i]};
        if (static_cast<int32_t>(found.size()) == most) {
          if (!before(one, found.back())) continue;
          found.pop_back();
        }
        found.insert(std::upper_bound(found.begin(), found.end(), one, before), one);
      }
      if (static_cast<int32_t>(found.size()) == most) asked.below = found.back().squared_decimetres + 1;
    }
  });
}

void CandidateSearch::OfferHits(const int32_t* givers, const int64_t* prices, Top& top) {
  for (int i = 0; i < hits_.count; ++i) {
    const int lane = hits_.lanes[i];
    top.Offer({givers[lane], hits_.scores[i], hits_.scores[i] - (prices == nullptr ? 0 : prices[lane])});
  }
}

void CandidateSearch::BestNear(absl::Span<const Wanted> wanted, const GiverPrices* prices, absl::Span<Top> tops) {
  for (int n = 0; n < count_; ++n) asked_[n].ask.AskHard(Meet::kInPerson);
  // The most that the score for the distance can be, from the most that it can be in person.
  const auto distance_most = [&](int n, int32_t in_person) {
    return asked_[n].ask.wants(Meet::kRemotely) ? std::max(in_person, kRemoteScore) : in_person;
  };
  // By how much a giver's sum can be beyond what is needed at most, when their price is `price`.
  const auto beyond = [&](int n, int32_t in_person, int64_t price) {
    const Ask& ask = asked_[n].ask;
    return ask.most(Meet::kInPerson) + ask.distance_weight() * distance_most(n, in_person) -
           ask.SumFor(tops[n].margin_needed() + price);
  };
  const auto wants = [&](int n, const Neighbourhood::Near& near) {
    if (beyond(n, near.score_most, prices == nullptr ? 0 : prices->least()) < 0)
      return Want::kStop;  // less further away
    if (wanted[n].only_fell && !prices->near().any_fell(near.block)) return Want::kLeaveOut;
    const ScoreSum here = beyond(n, near.score_most, prices == nullptr ? 0 : prices->near().least(near.block));
    if (here < 0) return Want::kLeaveOut;
    asked_[n].budget = tile_count_ == 0 ? here : std::max(asked_[n].budget, here);
    return Want::kTake;
  };
  EachTile(kTileMost, false, wants, [&](int n) {
    Asked& asked = asked_[n];
    asked.ask.AskScore(Meet::kInPerson, asked.budget);
    FilterTile(asked, kNoClause);
    for (int at = 0; at < tile_count_; ++at) {
      const int32_t block = tile_[at].near.block;
      if (wanted[n].only_fell) Keep(prices->near().fell(block), tile_lanes_[at]);
      const ScoreBar bar{tops[n].margin_needed(), prices == nullptr ? nullptr : prices->near().lanes(block)};
      scan_.score(index_.near().rows(block), index_.near().places(block), asked.ask, Meet::kInPerson, tile_lanes_[at],
                  bar, distance_most(n, tile_[at].near.score_most), hits_);
      OfferHits(index_.near().givers(block), bar.prices, tops[n]);
    }
  });
}

void CandidateSearch::BestRemotely(Asked& asked, const Wanted& wanted, const GiverPrices* prices, Top& top) {
  Ask& ask = asked.ask;
  const auto beyond = [&](int64_t price) {
    return ask.most(Meet::kRemotely) + ask.distance_weight() * kRemoteScore - ask.SumFor(top.margin_needed() + price);
  };
  const ScoreSum anywhere = beyond(prices == nullptr ? 0 : prices->least());
  if (anywhere < 0 || (wanted.only_fell && !prices->remote().any_fell())) return;
  ask.AskHard(Meet::kRemotely);
  ask.AskScore(Meet::kRemotely, anywhere);
  const auto wants = [&](int32_t block) {
    if (wanted.only_fell && !prices->remote().any_fell(block)) return false;
    const ScoreSum here = beyond(prices == nullptr ? 0 : prices->remote().least(block));
    if (here >= 0) ask.AskScore(Meet::kRemotely, here);
    return here >= 0;
  };
  EachRemoteBlock(asked, wants, [&](int32_t block, Mask& lanes) {
    if (wanted.only_fell) Keep(prices->remote().fell(block), lanes);
    const ScoreBar bar{top.margin_needed(), prices == nullptr ? nullptr : prices->remote().lanes(block)};
    scan_.score(index_.remote().rows(block), index_.remote().places(block), ask, Meet::kRemotely, lanes, bar,
                kRemoteScore, hits_);
    OfferHits(index_.remote().givers(block), bar.prices, top);
  });
}

void CandidateSearch::Best(absl::Span<const Wanted> wanted, const GiverPrices* prices, Accept accept,
                           absl::Span<std::vector<ScoredGiver>> givers) {
  std::vector<Top> tops;
  tops.reserve(count_);
  for (int n = 0; n < count_; ++n) tops.emplace_back(n, wanted[n], accept, givers[n]);
  BestNear(wanted, prices, absl::MakeSpan(tops));
  for (int n = 0; n < count_; ++n) {
    if (asked_[n].ask.wants(Meet::kRemotely)) BestRemotely(asked_[n], wanted[n], prices, tops[n]);
  }
}

bool CandidateSearch::AnyFell(const GiverPrices& prices) {
  if (prices.remote().any_fell()) return true;
  for (size_t i = 0; prices.near().any_fell(); ++i) {
    const Neighbourhood::Near* near = hood_.At(i);
    if (near == nullptr) return false;
    if (prices.near().any_fell(near->block)) return true;
  }
  return false;
}

int64_t CandidateSearch::CountAnywhere() {
  Asked& asked = asked_[0];
  int64_t count = 0;
  asked.ask.AskHard(Meet::kInPerson);
  EachBlock(
      index_.near(), asked.near_blocked, asked.ask, [](int32_t) { return true; },
      [&](int32_t, const Mask& lanes) { count += scan_.count(lanes); });
  return count;
}

bool CandidateSearch::AnyAnywhere(Criteria criteria) {
  Asked& asked = asked_[0];
  bool any = false;
  for (const Meet meet : {Meet::kInPerson, Meet::kRemotely}) {
    asked.ask.AskHard(meet, criteria);
    EachBlock(
        index_.near(), asked.near_blocked, asked.ask, [&](int32_t) { return !any; },
        [&](int32_t, const Mask& lanes) { any = any || scan_.count(lanes) > 0; });
  }
  return any;
}

int64_t CandidateSearch::SquaredToNearest() {
  Asked& asked = asked_[0];
  int64_t nearest = -1;
  const auto wants = [&](int, const Neighbourhood::Near& near) {
    return nearest >= 0 && near.squared_least >= nearest ? Want::kStop : Want::kTake;
  };
  asked.ask.AskHard(Meet::kInPerson);
  EachTile(kTileOfNearest, false, wants, [&](int n) {
    if (n != 0) return;
    const Mask* rows[kTileOfNearest];
    for (int at = 0; at < tile_count_; ++at) rows[at] = index_.near().rows(tile_[at].near.block);
    scan_.filter(rows, tile_count_, asked.ask.plan(), kNoClause, tile_lanes_);
    for (int at = 0; at < tile_count_; ++at) {
      const int32_t block = tile_[at].near.block;
      ClearPlaces(asked.near_blocked, block, tile_lanes_[at]);
      Keep(index_.near().rows(block)[index_.book().reach(0)], tile_lanes_[at]);  // those with a place
      EachLane(tile_lanes_[at], [&](int lane) {
        const int64_t squared = SquaredDecimetres(index_.near().places(block).at(lane), asked.ask.place);
        if (nearest < 0 || squared < nearest) nearest = squared;
      });
    }
  });
  return nearest;
}

}  // namespace turnabout
