#include "matcher/candidates/ask.h"

#include <algorithm>
#include <bit>

namespace turnabout {
namespace {

constexpr int kFirstRemote = 2;  // settings 0 and 1 are in person

bool Has(uint64_t bits, int n) { return ((bits >> n) & 1) != 0; }

// Every setting that counts where people meet so: in person, help by phone counts too.
int FirstSetting(Meet meet) { return meet == Meet::kInPerson ? 0 : kFirstRemote; }

// A clause that wants one row of `table` for a set bit of `bits`. Returns how many rows there are.
template <typename RowOf>
int AddBits(uint64_t bits, RowOf row_of, int& clause, Plan& plan) {
  clause = plan.Open(1);
  const int before = plan.row_count;
  for (; bits != 0; bits &= bits - 1) {
    const int row = row_of(std::countr_zero(bits));
    if (row != kNoRow) plan.Option(row);
  }
  plan.Close();
  return plan.row_count - before;
}

}  // namespace

void Ask::Prepare(const RowBook& book, const Traits& receiver, const Settings& settings) {
  place = receiver.has_place ? receiver.place : Point{};
  limit = receiver.has_place ? SquaredLimit(receiver.reach_metres) : 0;
  distance_metres_max = settings.distance_metres_max;
  plan_.Clear();
  PrepareSums(receiver, settings);
  for (const Meet meet : {Meet::kInPerson, Meet::kRemotely}) {
    AddNeeds(book, receiver, meet, sides_[static_cast<int>(meet)]);
  }
  AddHardClauses(book, receiver, settings);
  AddServices(book, receiver);
}

void Ask::PrepareSums(const Traits& receiver, const Settings& settings) {
  const Weights& weights = settings.weights;
  const int32_t all = WeightOfNeeds(receiver, receiver.needs_anywhere);
  for (int32_t met = 0; met <= all; ++met) needs_sums[met] = ScoreSum{weights.needs_met} * NeedsScoreOf(met, all);
  for (int n = 0; n <= kSlotCount; ++n) time_sums[n] = ScoreSum{weights.shared_time} * TimeScoreOf(n);
  for (int n = 0; n <= std::popcount(receiver.languages); ++n) {
    language_sums[n] = ScoreSum{weights.shared_language} * LanguageScoreOf(n);
  }
  const bool used = receiver.services_used != 0;
  same_service_sum = ScoreSum{weights.shared_journey} * kSameServiceScore;
  some_service_sum = used ? ScoreSum{weights.shared_journey} * kSomeServiceScore : 0;
  distance_weight_ = weights.distance;
  whole_ = ScoreSum{weights.needs_met} + weights.distance + weights.shared_time + weights.shared_journey +
           weights.shared_language;
  whole_ = std::max(whole_, ScoreSum{1});
}

void Ask::AddNeeds(const RowBook& book, const Traits& receiver, Meet meet, Side& side) {
  const int end = meet == Meet::kInPerson ? kFirstRemote : kSettingCount;
  side.reach_clause = plan_.Open(1);
  const int before = plan_.row_count;
  for (int k = FirstSetting(meet); k < end; ++k) {
    for (CategorySet bits = receiver.needs[k]; bits != 0; bits &= bits - 1) {
      plan_.Row(book.offer(k, std::countr_zero(bits)));
    }
  }
  plan_.EndOption();
  plan_.Close();
  wants_[static_cast<int>(meet)] = plan_.row_count > before;

  const auto add_rows = [&](int category) {
    for (int k = FirstSetting(meet); k < kSettingCount; ++k) {
      if (Has(receiver.needs[k], category)) plan_.Row(book.offer(k, category));
    }
  };
  int offered[64];  // categories that anybody offers, the most urgent first
  int offered_count = 0;
  side.counted_clause = plan_.Open(1);
  for (int urgency = kUrgencyCount - 1; urgency >= 0; --urgency) {
    for (CategorySet bits = receiver.needs_by_urgency[urgency]; bits != 0; bits &= bits - 1) {
      const int rows = plan_.row_count;
      add_rows(std::countr_zero(bits));
      if (plan_.row_count == rows) continue;
      plan_.EndOption();
      side.weights[offered_count] = static_cast<uint8_t>(1 << urgency);
      offered[offered_count++] = std::countr_zero(bits);
    }
  }
  plan_.Close();
  int32_t weights[65] = {};
  for (int i = 0; i < offered_count; ++i) {
    weights[i + 1] = weights[i] + side.weights[i];
  }
  side.most = needs_sums[weights[offered_count]];
  for (int n = 0; n <= Plan::kCountedMax; ++n) {
    side.counted_short[n] = side.most - needs_sums[weights[std::min(n, offered_count)]];
  }
  side.required_clause = plan_.clause_count;
  side.required_count = std::min(offered_count, kRequiredMax);
  for (int i = 0; i < side.required_count; ++i) {
    plan_.Open(0);
    add_rows(offered[i]);
    plan_.EndOption();
    plan_.Close();
    side.required_short[i] = side.most - needs_sums[weights[offered_count] - (weights[i + 1] - weights[i])];
  }
}

void Ask::AddHardClauses(const RowBook& book, const Traits& receiver, const Settings& settings) {
  const int times = AddBits(
      receiver.slots & kEverySlot, [&](int n) { return book.slot(n); }, time_clause_, plan_);
  const int spoken = AddBits(
      receiver.languages, [&](int n) { return book.language(n); }, language_clause_, plan_);
  checks_clause_ = plan_.Open(1);
  plan_.Option(RowBook::kChecked);
  plan_.Close();
  journey_clauses_[0] = plan_.Open(1);
  plan_.Option(RowBook::kStage);
  plan_.Close();
  same_required_ = settings.same_service_required && receiver.services_now != 0;
  AddBits(
      same_required_ ? receiver.services_now : 0, [&](int n) { return book.service(n); }, journey_clauses_[1], plan_);
  preference_clauses_[0] = plan_.Open(1);
  plan_.Option(book.welcomes(receiver.gender));
  plan_.Close();
  any_gender_ = receiver.wanted_genders == 0;
  AddBits(
      receiver.wanted_genders, [&](int n) { return book.gender(n); }, preference_clauses_[1], plan_);

  const int times_most = std::min(times, kTimesCounted);
  for (int n = 0; n <= kTimesCounted; ++n) time_short_[n] = time_sums[times_most] - time_sums[std::min(n, times_most)];
  const int spoken_most = std::min(spoken, kLanguagesCounted);
  for (int n = 0; n <= kLanguagesCounted; ++n) {
    language_short_[n] = language_sums[spoken_most] - language_sums[std::min(n, spoken_most)];
  }
  for (Side& side : sides_) side.most += time_sums[times_most] + language_sums[spoken_most];
}

void Ask::AddServices(const RowBook& book, const Traits& receiver) {
  const int same = AddBits(
      receiver.services_used, [&](int n) { return book.service(n); }, same_service_clause_, plan_);
  some_service_clause_ = plan_.Open(0);
  plan_.Option(book.any_service());
  plan_.Close();
  const ScoreSum some = book.any_service() == kNoRow ? 0 : some_service_sum;
  const ScoreSum most = same > 0 ? same_service_sum : some;
  not_same_short_ = most - some;
  not_some_short_ = most;
  for (Side& side : sides_) side.most += most;
}

void Ask::AskHard(Meet meet, Criteria criteria) {
  const auto asks = [criteria](Hard criterion) { return (criteria & CriterionOf(criterion)) != 0 ? 1 : 0; };
  for (int i = 0; i < plan_.clause_count; ++i) Set(i, 0);
  Set(sides_[static_cast<int>(meet)].reach_clause, asks(Hard::kNeeds));
  Set(time_clause_, asks(Hard::kTime));
  Set(language_clause_, asks(Hard::kLanguage));
  Set(checks_clause_, asks(Hard::kChecks));
  Set(journey_clauses_[0], asks(Hard::kJourney));
  if (same_required_) Set(journey_clauses_[1], asks(Hard::kJourney));
  Set(preference_clauses_[0], asks(Hard::kPreferences));
  if (!any_gender_) Set(preference_clauses_[1], asks(Hard::kPreferences));
}

void Ask::AskScore(Meet meet, ScoreSum budget) {
  const Side& side = sides_[static_cast<int>(meet)];
  const auto least = [budget](const auto& shorts) {
    int n = 1;
    while (shorts[n] > budget) ++n;  // the last falls short by nothing
    return n;
  };
  Set(time_clause_, least(time_short_));
  Set(language_clause_, least(language_short_));
  int counted = 1;
  while (counted < Plan::kCountedMax && side.counted_short[counted] > budget) ++counted;
  Set(side.counted_clause, counted == 1 ? 0 : counted);  // one is asked for already
  for (int i = 0; i < side.required_count; ++i) Set(side.required_clause + i, side.required_short[i] > budget ? 1 : 0);
  Set(same_service_clause_, not_same_short_ > budget ? 1 : 0);
  Set(some_service_clause_, not_same_short_ <= budget && not_some_short_ > budget ? 1 : 0);
}

}  // namespace turnabout
