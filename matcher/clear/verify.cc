#include "matcher/clear/verify.h"

#include <algorithm>
#include <atomic>
#include <numeric>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/crew.h"
#include "base/reason.h"
#include "base/seed.h"
#include "base/status_macros.h"

namespace turnabout::clear {
namespace {

using Number = __int128;

absl::Status Wrong(absl::string_view problem) { return Refuse(Reason::kNotProven, {{"problem", problem}}); }

int Width(Number amount) {
  int width = 0;
  for (; amount > 0; amount >>= 1) ++width;
  return width;
}

constexpr int32_t kMembersOfPart = 1 << 14;
constexpr Number kPriceMost = Number{1} << 124;
constexpr Number kSumMost = Number{1} << 126;
constexpr int64_t kWholeMost = int64_t{1} << 61;

// What some members and the edges into them come to.
struct Sums {
  absl::Status status;
  Number weight = 0;  // of the chosen edges
  int64_t served = 0;
  Number reached = 0;  // by the choice
  Number bound = 0;    // on any choice

  // Adds `times` * `amount` to the bound. False when that is too large to be the bound of anything. REQUIRES: neither
  // is below 0.
  bool Add(Number amount, int64_t times) {
    if (times == 0 || amount == 0) return true;
    if (amount > kSumMost / times || bound > kSumMost - amount * times) return false;
    bound += amount * times;
    return true;
  }
};

class Verifier {
 public:
  Verifier(const Problem& problem, const Answer& answer)
      : problem_(problem),
        answer_(answer),
        given_(problem.ids.size()),
        received_(problem.ids.size()),
        lots_(problem.ids.size()) {}

  absl::Status Run() {
    const size_t members = problem_.ids.size();
    const Prices& prices = answer_.prices;
    if (prices.receiving.size() != members || prices.turn.size() != members || prices.giving.size() != members) {
      return Wrong("there is not one price of each kind for each member");
    }
    if (!ArePricesSmall()) return Wrong("a price is too large");
    if (!CheckLevels()) return Wrong("the levels of worth are not apart");
    RETURN_IF_ERROR(CheckChoices());
    Sums all;
    for (const Sums& part : SumParts()) {
      RETURN_IF_ERROR(part.status);
      if (!all.Add(part.bound, 1)) return Wrong("the prices add up to too much");
      all.weight += part.weight;
      all.served += part.served;
      all.reached += part.reached;
    }
    if (all.weight != answer_.weight) return Wrong("the weight is not what the chosen edges add up to");
    if (all.served != answer_.served) return Wrong("the number of members served is not right");
    return all.bound == all.reached ? absl::OkStatus() : Wrong("the prices do not prove that nothing better exists");
  }

 private:
  // Of members [begin, end) of each part, whichever thread looks at them.
  template <typename Work>
  void InMemberParts(Work work) const {
    const int32_t members = problem_.members();
    InParts(CrewSize(), PartCount(), [&](int, int64_t part) {
      const int32_t begin = static_cast<int32_t>(part) * kMembersOfPart;
      work(static_cast<size_t>(part), begin, std::min(members, begin + kMembersOfPart));
      return true;
    });
  }
  int64_t PartCount() const { return (problem_.members() + int64_t{kMembersOfPart} - 1) / kMembersOfPart; }

  bool ArePricesSmall() const {
    std::atomic<bool> small{true};
    InMemberParts([&](size_t, int32_t begin, int32_t end) {
      const auto is_small = [](Number price) { return price >= -kPriceMost && price <= kPriceMost; };
      const Prices& prices = answer_.prices;
      for (const std::vector<Number>* list : {&prices.receiving, &prices.turn, &prices.giving}) {
        if (!std::all_of(list->begin() + begin, list->begin() + end, is_small)) small = false;
      }
    });
    return small;
  }

  std::vector<Sums> SumParts() {
    whole_giving_.resize(problem_.ids.size());
    InMemberParts([&](size_t, int32_t begin, int32_t end) {
      for (int32_t u = begin; u < end; ++u) whole_giving_[u] = WholeOf(answer_.prices.giving[u]);
    });
    std::vector<Sums> parts(static_cast<size_t>(PartCount()));
    InMemberParts([&](size_t part, int32_t begin, int32_t end) {
      Sums& sums = parts[part];
      sums.status = CheckEdges(begin, end, sums);
      if (sums.status.ok()) sums.status = CheckMembers(begin, end, sums);
    });
    return parts;
  }

  // The sum of every weight and bonus, whatever its sign.
  Number TotalWorth() const {
    std::vector<Number> parts(static_cast<size_t>(PartCount()));
    InMemberParts([&](size_t part, int32_t begin, int32_t end) {
      Number total = 0;
      for (int64_t e = problem_.first[begin]; e < problem_.first[end]; ++e) {
        const Number weight = problem_.weight[e];
        total += std::max(weight, -weight);
      }
      for (int32_t v = begin; v < end; ++v) total += problem_.bonus[v];
      parts[part] = total;
    });
    return std::accumulate(parts.begin(), parts.end(), Number{0});
  }

  // Weight decides before tickets, people before weight if they should, and pins before all; and all of it fits.
  bool CheckLevels() {
    const Levels& levels = answer_.levels;
    Number total = TotalWorth();
    const bool people_first = problem_.objective == Objective::kPeopleFirst;
    if (people_first ? levels.person <= total || levels.person > kSumMost >> 29 : levels.person != 0) return false;
    total += levels.person * static_cast<Number>(problem_.ids.size());
    const Number pins = std::accumulate(problem_.pinned.begin(), problem_.pinned.end(), Number{0});
    if (pins > 0 && levels.pin <= total) return false;
    total += levels.pin * pins;
    Number turns = 0;
    for (int32_t v = 0; v < problem_.members(); ++v) {
      turns += std::min<int64_t>(problem_.need[v], problem_.first[v + 1] - problem_.first[v]);
    }
    for (size_t i = 0; i < lots_.size(); ++i) lots_[i] = Mix(static_cast<uint64_t>(problem_.ids[i]), 0x7461);
    return levels.ticket_bits >= 8 && levels.ticket_bits <= 40 && levels.shift <= 64 &&
           levels.shift - levels.ticket_bits >= Width(turns) && levels.shift + Width(total) <= 120;
  }

  // A price in whole units of weight, rounded down. One that is lower than those goes is out of reach of any.
  int64_t WholeOf(Number price) const {
    const Number whole = price >> answer_.levels.shift;
    return static_cast<int64_t>(whole < -kWholeMost ? -2 * kWholeMost : std::min<Number>(whole, kWholeMost));
  }

  // What an edge weighs, with its pin.
  Number WeightOf(int64_t edge) const {
    return problem_.weight[edge] + (!problem_.pinned.empty() && problem_.pinned[edge] != 0 ? answer_.levels.pin : 0);
  }

  Number WorthOf(int32_t giver, int32_t receiver, Number weight) const {
    return (weight << answer_.levels.shift) + (Mix(lots_[giver], lots_[receiver]) >> (64 - answer_.levels.ticket_bits));
  }

  // Counts what is given and received, and lists the choices by receiver, then giver, as the edges are.
  absl::Status CheckChoices() {
    const int32_t members = problem_.members();
    for (size_t i = 0; i < answer_.choices.size(); ++i) {
      const Choice& choice = answer_.choices[i];
      if (choice.giver < 0 || choice.giver >= members || choice.receiver < 0 || choice.receiver >= members) {
        return Wrong("a chosen edge is of somebody who is not a member");
      }
      if (i > 0 && answer_.choices[i - 1] >= choice) return Wrong("the choices are out of order, or one comes twice");
      ++given_[choice.giver];
      ++received_[choice.receiver];
    }
    first_.assign(problem_.ids.size() + 1, 0);
    for (int32_t v = 0; v < members; ++v) first_[v + 1] = first_[v] + received_[v];
    chosen_.resize(answer_.choices.size());
    std::vector<int64_t> at(first_.begin(), first_.end() - 1);
    for (const Choice& choice : answer_.choices) chosen_[at[choice.receiver]++] = choice.giver;
    return absl::OkStatus();
  }

  // Adds to the bound what each edge is worth beyond its prices, and to what is reached what the chosen ones are worth.
  absl::Status CheckEdges(int32_t begin, int32_t end, Sums& sums) const {
    const Number* const giving = answer_.prices.giving.data();
    const int32_t* const givers = problem_.giver.data();
    for (int32_t v = begin; v < end; ++v) {
      const Number receiving = answer_.prices.receiving[v];
      const int64_t whole_receiving = WholeOf(receiving);
      int64_t next = first_[v];
      for (int64_t e = problem_.first[v]; e < problem_.first[v + 1]; ++e) {
        const int32_t u = givers[e];
        const bool chosen = next < first_[v + 1] && chosen_[next] == u;
        // What decides of most edges, in numbers of half the size.
        if (!chosen && problem_.pinned.empty() && problem_.weight[e] >= -kWholeMost &&
            whole_giving_[u] + whole_receiving > problem_.weight[e]) {
          continue;
        }
        const Number prices = giving[u] + receiving;
        const Number weight = WeightOf(e);
        if (!chosen && weight != problem_.weight[e]) return Wrong("a pinned edge is not chosen");
        if (!chosen && prices >= (weight + 1) << answer_.levels.shift) continue;
        const Number worth = WorthOf(u, v, weight);
        if (worth > prices && !sums.Add(worth - prices, 1)) return Wrong("the prices add up to too much");
        if (!chosen) continue;
        ++next;
        sums.weight += problem_.weight[e];
        sums.reached += worth;
      }
      if (next != first_[v + 1]) return Wrong("a chosen pair has no edge");
    }
    return absl::OkStatus();
  }

  absl::Status CheckMembers(int32_t begin, int32_t end, Sums& sums) const {
    const Prices& prices = answer_.prices;
    for (int32_t i = begin; i < end; ++i) {
      const int64_t need = problem_.need[i];
      if (given_[i] > problem_.capacity[i]) return Wrong("somebody gives more than they can");
      if (received_[i] > need) return Wrong("somebody receives more than they need");
      if (received_[i] - given_[i] > problem_.allowance[i]) return Wrong("somebody receives a turn they do not have");
      const Number turn = prices.turn[i];
      const Number giving = prices.giving[i];
      if (turn < 0) return Wrong("a turn has a price below 0");
      if (giving + turn < 0) return Wrong("a place to give has a price below what the turn is worth");
      const Number bonus = (problem_.bonus[i] + answer_.levels.person) << answer_.levels.shift;
      const Number brings = prices.receiving[i] - turn;
      bool fits = sums.Add(giving + turn, problem_.capacity[i]) && sums.Add(turn, problem_.allowance[i]);
      if (need > 0) {
        fits = fits && sums.Add(std::max(brings, Number{0}), need) &&
               sums.Add(std::max(bonus + std::min(brings, Number{0}), Number{0}), 1);
      }
      if (!fits) return Wrong("the prices add up to too much");
      if (received_[i] == 0) continue;
      ++sums.served;
      sums.reached += bonus;
    }
    return absl::OkStatus();
  }

  const Problem& problem_;
  const Answer& answer_;
  std::vector<int64_t> given_;
  std::vector<int64_t> received_;
  std::vector<uint64_t> lots_;
  std::vector<int64_t> first_;         // of each receiver's choices in
  std::vector<int32_t> chosen_;        // their givers
  std::vector<int64_t> whole_giving_;  // by giver, their price
};

}  // namespace

absl::Status Verify(const Problem& problem, const Answer& answer) { return Verifier(problem, answer).Run(); }

}  // namespace turnabout::clear
