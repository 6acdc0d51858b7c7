#include "matcher/assign/fair_clearing.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/status_macros.h"

namespace turnabout {
namespace {

// A bonus is never so large that fewer bits than these are left for the lottery.
constexpr int kTicketBitsKept = 16;

// One clearing, and what it comes to.
struct Tried {
  ClearingResult cleared;
  std::vector<int64_t> bonus_days;
  std::vector<int64_t> served;  // by group
  int64_t waiting_days = 0;
  int64_t missing = 0;  // from floors, all together
};

class FairSearch {
 public:
  FairSearch(Instance& instance, const EligibleRows& rows, const FairOptions& options, Meter& meter)
      : instance_(instance), rows_(rows), options_(options), meter_(meter), groups_(instance.settings->groups.size()) {
    for (const Person& person : instance.pool->people) {
      for (size_t n = 0; n < groups_.size(); ++n) {
        if ((person.groups >> n & 1) == 0) continue;
        ++groups_[n].people;
        groups_[n].waiting += person.receive_need > 0;
      }
    }
    for (size_t n = 0; n < groups_.size(); ++n) {
      const int64_t share = groups_[n].waiting * instance.settings->groups[n].floor_per_mille;
      groups_[n].floor = (share + kFloorPerMilleMax - 1) / kFloorPerMilleMax;
    }
  }

  absl::StatusOr<FairResult> Run() {
    ASSIGN_OR_RETURN(Tried now, Try(std::vector<int64_t>(groups_.size(), 0)));
    best_ = now;
    if (best_.missing > 0) FindMostDays();
    for (bool raised = true; raised && best_.missing > 0 && most_days_ > 0;) {
      raised = false;
      for (size_t n = 0; n < groups_.size() && CanTry(); ++n) {
        if (now.served[n] >= groups_[n].floor || now.bonus_days[n] >= most_days_) continue;
        ASSIGN_OR_RETURN(now, Raise(n, std::move(now)));
        raised = true;
      }
    }
    return Result();
  }

 private:
  bool CanTry() const {
    const int64_t people = std::ssize(instance_.pool->people) * (clearings_ + 1);
    return clearings_ < options_.clearings_most && (clearings_ < kClearingsLeast || people <= options_.people_most);
  }

  absl::StatusOr<Tried> Try(const std::vector<int64_t>& bonus_days) {
    Tried tried;
    tried.bonus_days = bonus_days;
    RETURN_IF_ERROR(SetBonusDays(bonus_days, instance_));
    ASSIGN_OR_RETURN(tried.cleared, Clear(instance_, rows_, options_.clearing, meter_));
    ++clearings_;
    tried.served.resize(groups_.size());
    int32_t last = kNobody;
    for (const PoolPair& pair : tried.cleared.pairs) {
      if (std::exchange(last, pair.receiver) == pair.receiver) continue;
      const Receiver& receiver = instance_.receivers[pair.receiver];
      tried.waiting_days += receiver.waiting_days;
      const uint32_t groups = instance_.pool->people[receiver.person].groups;
      for (size_t n = 0; n < groups_.size(); ++n) tried.served[n] += groups >> n & 1;
    }
    for (size_t n = 0; n < groups_.size(); ++n) {
      tried.missing += std::max<int64_t>(0, groups_[n].floor - tried.served[n]);
    }
    // Of two that are as good the later one has the larger bonuses, and so the tighter bound.
    if (std::tuple(tried.missing, -tried.waiting_days) <= std::tuple(best_.missing, -best_.waiting_days)) {
      best_ = tried;
    }
    return tried;
  }

  // With one day more than all there are, no sum of waiting days outweighs one person of the group; or as near to that
  // as fits.
  void FindMostDays() {
    int64_t all = 1;
    for (const Receiver& receiver : instance_.receivers) all += receiver.waiting_days;
    for (most_days_ = all; most_days_ > 0; most_days_ /= 2) {
      std::vector<int64_t> bonus_days;
      for (const GroupShare& group : groups_) bonus_days.push_back(group.floor > 0 ? most_days_ : 0);
      const absl::StatusOr<Objective> objective = Objective::Make(Objective::BoundsOf(*instance_.pool, bonus_days));
      if (objective.ok() && objective->ticket_bits() >= kTicketBitsKept) return;
    }
  }

  // What a clearing is worth in days without what group n adds.
  int64_t DaysBut(size_t n, const Tried& tried) const {
    int64_t days = tried.waiting_days;
    for (size_t other = 0; other < groups_.size(); ++other) {
      if (other != n) days += tried.bonus_days[other] * tried.served[other];
    }
    return days;
  }

  // The clearing with the smallest bonus for group n that meets its floor, others as they are in `low`; or with the
  // largest bonus when none does.
  absl::StatusOr<Tried> Raise(size_t n, Tried low) {
    std::vector<int64_t> bonus_days = low.bonus_days;
    bonus_days[n] = most_days_;
    ASSIGN_OR_RETURN(Tried high, Try(bonus_days));
    if (high.served[n] < groups_[n].floor) return high;
    for (int step = 1; high.bonus_days[n] - low.bonus_days[n] > 1 && CanTry(); ++step) {
      // Where `high` becomes better than `low`; now and then half way, so that it never takes long.
      const int64_t apart = high.served[n] - low.served[n];
      const int64_t crossing = (DaysBut(n, low) - DaysBut(n, high)) / apart + 1;
      const int64_t half_way = low.bonus_days[n] + (high.bonus_days[n] - low.bonus_days[n]) / 2;
      bonus_days[n] = std::clamp(step % 4 == 0 ? half_way : crossing, low.bonus_days[n] + 1, high.bonus_days[n] - 1);
      ASSIGN_OR_RETURN(Tried between, Try(bonus_days));
      (between.served[n] < groups_[n].floor ? low : high) = std::move(between);
    }
    return high;
  }

  absl::StatusOr<FairResult> Result() {
    RETURN_IF_ERROR(SetBonusDays(best_.bonus_days, instance_));
    FairResult result;
    result.waiting_days_bound = best_.waiting_days;
    for (size_t n = 0; n < groups_.size(); ++n) {
      groups_[n].served = best_.served[n];
      groups_[n].bonus_days = best_.bonus_days[n];
      result.waiting_days_bound += groups_[n].bonus_days * (groups_[n].served - groups_[n].floor);
    }
    result.groups = std::move(groups_);
    result.cleared = std::move(best_.cleared);
    result.clearings = clearings_;
    return result;
  }

  Instance& instance_;
  const EligibleRows& rows_;
  const FairOptions& options_;
  Meter& meter_;
  std::vector<GroupShare> groups_;
  int64_t most_days_ = 0;
  int clearings_ = 0;
  Tried best_;
};

}  // namespace

absl::StatusOr<FairResult> ClearFairly(Instance& instance, const EligibleRows& rows, const FairOptions& options,
                                       Meter& meter) {
  return FairSearch(instance, rows, options, meter).Run();
}

}  // namespace turnabout
