#include "server/app/group_report.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/app/books_suppression.h"

namespace turnabout {
namespace {

bool TooFew(int64_t people) { return people > 0 && people < static_cast<int64_t>(kPeopleMin); }

std::string People(int64_t count) { return count == 1 ? "1 person" : absl::StrCat(count, " people"); }
std::string Days(int64_t count) { return count == 1 ? "1 day" : absl::StrCat(count, " days"); }

int32_t PerMille(int64_t part, int64_t whole) { return whole == 0 ? 0 : static_cast<int32_t>(part * 1000 / whole); }

// 304 as "30.4%", 300 as "30%".
std::string Percent(int32_t per_mille) {
  const std::string rest = per_mille % 10 == 0 ? "" : absl::StrCat(".", per_mille % 10);
  return absl::StrCat(per_mille / 10, rest, "%");
}

// Groups by how they lie in each other. Group number `count` is all people.
class Nesting {
 public:
  Nesting(const std::vector<uint32_t>& people, size_t count) : people_(people), both_(count + 1) {
    for (std::vector<int64_t>& row : both_) row.resize(count + 1);
    for (const uint32_t groups : people) {
      for (size_t a = 0; a <= count; ++a) {
        for (size_t b = 0; Has(groups, a) && b <= count; ++b) both_[a][b] += Has(groups, b);
      }
    }
  }

  size_t all() const { return both_.size() - 1; }
  int64_t size(size_t n) const { return both_[n][n]; }
  bool IsInside(size_t inner, size_t outer) const {
    return both_[inner][outer] == size(inner) && size(inner) < size(outer);
  }
  // How many of `outer` are in none of `inner`.
  int64_t Left(size_t outer, const std::vector<size_t>& inner) const {
    uint64_t any = 0;
    for (const size_t n : inner) any |= uint64_t{1} << n;
    return std::count_if(people_.begin(), people_.end(),
                         [&](uint32_t groups) { return Has(groups, outer) && (groups & any) == 0; });
  }

 private:
  bool Has(uint32_t groups, size_t n) const { return n == all() || (groups >> n & 1) != 0; }

  const std::vector<uint32_t>& people_;
  std::vector<std::vector<int64_t>> both_;
};

// The group to hide next, or nesting.all() when nothing that is shown tells on anybody.
size_t NextToHide(const Nesting& nesting, const std::vector<bool>& shown) {
  for (size_t outer = nesting.all() + 1; outer-- > 0;) {
    if (outer != nesting.all() && !shown[outer]) continue;
    if (outer != nesting.all() && TooFew(nesting.size(outer))) return outer;
    std::vector<size_t> inner;
    for (size_t n = 0; n < nesting.all(); ++n) {
      if (shown[n] && nesting.size(n) > 0 && nesting.IsInside(n, outer)) inner.push_back(n);
    }
    std::stable_sort(inner.begin(), inner.end(), [&](size_t a, size_t b) { return nesting.size(a) < nesting.size(b); });
    for (const size_t n : inner) {
      if (TooFew(nesting.size(outer) - nesting.size(n))) return n;
    }
    if (!inner.empty() && TooFew(nesting.Left(outer, inner))) return inner.front();
  }
  return nesting.all();
}

std::string FloorSentence(const GroupShare& share, bool alone, const Round& found) {
  if (share.floor == 0) return "";
  const std::string floor = absl::StrCat(" The floor is ", People(share.floor));
  if (share.served >= share.floor) {
    if (share.bonus_days == 0) return floor + ", and it is met.";
    return absl::StrCat(floor, ", and it is met because each of them counts as having waited ", Days(share.bonus_days),
                        " longer.");
  }
  const std::string missing = absl::StrCat(floor, ", and ", share.floor - share.served, " are missing.");
  // With no other bonus, one person more would outweigh all the days that this round's people waited.
  if (alone && share.bonus_days > found.value.waiting_days) {
    return missing + " No round that gives as many people a buddy, as many of them urgent, gives one to more of them.";
  }
  return missing;
}

std::string FloorsSentence(const Round& found) {
  const bool floors =
      std::any_of(found.groups.begin(), found.groups.end(), [](const GroupShare& each) { return each.floor > 0; });
  if (!floors) return "";
  const bool met = std::all_of(found.groups.begin(), found.groups.end(),
                               [](const GroupShare& each) { return each.served >= each.floor; });
  if (found.waiting_days_bound < 0) {
    return "No round that gives as many people a buddy, as many of them urgent, meets every floor. That is proven. "
           "This one comes as near as was found.";
  }
  if (!met) {
    return "Not every floor is met. Whether another round could meet them all is not proven; this one comes as near as "
           "was found.";
  }
  const int64_t gap = found.waiting_days_bound - found.value.waiting_days;
  return gap == 0
             ? "Every floor is met, and no round that meets them has people who have waited longer. That is proven."
             : absl::StrCat(
                   "Every floor is met. Among rounds that meet them, the people of the best have waited at "
                   "most ",
                   Days(gap), " more, all together. That is proven.");
}

}  // namespace

std::vector<bool> MayShow(const std::vector<uint32_t>& people, size_t count) {
  const Nesting nesting(people, count);
  std::vector<bool> shown(count, true);
  for (size_t hide = NextToHide(nesting, shown); hide != nesting.all(); hide = NextToHide(nesting, shown)) {
    shown[hide] = false;
  }
  return shown;
}

void FillGroupShares(const Pool& pool, const v1::RuleSet& rules, const Round& found, v1::Round& round) {
  std::vector<uint32_t> members, waiting;
  for (const Person& person : pool.people) {
    members.push_back(person.groups);
    if (person.receive_need > 0) waiting.push_back(person.groups);
  }
  const std::vector<bool> show_members = MayShow(members, found.groups.size());
  const std::vector<bool> show_waiting = MayShow(waiting, found.groups.size());
  const auto with_bonus = std::count_if(found.groups.begin(), found.groups.end(),
                                        [](const GroupShare& each) { return each.bonus_days > 0; });
  for (size_t n = 0; n < found.groups.size(); ++n) {
    const GroupShare& share = found.groups[n];
    const v1::RuleSet::Group& group = rules.groups(static_cast<int>(n));
    v1::Round::GroupShare& api = *round.add_group_shares();
    api.set_group(group.id());
    api.set_display_name(group.display_name());
    api.set_population_count(group.population_count());
    api.set_floor_per_mille(group.floor_per_mille());
    api.set_suppressed(!show_members[n] || !show_waiting[n]);
    if (api.suppressed()) {
      api.set_sentence(absl::StrCat("Figures for ", group.display_name(),
                                    " are not shown: so few people are behind them that they could tell on somebody."));
      continue;
    }
    api.set_member_count(share.people);
    api.set_waiting_count(share.waiting);
    api.set_served_count(share.served);
    api.set_served_per_mille(PerMille(share.served, share.waiting));
    api.set_floor_count(share.floor);
    api.set_bonus_days(share.bonus_days);
    api.set_sentence(absl::StrCat(share.served, " of ", share.waiting, " ", group.display_name(),
                                  " who would like a buddy are given one (", Percent(api.served_per_mille()),
                                  "; of everyone ", Percent(PerMille(found.value.served, found.waiting)), ").",
                                  FloorSentence(share, with_bonus == 1, found)));
  }
  round.set_waiting_days_bound(found.waiting_days_bound);
  round.set_floors_sentence(FloorsSentence(found));
}

}  // namespace turnabout
