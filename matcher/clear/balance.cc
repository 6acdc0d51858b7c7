#include "matcher/clear/balance.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "absl/functional/function_ref.h"
#include "base/crew.h"
#include "matcher/clear/parallel.h"

namespace turnabout::clear {
namespace {

// Fewer members are quicker as one part.
constexpr int32_t kMembersInParts = 8'192;
constexpr int kParts = 2;
// Parts do not help where more than one arc in so many crosses.
constexpr int64_t kOneCrosses = 12;

// True when all that could be given is less than all that could be received.
template <typename Weight>
bool IsGivingScarce(const Network<Weight>& network) {
  int64_t given = 0;
  int64_t received = 0;
  for (int32_t i = 0; i < network.members(); ++i) {
    const int64_t give = std::min(network.capacity[i], network.give[i].count);
    given += give;
    received += std::min<int64_t>(std::min(network.need[i], network.receive[i].count), give + network.allowance[i]);
  }
  return given < received;
}

// Prices at which every giver would give all they can, and receivers could do as well without: then there is one search
// for each turn that could be given, and it ends soon. The other way round, each turn that nobody is left to give takes
// a search through everybody who could pass one on.
template <typename Weight>
void LetGiversAsk(Network<Weight>& network) {
  for (int32_t v = 0; v < network.members(); ++v) {
    if (network.receive[v].count > 0) network.receive_price[v] = -network.bonus[v];
  }
  for (int32_t u = 0; u < network.members(); ++u) {
    const Arc<Weight>* arc = network.OutArcs(u);
    for (const Arc<Weight>* const end = arc + network.give[u].count; arc != end; ++arc) {
      const Wide most = (static_cast<Wide>(arc->weight) + 1) << network.levels.shift;
      network.give_price[u] = std::max(network.give_price[u], most - network.receive_price[arc->member]);
    }
  }
}

// A member whose lists are cut short, and how long they are.
struct Cut {
  int32_t member;
  int32_t in_count;
  int32_t out_count;
};

// Moves what leaves the range to the end of the lists of its members, and cuts it off.
template <typename Weight>
std::vector<Cut> CutLists(Network<Weight>& network, Range range) {
  std::vector<Cut> cuts;
  const auto within = [&](const Arc<Weight>& arc) { return range.holds(arc.member); };
  const auto cut = [&](Arc<Weight>* arcs, Side& side) {
    Arc<Weight>* const end = arcs + side.count;
    if (std::all_of(arcs, end, within)) return;
    side.count = static_cast<int32_t>(std::stable_partition(arcs, end, within) - arcs);
  };
  for (int32_t i = range.begin; i < range.end; ++i) {
    const Cut whole{i, network.receive[i].count, network.give[i].count};
    cut(network.InArcs(i), network.receive[i]);
    cut(network.OutArcs(i), network.give[i]);
    if (network.receive[i].count < whole.in_count || network.give[i].count < whole.out_count) cuts.push_back(whole);
  }
  return cuts;
}

template <typename Weight>
void MakeWhole(Network<Weight>& network, const std::vector<Cut>& cuts) {
  for (const Cut& cut : cuts) {
    network.receive[cut.member].count = cut.in_count;
    network.give[cut.member].count = cut.out_count;
  }
}

template <typename Weight>
int64_t CrossingArcs(const Network<Weight>& network, const std::vector<Cut>& cuts) {
  int64_t crossing = 0;
  for (const Cut& cut : cuts) crossing += cut.in_count - network.receive[cut.member].count;
  return crossing;
}

template <typename Weight>
class Balancer {
 public:
  Balancer(Network<Weight>& network, int threads, const KeepGoing& keep_going)
      : network_(network),
        threads_(threads),
        parts_(network.members() >= kMembersInParts ? kParts : 1),
        keep_going_(keep_going) {}

  bool Run(BalanceCounts& counts) {
    if (network_.complete && IsGivingScarce(network_)) LetGiversAsk(network_);
    Repair<Weight> whole(network_);
    if (!MakeParts()) {
      for (int32_t i = 0; i < network_.members(); ++i) whole.Settle(i);
      const bool done = whole.Run(keep_going_);
      counts = {whole.search().searches(), whole.search().visits(), 0};
      return done;
    }
    std::vector<BalanceCounts> of_part(parts_);
    EachPart([&](int64_t part) {
      Repair<Weight> repair(network_);
      const Range range = PartOf(network_.members(), parts_, part);
      for (int32_t i = range.begin; i < range.end; ++i) repair.Settle(i);
      repair.Run([&](int64_t done, int64_t of) { return KeepsGoing(done * parts_, of * parts_); });
      of_part[part] = {repair.search().searches(), repair.search().visits(), 0};
    });
    for (const std::vector<Cut>& cuts : cuts_) MakeWhole(network_, cuts);
    if (!KeepsGoing(0, 1)) return false;
    for (const std::vector<Cut>& cuts : cuts_) {
      for (const Cut& cut : cuts) whole.Reopen(cut.member);
      for (const Cut& cut : cuts) whole.Settle(cut.member);
    }
    const bool done = whole.Run(keep_going_);
    counts = {whole.search().searches(), whole.search().visits(), whole.search().searches()};
    for (const BalanceCounts& part : of_part) {
      counts.searches += part.searches;
      counts.visits += part.visits;
    }
    return done;
  }

 private:
  // The caller's own thread asks, and the others hear of it.
  bool KeepsGoing(int64_t done, int64_t of) {
    if (!stopped_ && keep_going_ && std::this_thread::get_id() == caller_ && !keep_going_(done, of)) stopped_ = true;
    return !stopped_;
  }

  void EachPart(absl::FunctionRef<void(int64_t part)> work) {
    InParts(threads_, parts_, [&](int, int64_t part) {
      work(part);
      return true;
    });
  }

  // False when the network is better solved as a whole, which it is then.
  bool MakeParts() {
    if (parts_ == 1) return false;
    cuts_.resize(parts_);
    EachPart([&](int64_t part) { cuts_[part] = CutLists(network_, PartOf(network_.members(), parts_, part)); });
    int64_t crossing = 0;
    for (const std::vector<Cut>& cuts : cuts_) crossing += CrossingArcs(network_, cuts);
    if (crossing * kOneCrosses <= static_cast<int64_t>(network_.in.size())) return true;
    for (const std::vector<Cut>& cuts : cuts_) MakeWhole(network_, cuts);
    return false;
  }

  Network<Weight>& network_;
  const int threads_;
  const int parts_;
  const KeepGoing& keep_going_;
  const std::thread::id caller_ = std::this_thread::get_id();
  std::atomic<bool> stopped_ = false;
  std::vector<std::vector<Cut>> cuts_;  // by part
};

}  // namespace

template <typename Weight>
bool BalanceFromNothing(Network<Weight>& network, int threads, const KeepGoing& keep_going, BalanceCounts& counts) {
  return Balancer<Weight>(network, threads, keep_going).Run(counts);
}

template bool BalanceFromNothing(Network<int32_t>&, int, const KeepGoing&, BalanceCounts&);
template bool BalanceFromNothing(Network<int64_t>&, int, const KeepGoing&, BalanceCounts&);

}  // namespace turnabout::clear
