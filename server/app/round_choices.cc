#include "server/app/round_choices.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "server/app/match_writer.h"

namespace turnabout {
namespace {

Value Less(const Value& a, const Value& b) {
  return {a.urgent_served - b.urgent_served, a.served - b.served, a.waiting_days - b.waiting_days, a.score - b.score};
}

// "1 person fewer", "3 days less"; the other way round for a gain.
std::string Difference(int64_t cost, absl::string_view one, absl::string_view many, absl::string_view less,
                       absl::string_view more) {
  const int64_t amount = cost < 0 ? -cost : cost;
  return absl::StrCat(amount, " ", amount == 1 ? one : many, " ", cost < 0 ? more : less);
}

// `how` is "With this pin" or the like. Says the most important thing that differs.
std::string CostSentence(absl::string_view how, const Value& cost) {
  if (cost.urgent_served != 0) {
    return absl::StrCat(how, ", ", Difference(cost.urgent_served, "urgent person", "urgent people", "fewer", "more"),
                        cost.urgent_served == 1 || cost.urgent_served == -1 ? " is" : " are", " given a buddy.");
  }
  if (cost.served != 0) {
    return absl::StrCat(how, ", ", Difference(cost.served, "person", "people", "fewer", "more"),
                        cost.served == 1 || cost.served == -1 ? " is" : " are", " given a buddy.");
  }
  if (cost.waiting_days != 0) {
    return absl::StrCat(how, ", as many people are given a buddy, and they have waited ",
                        Difference(cost.waiting_days, "day", "days", "less", "more"), ", all together.");
  }
  if (cost.score != 0) {
    return absl::StrCat(how, ", as many people are given a buddy, and their scores come to ",
                        Difference(cost.score, "point", "points", "less", "more"), ", all together.");
  }
  return absl::StrCat(how, ", nothing is lost: the best round is as good.");
}

absl::string_view HowOf(v1::PairChoice::Kind kind) {
  return kind == v1::PairChoice::KIND_PIN ? "With this pin" : "Without this pair";
}

// Every pinned pair as it would be proposed by hand, in a write that comes to nothing.
absl::Status TryPins(const Context& context, const Call& call, const SchemeView& scheme,
                     const std::vector<ChosenPair>& chosen) {
  const WriteOptions options{.deadline = call.deadline, .dry_run = true, .cancelled = call.cancelled};
  return context.store
      .WriteAndWait(options,
                    [&](Txn& txn) -> absl::Status {
                      for (const ChosenPair& each : chosen) {
                        if (each.kind != v1::PairChoice::KIND_PIN) continue;
                        const NewMatch match{each.giver, each.receiver, 0, {}, {}};
                        RETURN_IF_ERROR(ProposeMatches(context, scheme, {&match, 1}, txn).status());
                      }
                      return absl::OkStatus();
                    })
      .status();
}

}  // namespace

void FillValue(const Value& value, v1::Round::Value& api) {
  api.set_urgent_served_count(value.urgent_served);
  api.set_served_count(value.served);
  api.set_waiting_days(value.waiting_days);
  api.set_score(value.score);
}

std::vector<ChosenPair> ReadChoices(const v1::RunRoundRequest& request, const std::string& slug, Problems& problems) {
  std::vector<ChosenPair> chosen;
  problems.CheckRange("choices", request.choices_size(), 0, kChoicesPerRoundMax);
  std::set<std::pair<std::string, std::string>> seen;
  for (int i = 0; i < request.choices_size() && i < kChoicesPerRoundMax; ++i) {
    const v1::PairChoice& choice = request.choices(i);
    const std::string at = absl::StrCat("choices[", i, "].");
    std::string scheme = slug;
    ChosenPair pair;
    pair.kind = choice.kind();
    pair.giver = problems.CheckName<MemberId>(at + "giver", choice.giver(), kMembers, scheme);
    pair.receiver = problems.CheckName<MemberId>(at + "receiver", choice.receiver(), kMembers, scheme);
    if (pair.kind != v1::PairChoice::KIND_PIN && pair.kind != v1::PairChoice::KIND_FORBID) {
      problems.Add(at + "kind", "Say whether the pair is pinned or forbidden");
    }
    if (!seen.emplace(choice.giver(), choice.receiver()).second)
      problems.Add(at + "receiver", "This pair is there twice");
    chosen.push_back(std::move(pair));
  }
  return chosen;
}

absl::StatusOr<Choices> PlaceChoices(const Context& context, const Call& call, const SchemePool& pool,
                                     const std::vector<ChosenPair>& chosen) {
  Choices choices;
  if (chosen.empty()) return choices;
  RETURN_IF_ERROR(TryPins(context, call, *pool.scheme, chosen));
  std::vector<int32_t> given(pool.pool.people.size(), 0), received(pool.pool.people.size(), 0);
  for (const ChosenPair& each : chosen) {
    const PoolPair pair{pool.PositionOf(each.giver), pool.PositionOf(each.receiver)};
    for (const auto& [position, id] : {std::pair{pair.giver, each.giver}, std::pair{pair.receiver, each.receiver}}) {
      if (position >= 0) continue;
      return Refuse(Reason::kMemberNotFound, {{"name", NameOf(pool.scheme->slug(), kMembers, id)}});
    }
    if (each.kind == v1::PairChoice::KIND_FORBID) {
      choices.forbidden.push_back(pair);
      continue;
    }
    // What is proposed already takes places too, as it does in a round.
    const Person& receiver = pool.pool.people[pair.receiver];
    if (++given[pair.giver] > pool.pool.people[pair.giver].give_capacity) return Refuse(Reason::kCapacityFull);
    if (++received[pair.receiver] > receiver.receive_need) return Refuse(Reason::kNeedMet);
    if (received[pair.receiver] > receiver.turns) return Refuse(Reason::kTurnNeeded);
    choices.pinned.push_back(pair);
  }
  return choices;
}

void AddPinned(const SchemePool& pool, const Choices& choices, Round& found) {
  if (choices.pinned.empty()) return;
  std::vector<Proposal> all;
  std::vector<PoolPair> pairs = choices.pinned;
  for (const PoolPair& pair : choices.pinned) {
    all.push_back(ScorePair(pool.pool.people[pair.giver], pool.pool.people[pair.receiver], pool.settings));
    all.back().giver = pair.giver;
    all.back().receiver = pair.receiver;
  }
  for (Proposal& proposal : found.proposals) {
    pairs.push_back({proposal.giver, proposal.receiver});
    all.push_back(std::move(proposal));
  }
  const Value value = ValueOfPairs(pool.pool, pool.settings, pairs);
  const Value added = Less(value, found.value);
  found.proposals = std::move(all);
  found.value = value;
  found.greedy = Less(found.greedy, Less({}, added));
  found.waiting = 0;
  for (const Person& person : pool.pool.people) found.waiting += person.receive_need > 0;
}

absl::Status PriceChoices(const SchemePool& pool, const std::vector<ChosenPair>& chosen, const Round& found, Seed seed,
                          bool each, const Progress& progress, v1::Round& round) {
  if (chosen.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Value free, BestValue(pool.pool, pool.settings, seed, {}, progress));
  const Value cost = Less(free, found.value);
  FillValue(cost, *round.mutable_choices_cost());
  round.set_choices_sentence(CostSentence(chosen.size() == 1 ? HowOf(chosen[0].kind) : "With these choices", cost));
  for (const ChosenPair& pair : chosen) {
    v1::PairChoice& api = *round.add_choices();
    api.set_kind(pair.kind);
    api.set_giver(NameOf(pool.scheme->slug(), kMembers, pair.giver));
    api.set_receiver(NameOf(pool.scheme->slug(), kMembers, pair.receiver));
    if (!each) continue;
    const PoolPair at{pool.PositionOf(pair.giver), pool.PositionOf(pair.receiver)};
    Choices alone;
    (pair.kind == v1::PairChoice::KIND_PIN ? alone.pinned : alone.forbidden).push_back(at);
    Value of_this = cost;
    if (chosen.size() > 1) {
      ASSIGN_OR_RETURN(const Value with, BestValue(pool.pool, pool.settings, seed, alone, progress));
      of_this = Less(free, with);
    }
    FillValue(of_this, *api.mutable_cost());
    api.set_sentence(CostSentence(HowOf(pair.kind), of_this));
  }
  return absl::OkStatus();
}

}  // namespace turnabout
