#include "server/app/match_writer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/status_macros.h"
#include "server/app/entry_view.h"
#include "server/app/member_cache.h"
#include "server/app/member_filter.h"
#include "server/records/dates.h"
#include "server/records/person.h"

namespace turnabout {
namespace {

constexpr int kLinkedShown = 20;

int32_t TodayOf(const Txn& txn) { return DayNumber(DayOf(txn.now())); }

MemberId GiverOf(const rows::MatchRow& row) { return IdFromRow<MemberId>(row.giver()); }
MemberId ReceiverOf(const rows::MatchRow& row) { return IdFromRow<MemberId>(row.receiver()); }

Person PersonNow(const Context& context, const SchemeView& scheme, const MemberId& id, const rows::MemberRow& row,
                 const Txn& txn) {
  const Account& turns = *context.book().FindAccount(TurnsOf(scheme, id), txn.layer());
  return PersonOf(id, row, turns, scheme.rules, txn.now());
}

absl::Status CheckNotResting(const SchemeView& scheme, const MemberId& giver, const MemberId& receiver,
                             const Txn& txn) {
  const auto rest = LoadRow<rows::RestRow>(txn, RestKey(scheme.number(), giver, receiver));
  if (!rest.has_value() || rest->until_day() <= TodayOf(txn)) return absl::OkStatus();
  if (rest->until_day() == kWhilePaired) return Refuse(Reason::kAlreadyPaired);
  return Refuse(Reason::kPairResting, {{"until", FormatDayNumber(rest->until_day())}});
}

void Rest(const SchemeView& scheme, const rows::MatchRow& row, int32_t until_day, Txn& txn) {
  rows::RestRow rest;
  rest.set_until_day(until_day);
  SaveRow(txn, RestKey(scheme.number(), GiverOf(row), ReceiverOf(row)), rest);
}

void StopResting(const SchemeView& scheme, const rows::MatchRow& row, Txn& txn) {
  txn.Delete(RestKey(scheme.number(), GiverOf(row), ReceiverOf(row)));
}

// Room for one more, not counting what is only proposed.
absl::Status CheckRoom(const rows::MemberRow& giver, const rows::MemberRow& receiver) {
  if (giver.giving_count() >= CapacityOf(giver.member())) return Refuse(Reason::kCapacityFull);
  if (receiver.receiving_count() >= BuddiesWantedBy(receiver.member())) return Refuse(Reason::kNeedMet);
  return absl::OkStatus();
}

// Everything that must hold of two people for a match between them, whoever proposes or approves it.
absl::Status CheckTwo(const Context& context, const SchemeView& scheme, const MemberId& giver_id,
                      const rows::MemberRow& giver, const MemberId& receiver_id, const rows::MemberRow& receiver,
                      const Settings& settings, const Txn& txn) {
  RETURN_IF_ERROR(CheckActive(scheme, giver_id, giver));
  RETURN_IF_ERROR(CheckActive(scheme, receiver_id, receiver));
  RETURN_IF_ERROR(CheckPair(PersonNow(context, scheme, giver_id, giver, txn),
                            PersonNow(context, scheme, receiver_id, receiver, txn), settings));
  return CheckRoom(giver, receiver);
}

void SaveMatch(const SchemeView& scheme, const MatchId& id, rows::MatchRow& row, Txn& txn) {
  row.set_version(row.version() + 1);
  row.set_update_micros(absl::ToUnixMicros(txn.now()));
  PutRow(txn, scheme, id, row);
}

void SetAnswerBy(const SchemeView& scheme, const MatchId& id, int32_t day, rows::MatchRow& row, Txn& txn) {
  if (row.answer_by_day() == day) return;
  if (row.answer_by_day() > 0) {
    txn.Delete(DueKey(Table::kMatchDue, row.answer_by_day(), scheme.number(), id.bytes()));
  }
  if (day > 0) txn.Put(DueKey(Table::kMatchDue, day, scheme.number(), id.bytes()), "");
  row.set_answer_by_day(day);
}

// Counts a match in or out of what its two people have proposed, or have taken.
absl::Status Count(MemberCache& members, const rows::MatchRow& row, int proposed, int taken) {
  ASSIGN_OR_RETURN(rows::MemberRow * giver, members.Find(GiverOf(row)));
  ASSIGN_OR_RETURN(rows::MemberRow * receiver, members.Find(ReceiverOf(row)));
  giver->set_proposed_giving_count(giver->proposed_giving_count() + proposed);
  giver->set_giving_count(giver->giving_count() + taken);
  receiver->set_proposed_receiving_count(receiver->proposed_receiving_count() + proposed);
  receiver->set_receiving_count(receiver->receiving_count() + taken);
  return absl::OkStatus();
}

// A match with its id, as one of a linked set.
struct Linked {
  MatchId id;
  rows::MatchRow row;
};

std::string LinkKeyOf(Table table, const SchemeView& scheme, const rows::MatchRow& row) {
  return ResourceKey(table, scheme.number(), IdFromRow<MatchId>(row.link()).bytes());
}

// The matches that stand or fall together with this one, itself among them; none for one that stands alone.
rows::LinkRow LinkOf(const Snapshot& snapshot, const SchemeView& scheme, const rows::MatchRow& row) {
  if (row.link().empty()) return {};
  return LoadRow<rows::LinkRow>(snapshot, LinkKeyOf(Table::kLink, scheme, row)).value_or(rows::LinkRow());
}

// The others with which it stands or falls.
absl::StatusOr<std::vector<Linked>> FindLinked(const SchemeView& scheme, const MatchId& self, const rows::MatchRow& row,
                                               Txn& txn) {
  std::vector<Linked> linked;
  const rows::LinkRow link = LinkOf(txn, scheme, row);
  for (const std::string& bytes : link.matches()) {
    const auto id = IdFromRow<MatchId>(bytes);
    if (id == self) continue;
    ASSIGN_OR_RETURN(rows::MatchRow other, FindRow<rows::MatchRow>(txn, scheme, id));
    linked.push_back({id, std::move(other)});
  }
  return linked;
}

// Counts a match of a set as accepted. True when that was the last of them, or the match stands alone.
bool CountAccepted(const SchemeView& scheme, const rows::MatchRow& row, Txn& txn) {
  if (row.link().empty()) return true;
  const std::string key = LinkKeyOf(Table::kLinkCount, scheme, row);
  rows::LinkCountRow count = LoadRow<rows::LinkCountRow>(txn, key).value_or(rows::LinkCountRow());
  count.set_accepted(count.accepted() + 1);
  SaveRow(txn, key, count);
  return count.accepted() == LinkOf(txn, scheme, row).matches_size();
}

void SaveLink(const SchemeView& scheme, const std::vector<MatchId>& ids, Txn& txn) {
  if (ids.size() < 2) return;
  rows::LinkRow link;
  for (const MatchId& id : ids) link.add_matches(IdToRow(id));
  SaveRow(txn, ResourceKey(Table::kLink, scheme.number(), ids.front().bytes()), link);
}

void AddFindings(const std::vector<Finding>& findings, v1::Match& match) {
  for (const Finding& finding : findings) {
    v1::Match::Finding& each = *match.add_findings();
    each.set_criterion(finding.criterion);
    each.set_score(finding.score);
    each.set_weight(finding.weight);
    each.set_sentence(finding.sentence);
  }
}

rows::MatchRow NewRow(const NewMatch& match, const Proposal& scored, const EntryId& hold, const Txn& txn) {
  rows::MatchRow row;
  row.mutable_match()->set_state(v1::Match::STATE_PROPOSED);
  row.mutable_match()->set_score(match.findings.empty() ? scored.score : match.score);
  AddFindings(match.findings.empty() ? scored.findings : match.findings, *row.mutable_match());
  row.set_giver(IdToRow(match.giver));
  row.set_receiver(IdToRow(match.receiver));
  row.set_hold(IdToRow(hold));
  if (!match.round.empty()) row.set_round(IdToRow(match.round));
  row.set_create_micros(absl::ToUnixMicros(txn.now()));
  return row;
}

// A turn given: the giver's pledge is kept.
void FulfilPledge(const SchemeView& scheme, rows::MemberRow& giver, Txn& txn) {
  const std::optional<rows::PledgeRow> pledge = LivePledge(txn, scheme, giver);
  if (!pledge.has_value()) return;
  EndPledge(scheme, IdFromRow<PledgeId>(giver.live_pledge()), *pledge, v1::Pledge::STATE_FULFILLED, "a turn was given",
            giver, txn);
}

// Posts the turns of a set whose every match is accepted, and sets them going.
absl::Status StartAll(const Context& context, const SchemeView& scheme, std::vector<Linked> all, Txn& txn) {
  ASSIGN_OR_RETURN(const std::vector<Entry> turns, context.ledger.ResolveSet(
                                                       IdFromRow<EntryId>(all.front().row.hold()), EntryState::kPosted,
                                                       [&] { return context.ids.Next<EntryId>(); }, txn));
  MemberCache members(context, scheme, txn);
  for (Linked& each : all) {
    const auto turn = std::find_if(turns.begin(), turns.end(),
                                   [&](const Entry& entry) { return entry.related.view() == each.row.hold(); });
    TURNABOUT_CHECK(turn != turns.end());
    SetAnswerBy(scheme, each.id, 0, each.row, txn);
    each.row.mutable_match()->set_state(*NextState(each.row.match().state(), MatchVerb::kStart));
    each.row.set_turn(IdToRow(turn->id));
    each.row.set_start_micros(absl::ToUnixMicros(txn.now()));
    each.row.set_review_day(TodayOf(txn) + 7 * scheme.rules.proto().matching().first_review_weeks());
    ASSIGN_OR_RETURN(rows::MemberRow * giver, members.Find(GiverOf(each.row)));
    FulfilPledge(scheme, *giver, txn);
    SaveMatch(scheme, each.id, each.row, txn);
  }
  members.SaveAll();
  return absl::OkStatus();
}

// The receiver's turns are within their floor. Who gives as many turns as they receive in a linked set needs none,
// however low their account may be by now: that is how the set was judged when it was held.
absl::Status CheckTurn(const Context& context, const SchemeView& scheme, const MatchId& id, const rows::MatchRow& row,
                       Txn& txn) {
  const absl::Status within = context.ledger.CheckFloor(TurnsOf(scheme, ReceiverOf(row)), txn);
  if (within.ok()) return within;
  ASSIGN_OR_RETURN(const std::vector<Linked> linked, FindLinked(scheme, id, row, txn));
  int64_t net = -1;
  for (const Linked& each : linked) {
    if (each.row.giver() == row.receiver()) ++net;
    if (each.row.receiver() == row.receiver()) --net;
  }
  return net >= 0 ? absl::OkStatus() : within;
}

absl::Status CheckProposals(const Context& context, const SchemeView& scheme, absl::Span<const NewMatch> linked,
                            const Settings& settings, MemberCache& members, Txn& txn) {
  for (const NewMatch& match : linked) {
    if (match.giver == match.receiver) return Refuse(Reason::kSelfPair);
    ASSIGN_OR_RETURN(rows::MemberRow * giver, members.Find(match.giver));
    ASSIGN_OR_RETURN(rows::MemberRow * receiver, members.Find(match.receiver));
    RETURN_IF_ERROR(CheckNotResting(scheme, match.giver, match.receiver, txn));
    RETURN_IF_ERROR(CheckTwo(context, scheme, match.giver, *giver, match.receiver, *receiver, settings, txn));
    RefreshTurnFloor(context, scheme, match.receiver, *receiver, txn);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ForbiddenMove(const SchemeView& scheme, const MatchId& id, v1::Match::State state) {
  return Refuse(Reason::kForbiddenMove, {{"name", NameOf(scheme.slug(), kMatches, id)},
                                         {"state", ShortEnumName(v1::Match::State_Name(state), "STATE_")},
                                         {"allowed", AllowedVerbs(state)}});
}

absl::StatusOr<std::vector<MatchId>> ProposeMatches(const Context& context, const SchemeView& scheme,
                                                    absl::Span<const NewMatch> linked, Txn& txn) {
  const Settings settings = scheme.rules.MatcherSettings();
  MemberCache members(context, scheme, txn);
  RETURN_IF_ERROR(CheckProposals(context, scheme, linked, settings, members, txn));
  std::vector<MatchId> ids;
  std::vector<Draft> turns;
  for (const NewMatch& match : linked) {
    ids.push_back(context.ids.Next<MatchId>());
    turns.push_back({.id = context.ids.Next<EntryId>(),
                     .scheme = scheme.number(),
                     .kind = EntryKind::kTurn,
                     .unit = Unit::kTurns,
                     .from = match.receiver.bytes(),
                     .to = match.giver.bytes(),
                     .amount = 1,
                     .subject = ids.back().bytes()});
  }
  RETURN_IF_ERROR(context.ledger.Hold(turns, absl::InfiniteDuration(), txn).status());
  const int32_t answer_by = TodayOf(txn) + scheme.rules.proto().matching().proposal_days();
  for (size_t i = 0; i < linked.size(); ++i) {
    Proposal scored;
    if (linked[i].findings.empty()) {
      ASSIGN_OR_RETURN(const rows::MemberRow* giver, members.Find(linked[i].giver));
      ASSIGN_OR_RETURN(const rows::MemberRow* receiver, members.Find(linked[i].receiver));
      scored = ScorePair(PersonNow(context, scheme, linked[i].giver, *giver, txn),
                         PersonNow(context, scheme, linked[i].receiver, *receiver, txn), settings);
    }
    rows::MatchRow row = NewRow(linked[i], scored, turns[i].id, txn);
    if (ids.size() > 1) row.set_link(IdToRow(ids.front()));
    RETURN_IF_ERROR(Count(members, row, 1, 0));
    SetAnswerBy(scheme, ids[i], answer_by, row, txn);
    Rest(scheme, row, kWhilePaired, txn);
    SaveMatch(scheme, ids[i], row, txn);
  }
  SaveLink(scheme, ids, txn);
  members.SaveAll();
  return ids;
}

absl::Status ApproveMatch(const Context& context, const SchemeView& scheme, const MatchId& id, rows::MatchRow& row,
                          Txn& txn) {
  const std::optional<v1::Match::State> next = NextState(row.match().state(), MatchVerb::kApprove);
  if (!next.has_value()) return ForbiddenMove(scheme, id, row.match().state());
  MemberCache members(context, scheme, txn);
  ASSIGN_OR_RETURN(rows::MemberRow * giver, members.Find(GiverOf(row)));
  ASSIGN_OR_RETURN(rows::MemberRow * receiver, members.Find(ReceiverOf(row)));
  RETURN_IF_ERROR(
      CheckTwo(context, scheme, GiverOf(row), *giver, ReceiverOf(row), *receiver, scheme.rules.MatcherSettings(), txn));
  RefreshTurnFloor(context, scheme, ReceiverOf(row), *receiver, txn);
  RETURN_IF_ERROR(CheckTurn(context, scheme, id, row, txn));
  RETURN_IF_ERROR(Count(members, row, -1, 1));
  members.SaveAll();
  row.mutable_match()->set_state(*next);
  SetAnswerBy(scheme, id, TodayOf(txn) + scheme.rules.proto().matching().proposal_days(), row, txn);
  SaveMatch(scheme, id, row, txn);
  return absl::OkStatus();
}

absl::Status AcceptMatch(const Context& context, const SchemeView& scheme, const MatchId& id, bool giver,
                         rows::MatchRow& row, Txn& txn) {
  v1::Match& match = *row.mutable_match();
  const bool first = !match.giver_accepted() && !match.receiver_accepted();
  const bool again = giver ? match.giver_accepted() : match.receiver_accepted();
  const std::optional<v1::Match::State> next =
      NextState(match.state(), first ? MatchVerb::kAcceptFirst : MatchVerb::kAcceptSecond);
  if (!next.has_value() || again) return ForbiddenMove(scheme, id, match.state());
  if (giver) match.set_giver_accepted(true);
  if (!giver) match.set_receiver_accepted(true);
  match.set_state(*next);
  SaveMatch(scheme, id, row, txn);
  if (*next != v1::Match::STATE_ACCEPTED) return absl::OkStatus();
  if (!CountAccepted(scheme, row, txn)) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::vector<Linked> all, FindLinked(scheme, id, row, txn));
  all.insert(all.begin(), {id, row});
  RETURN_IF_ERROR(StartAll(context, scheme, std::move(all), txn));
  ASSIGN_OR_RETURN(row, FindRow<rows::MatchRow>(txn, scheme, id));
  return absl::OkStatus();
}

absl::Status FallMatch(const Context& context, const SchemeView& scheme, const MatchId& id, MatchVerb verb,
                       absl::string_view reason, rows::MatchRow& row, Txn& txn) {
  if (!NextState(row.match().state(), verb).has_value()) return ForbiddenMove(scheme, id, row.match().state());
  ASSIGN_OR_RETURN(std::vector<Linked> all, FindLinked(scheme, id, row, txn));
  const bool expired = verb == MatchVerb::kExpire;
  RETURN_IF_ERROR(context.ledger
                      .ResolveSet(
                          IdFromRow<EntryId>(row.hold()), expired ? EntryState::kExpired : EntryState::kVoided,
                          [&] { return context.ids.Next<EntryId>(); }, txn)
                      .status());
  all.insert(all.begin(), {id, row});
  MemberCache members(context, scheme, txn);
  for (size_t i = 0; i < all.size(); ++i) {
    Linked& each = all[i];
    const bool taken = IsTaken(each.row.match().state());
    RETURN_IF_ERROR(Count(members, each.row, taken ? 0 : -1, taken ? -1 : 0));
    SetAnswerBy(scheme, each.id, 0, each.row, txn);
    const MatchVerb how = i == 0 ? verb : MatchVerb::kWithdraw;
    each.row.mutable_match()->set_state(*NextState(each.row.match().state(), how));
    each.row.mutable_match()->set_reason(i == 0 ? std::string(reason) : "a match that this one was linked with fell");
    if (how == MatchVerb::kDecline) {
      Rest(scheme, each.row, TodayOf(txn) + scheme.rules.proto().matching().rest_days(), txn);
    } else {
      StopResting(scheme, each.row, txn);
    }
    SaveMatch(scheme, each.id, each.row, txn);
  }
  members.SaveAll();
  row = all.front().row;
  return absl::OkStatus();
}

absl::Status EndMatch(const Context& context, const SchemeView& scheme, const MatchId& id, absl::string_view actor,
                      absl::string_view reason, rows::MatchRow& row, Txn& txn) {
  const std::optional<v1::Match::State> next = NextState(row.match().state(), MatchVerb::kEnd);
  if (!next.has_value()) return ForbiddenMove(scheme, id, row.match().state());
  const auto& turns = scheme.rules.proto().turns();
  const absl::Duration lasted = txn.now() - absl::FromUnixMicros(row.start_micros());
  const bool counts =
      row.match().contact_count() >= turns.contacts_min() || lasted >= absl::Hours(24 * 7) * turns.weeks_min();
  const auto turn = IdFromRow<EntryId>(row.turn());
  const bool reversed = !context.book().FindEntry(turn, txn.layer())->reversal.empty();
  if (!counts && !reversed) {
    // Ending is nobody's to refuse, so the giver's turn goes back even where it has been used since.
    const auto reversal = context.ids.Next<EntryId>();
    RETURN_IF_ERROR(context.ledger.Reverse(turn, reversal, true, txn).status());
    SaveNote(reversal, actor, absl::StrCat("ended before the minimum: ", reason), txn);
  }
  MemberCache members(context, scheme, txn);
  RETURN_IF_ERROR(Count(members, row, 0, -1));
  members.SaveAll();
  row.mutable_match()->set_state(*next);
  row.mutable_match()->set_reason(std::string(reason));
  row.set_end_micros(absl::ToUnixMicros(txn.now()));
  row.set_review_day(0);
  Rest(scheme, row, TodayOf(txn) + scheme.rules.proto().matching().rest_days(), txn);
  SaveMatch(scheme, id, row, txn);
  return absl::OkStatus();
}

v1::Match ToApi(absl::string_view slug, const MemberId& giver, const MemberId& receiver, const Proposal& proposal) {
  v1::Match match;
  match.set_giver(NameOf(slug, kMembers, giver));
  match.set_receiver(NameOf(slug, kMembers, receiver));
  match.set_state(v1::Match::STATE_PROPOSED);
  match.set_score(proposal.score);
  AddFindings(proposal.findings, match);
  return match;
}

v1::Match ToApi(const Snapshot& snapshot, const SchemeView& scheme, const MatchId& id, const rows::MatchRow& row) {
  v1::Match match = row.match();
  const std::string slug = scheme.slug();
  match.set_name(NameOf(slug, kMatches, id));
  match.set_giver(NameOf(slug, kMembers, GiverOf(row)));
  match.set_receiver(NameOf(slug, kMembers, ReceiverOf(row)));
  if (!row.round().empty()) match.set_round(NameOf(slug, kRounds, IdFromRow<RoundId>(row.round())));
  match.set_hold(NameOf(slug, kEntries, IdFromRow<EntryId>(row.hold())));
  const rows::LinkRow link = LinkOf(snapshot, scheme, row);
  for (const std::string& linked : link.matches()) {
    if (match.linked_matches_size() == kLinkedShown) break;
    if (linked != id.view()) match.add_linked_matches(NameOf(slug, kMatches, IdFromRow<MatchId>(linked)));
  }
  match.set_linked_count(std::max(0, link.matches_size() - 1));
  match.set_answer_by_date(FormatDayNumber(row.answer_by_day()));
  match.set_review_date(FormatDayNumber(row.review_day()));
  match.set_etag(absl::StrCat(row.version()));
  if (row.start_micros() > 0) *match.mutable_start_time() = TimestampOf(row.start_micros());
  if (row.end_micros() > 0) *match.mutable_end_time() = TimestampOf(row.end_micros());
  *match.mutable_create_time() = TimestampOf(row.create_micros());
  *match.mutable_update_time() = TimestampOf(row.update_micros());
  return match;
}

}  // namespace turnabout
