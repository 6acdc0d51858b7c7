#include "matcher/clear/verify.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "absl/strings/str_cat.h"
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
    for (const std::vector<Number>* list : {&prices.receiving, &prices.turn, &prices.giving}) {
      const auto [least, most] = std::minmax_element(list->begin(), list->end());
      if (members > 0 && (*least < -kPriceMost || *most > kPriceMost)) return Wrong("a price is too large");
    }
    if (!CheckLevels()) return Wrong("the levels of worth are not apart");
    RETURN_IF_ERROR(CheckChoices());
    RETURN_IF_ERROR(CheckEdges());
    RETURN_IF_ERROR(CheckMembers());
    if (weight_ != answer_.weight) return Wrong("the weight is not what the chosen edges add up to");
    if (served_ != answer_.served) return Wrong("the number of members served is not right");
    return bound_ == reached_ ? absl::OkStatus() : Wrong("the prices do not prove that nothing better exists");
  }

 private:
  // Weight decides before tickets, people before weight if they should, and pins before all; and all of it fits.
  bool CheckLevels() {
    const Levels& levels = answer_.levels;
    Number total = 0;
    for (const Number weight : problem_.weight) total += std::max(weight, -weight);
    for (const Number bonus : problem_.bonus) total += bonus;
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
  absl::Status CheckEdges() {
    const Number* const giving = answer_.prices.giving.data();
    const int32_t* const givers = problem_.giver.data();
    for (int32_t v = 0; v < problem_.members(); ++v) {
      const Number receiving = answer_.prices.receiving[v];
      int64_t next = first_[v];
      for (int64_t e = problem_.first[v]; e < problem_.first[v + 1]; ++e) {
        const int32_t u = givers[e];
        const bool chosen = next < first_[v + 1] && chosen_[next] == u;
        const Number prices = giving[u] + receiving;
        const Number weight = WeightOf(e);
        if (!chosen && weight != problem_.weight[e]) return Wrong("a pinned edge is not chosen");
        if (!chosen && prices >= (weight + 1) << answer_.levels.shift) continue;
        const Number worth = WorthOf(u, v, weight);
        if (worth > prices && !Add(worth - prices, 1)) return Wrong("the prices add up to too much");
        if (!chosen) continue;
        ++next;
        weight_ += problem_.weight[e];
        reached_ += worth;
      }
      if (next != first_[v + 1]) return Wrong("a chosen pair has no edge");
    }
    return absl::OkStatus();
  }

  absl::Status CheckMembers() {
    const Prices& prices = answer_.prices;
    for (int32_t i = 0; i < problem_.members(); ++i) {
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
      bool fits = Add(giving + turn, problem_.capacity[i]) && Add(turn, problem_.allowance[i]);
      if (need > 0) {
        fits = fits && Add(std::max(brings, Number{0}), need) &&
               Add(std::max(bonus + std::min(brings, Number{0}), Number{0}), 1);
      }
      if (!fits) return Wrong("the prices add up to too much");
      if (received_[i] == 0) continue;
      ++served_;
      reached_ += bonus;
    }
    return absl::OkStatus();
  }

  // Adds `times` * `amount` to the bound. False when that is too large to be the bound of anything. REQUIRES: neither
  // is below 0.
  bool Add(Number amount, int64_t times) {
    if (times == 0 || amount == 0) return true;
    if (amount > kSumMost / times || bound_ > kSumMost - amount * times) return false;
    bound_ += amount * times;
    return true;
  }

  static constexpr Number kPriceMost = Number{1} << 124;
  static constexpr Number kSumMost = Number{1} << 126;

  const Problem& problem_;
  const Answer& answer_;
  std::vector<int64_t> given_;
  std::vector<int64_t> received_;
  std::vector<uint64_t> lots_;
  std::vector<int64_t> first_;   // of each receiver's choices in
  std::vector<int32_t> chosen_;  // their givers
  Number weight_ = 0;
  int64_t served_ = 0;
  Number reached_ = 0;  // by the choice
  Number bound_ = 0;    // on any choice
};

}  // namespace

absl::Status Verify(const Problem& problem, const Answer& answer) { return Verifier(problem, answer).Run(); }

}  // namespace turnabout::clear
