#include "server/app/rounds.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "server/app/actor.h"
#include "server/app/group_report.h"
#include "server/app/listing.h"
#include "server/app/match_writer.h"
#include "server/app/member_writer.h"
#include "server/app/pool.h"
#include "server/app/recruit_report.h"
#include "server/records/dates.h"

namespace turnabout {
namespace {

using SchemePtr = std::shared_ptr<const SchemeView>;

constexpr int kMatchesPerCommand = 256;
constexpr int kLeftOutPerCommand = 1024;
constexpr int kDryRunProposalsMax = 1000;
// How long somebody who asks for suggestions waits for the best set; half of the time that they have, when that is
// less.
constexpr absl::Duration kPatience = absl::Seconds(2);
constexpr int kSuggestionsDefault = 10;
constexpr int kSuggestionsMax = 100;

v1::Round ToApi(const SchemeView& scheme, const RoundId& id, const rows::RoundRow& row) {
  v1::Round round = row.round();
  round.set_name(NameOf(scheme.slug(), kRounds, id));
  round.set_rule_set(ChildName(scheme.slug(), kRuleSets, absl::StrCat(row.rule_set_number())));
  *round.mutable_create_time() = TimestampOf(row.create_micros());
  return round;
}

rows::RoundRow RowOf(const SchemePool& pool, const Round& found, uint64_t seed) {
  rows::RoundRow row;
  v1::Round& round = *row.mutable_round();
  round.set_state(v1::Round::STATE_RUNNING);
  round.set_seed(seed);
  round.set_snapshot_revision(static_cast<int64_t>(pool.revision));
  round.set_member_count(static_cast<int64_t>(pool.pool.people.size()));
  round.set_waiting_count(found.waiting);
  round.set_eligible_pair_count(found.eligible_pairs);
  round.set_proposal_count(static_cast<int64_t>(found.proposals.size()));
  round.set_left_out_count(static_cast<int64_t>(found.left_out.size()));
  FillValue(found.value, *round.mutable_value());
  FillValue(found.greedy, *round.mutable_greedy_value());
  round.set_instance_digest(found.certificate.instance_digest);
  round.set_verified(true);
  row.set_prices(found.certificate.prices);
  row.set_rule_set_number(pool.scheme->rules.number());
  return row;
}

// Proposals that stand or fall together, in the round's order of their first.
std::vector<std::vector<NewMatch>> LinkedSets(const SchemePool& pool, const Round& found, const RoundId& round) {
  std::vector<std::vector<NewMatch>> sets;
  std::map<int32_t, size_t> set_of_link;
  for (const Proposal& proposal : found.proposals) {
    NewMatch match{pool.pool.people[proposal.giver].id, pool.pool.people[proposal.receiver].id, proposal.score,
                   proposal.findings, round};
    if (proposal.link == 0) {
      sets.push_back({std::move(match)});
      continue;
    }
    const auto [at, added] = set_of_link.try_emplace(proposal.link, sets.size());
    if (added) sets.emplace_back();
    sets[at->second].push_back(std::move(match));
  }
  return sets;
}

v1::LeftOut ToApi(const LeftOut& left_out) {
  v1::LeftOut api;
  api.set_cause(static_cast<v1::LeftOut::Cause>(static_cast<int>(left_out.why) + 1));
  api.set_criterion(left_out.blocking);
  api.set_sentence(left_out.sentence_for_person);
  api.set_coordinator_sentence(left_out.sentence_for_coordinator);
  return api;
}

// Writes what a round found, a part at a time, so that other writers get their turn in between.
class RoundWriter {
 public:
  RoundWriter(const Context& context, const SchemePool& pool, const Round& found, rows::RoundRow row)
      : context_(context), pool_(pool), found_(found), id_(context.ids.Next<RoundId>()), row_(std::move(row)) {}

  const RoundId& id() const { return id_; }
  const rows::RoundRow& row() const { return row_; }

  absl::Status Begin(const Call& call) {
    const WriteOptions options{.deadline = call.deadline, .dry_run = false, .cancelled = call.cancelled};
    return context_.store
        .WriteAndWait(options,
                      [&](Txn& txn) {
                        row_.set_create_micros(absl::ToUnixMicros(txn.now()));
                        PutRow(txn, *pool_.scheme, id_, row_);
                        return absl::OkStatus();
                      })
        .status();
  }

  // Proposals that no longer hold, because somebody changed meanwhile, are dropped and counted.
  absl::Status WriteProposals() {
    const std::vector<std::vector<NewMatch>> sets = LinkedSets(pool_, found_, id_);
    for (size_t begin = 0; begin < sets.size();) {
      size_t end = begin;
      for (size_t matches = 0; end < sets.size() && matches < kMatchesPerCommand; ++end) matches += sets[end].size();
      RETURN_IF_ERROR(WriteSets({sets.data() + begin, end - begin}));
      begin = end;
    }
    return absl::OkStatus();
  }

  absl::Status WriteLeftOut() {
    for (size_t begin = 0; begin < found_.left_out.size(); begin += kLeftOutPerCommand) {
      const size_t end = std::min(found_.left_out.size(), begin + kLeftOutPerCommand);
      RETURN_IF_ERROR(context_.store
                          .WriteAndWait({},
                                        [&](Txn& txn) {
                                          for (size_t i = begin; i < end; ++i) PutLeftOut(found_.left_out[i], txn);
                                          return absl::OkStatus();
                                        })
                          .status());
    }
    return absl::OkStatus();
  }

  // Marks the round done and remembers the answer.
  absl::StatusOr<v1::RunRoundResponse> Finish(const RequestIdentity& identity) {
    v1::RunRoundResponse response;
    absl::StatusOr<uint64_t> revision = context_.store.WriteAndWait({}, [&](Txn& txn) {
      row_.mutable_round()->set_state(v1::Round::STATE_DONE);
      PutRow(txn, *pool_.scheme, id_, row_);
      *response.mutable_round() = ToApi(*pool_.scheme, id_, row_);
      if (identity.named) txn.Remember(identity.key, {identity.content, response.SerializeAsString()});
      return absl::OkStatus();
    });
    if (!revision.ok()) return revision.status();
    response.set_revision(static_cast<int64_t>(*revision));
    return response;
  }

 private:
  absl::Status WriteSets(absl::Span<const std::vector<NewMatch>> sets) {
    int64_t dropped = 0;
    RETURN_IF_ERROR(context_.store
                        .WriteAndWait({},
                                      [&](Txn& txn) {
                                        for (const std::vector<NewMatch>& set : sets) {
                                          const bool fits = set.size() <= kLinkedMatchesMax;
                                          if (fits && ProposeMatches(context_, *pool_.scheme, set, txn).ok()) continue;
                                          dropped += static_cast<int64_t>(set.size());
                                        }
                                        return absl::OkStatus();
                                      })
                        .status());
    row_.mutable_round()->set_dropped_count(row_.round().dropped_count() + dropped);
    return absl::OkStatus();
  }

  void PutLeftOut(const LeftOut& left_out, Txn& txn) {
    rows::LeftOutRow row;
    *row.mutable_left_out() = ToApi(left_out);
    SaveRow(txn, LeftOutKey(pool_.scheme->number(), id_, pool_.pool.people[left_out.person].id), row);
  }

  const Context& context_;
  const SchemePool& pool_;
  const Round& found_;
  const RoundId id_;
  rows::RoundRow row_;
};

v1::Match ToApi(const SchemePool& pool, const Proposal& proposal) {
  const std::vector<Person>& people = pool.pool.people;
  return ToApi(pool.scheme->slug(), people[proposal.giver].id, people[proposal.receiver].id, proposal);
}

v1::Suggestion& AddSuggestion(const v1::Match& match, v1::SuggestBuddiesResponse& response) {
  v1::Suggestion& suggestion = *response.add_suggestions();
  suggestion.set_giver(match.giver());
  suggestion.set_score(match.score());
  *suggestion.mutable_findings() = match.findings();
  return suggestion;
}

v1::SuggestBuddiesResponse SuggestFrom(LiveScheme& live, const std::string& slug, const MemberId& id, int32_t most) {
  v1::SuggestBuddiesResponse response;
  for (const LiveSuggestion& one : live.pool.Suggest(id, most)) {
    AddSuggestion(ToApi(slug, one.giver, id, one.proposal), response).set_in_best_set(one.in_best);
  }
  response.set_best_set_known(true);
  response.set_revision(static_cast<int64_t>(live.revision));
  return response;
}

// A round that is verified, with everything that is said of it.
struct Computed {
  Round found;
  rows::RoundRow row;
};

// `dry` asks for what each choice costs.
absl::StatusOr<Computed> Compute(const SchemePool& pool, const std::vector<ChosenPair>& chosen, const Choices& choices,
                                 Seed seed, bool dry, const Progress& wanted) {
  Pool changed;
  if (!choices.empty()) changed = WithChoices(pool.pool, choices);
  const Pool& left = choices.empty() ? pool.pool : changed;
  Computed computed;
  ASSIGN_OR_RETURN(computed.found, ProposeRound(left, pool.settings, seed, wanted));
  RETURN_IF_ERROR(VerifyRound(left, pool.settings, seed, computed.found));
  v1::Round report;
  FillGroupShares(left, pool.scheme->rules.proto(), computed.found, report);
  RETURN_IF_ERROR(FillRecruitments(pool, left, computed.found, seed, wanted, report));
  AddPinned(pool, choices, computed.found);
  RETURN_IF_ERROR(PriceChoices(pool, chosen, computed.found, seed, dry, wanted, report));
  computed.row = RowOf(pool, computed.found, seed.value);
  computed.row.mutable_round()->MergeFrom(report);
  return computed;
}

v1::RunRoundResponse DryRun(const SchemePool& pool, const Round& found, rows::RoundRow row) {
  v1::RunRoundResponse response;
  row.mutable_round()->set_state(v1::Round::STATE_DONE);
  *response.mutable_round() = row.round();
  std::vector<const Proposal*> best;
  for (const Proposal& proposal : found.proposals) best.push_back(&proposal);
  std::stable_sort(best.begin(), best.end(), [](const Proposal* a, const Proposal* b) { return a->score > b->score; });
  if (best.size() > kDryRunProposalsMax) best.resize(kDryRunProposalsMax);
  for (const Proposal* proposal : best) *response.add_proposals() = ToApi(pool, *proposal);
  response.set_revision(static_cast<int64_t>(pool.revision));
  return response;
}

// The answer of an earlier request with the same id, if there was one.
absl::StatusOr<std::optional<v1::RunRoundResponse>> AnsweredBefore(const Context& context,
                                                                   const RequestIdentity& identity) {
  std::optional<v1::RunRoundResponse> answer;
  if (!identity.named) return answer;
  RETURN_IF_ERROR(context.store.Read(0, [&](const Snapshot& snapshot) -> absl::Status {
    const std::optional<Remembered> before = snapshot.FindRequest(identity.key);
    if (!before.has_value()) return absl::OkStatus();
    RETURN_IF_ERROR(CheckSameContent(identity, *before));
    answer.emplace().ParseFromString(before->answer);
    answer->set_revision(static_cast<int64_t>(snapshot.revision()));
    return absl::OkStatus();
  }));
  return answer;
}

}  // namespace

absl::StatusOr<v1::RunRoundResponse> Rounds::Run(const Call& call, const v1::RunRoundRequest& request,
                                                 const std::string& slug, const std::vector<ChosenPair>& chosen) {
  const RequestIdentity identity = IdentityOf(request, slug);
  ASSIGN_OR_RETURN(const std::optional<v1::RunRoundResponse> before, AnsweredBefore(context_, identity));
  if (before.has_value()) return *before;
  ASSIGN_OR_RETURN(const SchemePool pool, ReadPool(context_, slug, 0));
  ASSIGN_OR_RETURN(const Choices choices, PlaceChoices(context_, call, pool, chosen));
  const Seed seed = request.has_seed() ? Seed{request.seed()} : SeedFromSystem();
  const Progress wanted = [&](int64_t, int64_t) {
    return context_.clock.Now() <= call.deadline && !(call.cancelled && call.cancelled());
  };
  absl::StatusOr<Computed> computed = Compute(pool, chosen, choices, seed, request.validate_only(), wanted);
  if (absl::IsCancelled(computed.status()) && context_.clock.Now() > call.deadline) {
    return Refuse(Reason::kDeadlinePassed);
  }
  RETURN_IF_ERROR(computed.status());
  if (request.validate_only()) return DryRun(pool, computed->found, std::move(computed->row));
  RoundWriter writer(context_, pool, computed->found, std::move(computed->row));
  RETURN_IF_ERROR(writer.Begin(call));
  RETURN_IF_ERROR(writer.WriteProposals());
  RETURN_IF_ERROR(writer.WriteLeftOut());
  return writer.Finish(identity);
}

void Rounds::RunRound(const Call& call, const v1::RunRoundRequest& request, Reply<v1::RunRoundResponse> reply) {
  Problems problems;
  const std::string slug = problems.CheckScheme("parent", request.parent());
  problems.CheckRequestId(request.request_id());
  ReadActor("actor", request.actor(), slug, false, problems);
  std::vector<ChosenPair> chosen = ReadChoices(request, slug, problems);
  if (!problems.empty()) return reply(problems.ToStatus());
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!running_.insert(slug).second) {
      return reply(Refuse(Reason::kRoundRunning, {{"name", SchemeName(slug)}}));
    }
  }
  workers_.Post([this, call, request, slug, chosen = std::move(chosen), reply = std::move(reply)]() mutable {
    absl::StatusOr<v1::RunRoundResponse> response = Run(call, request, slug, chosen);
    {
      std::lock_guard<std::mutex> lock(mutex_);
      running_.erase(slug);
    }
    reply(std::move(response));
  });
}

void Rounds::SuggestBuddies(const Call& call, const v1::SuggestBuddiesRequest& request,
                            Reply<v1::SuggestBuddiesResponse> reply) {
  Problems problems;
  std::string slug;
  const auto id = problems.CheckName<MemberId>("name", request.name(), kMembers, slug);
  if (request.page_size() < 0) problems.Add("page_size", "Enter 0 or more");
  if (!problems.empty()) return reply(problems.ToStatus());
  const auto at_least = static_cast<uint64_t>(std::max<int64_t>(0, request.at_least_revision()));
  const absl::Status active = context_.store.Read(at_least, [&](const Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(const SchemePtr scheme, FindScheme(snapshot, slug));
    ASSIGN_OR_RETURN(const rows::MemberRow row, FindRow<rows::MemberRow>(snapshot, *scheme, id));
    return CheckActive(*scheme, id, row);
  });
  if (!active.ok()) return reply(active);
  const int32_t most = request.page_size() == 0 ? kSuggestionsDefault : std::min(request.page_size(), kSuggestionsMax);
  const absl::Duration patience = std::min(kPatience, (call.deadline - context_.clock.Now()) / 2);
  live_.Ask(slug, patience, [this, slug, id, most, at_least, reply = std::move(reply)](LiveScheme* live) mutable {
    if (live != nullptr) return reply(SuggestFrom(*live, slug, id, most));
    workers_.Post([this, slug, id, most, at_least, reply = std::move(reply)]() mutable {
      reply(SuggestByScore(slug, id, most, at_least));
    });
  });
}

absl::StatusOr<v1::SuggestBuddiesResponse> Rounds::SuggestByScore(const std::string& slug, const MemberId& id,
                                                                  int32_t most, uint64_t at_least) const {
  ASSIGN_OR_RETURN(const SchemePool pool, ReadPool(context_, slug, at_least));
  const int32_t position = pool.PositionOf(id);
  if (position < 0) return Refuse(Reason::kMemberNotFound, {{"name", NameOf(slug, kMembers, id)}});
  v1::SuggestBuddiesResponse response;
  for (const Proposal& proposal : SuggestGivers(pool.pool, pool.settings, position, most)) {
    AddSuggestion(ToApi(pool, proposal), response);
  }
  response.set_revision(static_cast<int64_t>(pool.revision));
  return response;
}

absl::StatusOr<v1::GetRoundResponse> Rounds::GetRound(const v1::GetRoundRequest& request) const {
  Problems problems;
  std::string slug;
  const auto id = problems.CheckName<RoundId>("name", request.name(), kRounds, slug);
  RETURN_IF_ERROR(problems.ToStatus());
  return RunRead<v1::GetRoundResponse>(
      context_, request, [&](const Snapshot& snapshot, v1::GetRoundResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const SchemePtr scheme, FindScheme(snapshot, slug));
        ASSIGN_OR_RETURN(const rows::RoundRow row, FindRow<rows::RoundRow>(snapshot, *scheme, id));
        *response.mutable_round() = ToApi(*scheme, id, row);
        return absl::OkStatus();
      });
}

absl::StatusOr<v1::ListRoundsResponse> Rounds::ListRounds(const v1::ListRoundsRequest& request) const {
  Problems problems;
  const std::string slug = problems.CheckScheme("parent", request.parent());
  RETURN_IF_ERROR(problems.ToStatus());
  return RunRead<v1::ListRoundsResponse>(
      context_, request, [&](const Snapshot& snapshot, v1::ListRoundsResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const SchemePtr scheme, FindScheme(snapshot, slug));
        ASSIGN_OR_RETURN(*response.mutable_next_page_token(),
                         ReadList(snapshot, SchemeRange(Table::kRound, scheme->number()), QueryOf(request), {},
                                  [&](absl::string_view key, absl::string_view value, const Filter&) {
                                    *response.add_rounds() =
                                        ToApi(*scheme, RoundId(IdAtEnd(key)), ParseRow<rows::RoundRow>(value));
                                    return true;
                                  }));
        return absl::OkStatus();
      });
}

absl::StatusOr<v1::ListLeftOutResponse> Rounds::ListLeftOut(const v1::ListLeftOutRequest& request) const {
  Problems problems;
  std::string slug;
  const auto id = problems.CheckName<RoundId>("parent", request.parent(), kRounds, slug);
  RETURN_IF_ERROR(problems.ToStatus());
  return RunRead<v1::ListLeftOutResponse>(
      context_, request, [&](const Snapshot& snapshot, v1::ListLeftOutResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const SchemePtr scheme, FindScheme(snapshot, slug));
        RETURN_IF_ERROR(FindRow<rows::RoundRow>(snapshot, *scheme, id).status());
        const KeyRange range = ResourceRange(Table::kLeftOut, scheme->number(), id.bytes());
        ASSIGN_OR_RETURN(*response.mutable_next_page_token(),
                         ReadList(snapshot, range, QueryOf(request), {},
                                  [&](absl::string_view key, absl::string_view value, const Filter&) {
                                    v1::LeftOut& left_out = *response.add_left_out();
                                    left_out = ParseRow<rows::LeftOutRow>(value).left_out();
                                    left_out.set_member(NameOf(slug, kMembers, MemberId(IdAtEnd(key))));
                                    return true;
                                  }));
        return absl::OkStatus();
      });
}

absl::Status Rounds::MarkInterrupted() {
  return context_.store
      .WriteAndWait({},
                    [](Txn& txn) {
                      std::vector<std::pair<std::string, rows::RoundRow>> running;
                      const KeyRange range = TableRange(Table::kRound);
                      txn.Scan(range.begin, range.end, [&](absl::string_view key, absl::string_view value) {
                        auto row = ParseRow<rows::RoundRow>(value);
                        if (row.round().state() == v1::Round::STATE_RUNNING) running.emplace_back(key, row);
                        return true;
                      });
                      for (auto& [key, row] : running) {
                        row.mutable_round()->set_state(v1::Round::STATE_INTERRUPTED);
                        SaveRow(txn, key, row);
                      }
                      return absl::OkStatus();
                    })
      .status();
}

}  // namespace turnabout
