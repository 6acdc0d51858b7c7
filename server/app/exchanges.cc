#include "server/app/exchanges.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "server/app/entry_view.h"
#include "server/app/listing.h"
#include "server/app/masks.h"
#include "server/app/member_filter.h"
#include "server/app/member_writer.h"
#include "server/app/target.h"
#include "server/app/turns.h"
#include "server/records/dates.h"

namespace turnabout {
namespace {

using SchemePtr = std::shared_ptr<const SchemeView>;

constexpr absl::string_view kFilterFields[] = {"state", "giver",   "receiver",        "category",
                                               "match", "minutes", "happened_on_date"};
constexpr absl::string_view kByTheClock = "coordinators/clock";

v1::Exchange ToApi(const SchemeView& scheme, const ExchangeId& id, const rows::ExchangeRow& row) {
  v1::Exchange exchange = row.exchange();
  const std::string slug = scheme.slug();
  exchange.set_name(NameOf(slug, kExchanges, id));
  exchange.set_giver(NameOf(slug, kMembers, IdFromRow<MemberId>(row.giver())));
  exchange.set_receiver(NameOf(slug, kMembers, IdFromRow<MemberId>(row.receiver())));
  exchange.set_hold(NameOf(slug, kEntries, IdFromRow<EntryId>(row.hold())));
  if (!row.resolution().empty()) {
    exchange.set_resolution(NameOf(slug, kEntries, IdFromRow<EntryId>(row.resolution())));
  }
  if (!row.match().empty()) exchange.set_match(NameOf(slug, kMatches, IdFromRow<MatchId>(row.match())));
  exchange.set_confirm_by_date(FormatDayNumber(row.confirm_by_day()));
  exchange.set_etag(absl::StrCat(row.version()));
  *exchange.mutable_create_time() = TimestampOf(row.create_micros());
  *exchange.mutable_update_time() = TimestampOf(row.update_micros());
  return exchange;
}

void Save(const SchemeView& scheme, const ExchangeId& id, rows::ExchangeRow& row, Txn& txn) {
  row.set_version(row.version() + 1);
  row.set_update_micros(absl::ToUnixMicros(txn.now()));
  PutRow(txn, scheme, id, row);
}

// What can happen next in each state.
absl::string_view AllowedIn(v1::Exchange::State state) {
  switch (state) {
    case v1::Exchange::STATE_LOGGED:
    case v1::Exchange::STATE_OVERDUE:
      return "confirm, dispute, settle";
    case v1::Exchange::STATE_DISPUTED:
      return "settle";
    default:
      return "nothing";
  }
}

absl::Status Forbidden(const SchemeView& scheme, const ExchangeId& id, v1::Exchange::State state) {
  return Refuse(Reason::kForbiddenMove, {{"name", NameOf(scheme.slug(), kExchanges, id)},
                                         {"state", ShortEnumName(v1::Exchange::State_Name(state), "STATE_")},
                                         {"allowed", AllowedIn(state)}});
}

bool IsOpen(v1::Exchange::State state) {
  return state == v1::Exchange::STATE_LOGGED || state == v1::Exchange::STATE_OVERDUE;
}

absl::Status CheckParty(const Actor& actor, const rows::ExchangeRow& row) {
  if (actor.is_coordinator() || actor.member.view() == row.giver() || actor.member.view() == row.receiver()) {
    return absl::OkStatus();
  }
  return Refuse(Reason::kNotAParty, {{"actor", actor.text}});
}

// No longer waits to be confirmed.
void ClearDue(const SchemeView& scheme, const ExchangeId& id, const rows::ExchangeRow& row, Txn& txn) {
  txn.Delete(DueKey(Table::kExchangeDue, row.confirm_by_day(), scheme.number(), id.bytes()));
}

// A confirmed hour of a match that is under way is a contact.
void CountContact(const SchemeView& scheme, const rows::ExchangeRow& row, Txn& txn) {
  if (row.match().empty()) return;
  const auto id = IdFromRow<MatchId>(row.match());
  absl::StatusOr<rows::MatchRow> match = FindRow<rows::MatchRow>(txn, scheme, id);
  if (!match.ok() || match->match().state() != v1::Match::STATE_ACTIVE) return;
  match->mutable_match()->set_contact_count(match->match().contact_count() + 1);
  match->set_version(match->version() + 1);
  PutRow(txn, scheme, id, *match);
}

// Posts `minutes` of the hold, or lets it go when there are none, and closes the exchange in `state`.
absl::Status Close(const Context& context, const SchemeView& scheme, const ExchangeId& id, rows::ExchangeRow& row,
                   v1::Exchange::State state, int64_t minutes, absl::string_view actor, absl::string_view reason,
                   Txn& txn) {
  const auto hold = IdFromRow<EntryId>(row.hold());
  const auto entry = context.ids.Next<EntryId>();
  if (minutes > 0) {
    RETURN_IF_ERROR(context.ledger.PostHold(hold, minutes, entry, txn).status());
    CountContact(scheme, row, txn);
  } else {
    RETURN_IF_ERROR(context.ledger
                        .ResolveSet(
                            hold, EntryState::kVoided, [&] { return entry; }, txn)
                        .status());
  }
  SaveNote(entry, actor, reason, txn);
  if (row.exchange().state() == v1::Exchange::STATE_LOGGED) ClearDue(scheme, id, row, txn);
  row.set_resolution(IdToRow(entry));
  row.mutable_exchange()->set_state(state);
  row.mutable_exchange()->set_minutes_posted(minutes);
  Save(scheme, id, row, txn);
  return absl::OkStatus();
}

// What LogExchange is asked for, read and checked as far as it can be without the writer.
struct Logging {
  MemberId giver;
  MemberId receiver;
  MatchId match;
  Actor actor;
  absl::CivilDay happened_on;
};

Logging ReadLogging(const v1::LogExchangeRequest& request, const absl::CivilDay& today, std::string& slug,
                    Problems& problems) {
  const v1::Exchange& exchange = request.exchange();
  Logging logging;
  logging.giver = problems.CheckName<MemberId>("exchange.giver", exchange.giver(), kMembers, slug);
  logging.receiver = problems.CheckName<MemberId>("exchange.receiver", exchange.receiver(), kMembers, slug);
  if (!exchange.match().empty()) {
    logging.match = problems.CheckName<MatchId>("exchange.match", exchange.match(), kMatches, slug);
  }
  problems.CheckRange("exchange.minutes", exchange.minutes(), 1, kExchangeMinutesMax);
  problems.CheckText("exchange.note", exchange.note(), kNoteLengthMax, false);
  problems.CheckText("exchange.category", exchange.category(), kSlugLengthMax, false);
  problems.CheckRequestId(request.request_id());
  logging.actor = ReadActor("actor", request.actor(), slug, true, problems);
  const std::optional<absl::CivilDay> date =
      problems.CheckDate("exchange.happened_on_date", exchange.happened_on_date(), true);
  if (date.has_value()) {
    logging.happened_on = *date;
    if (*date > today) problems.Add("exchange.happened_on_date", "Enter a date that is not in the future");
    if (*date < today - kExchangeAgeDaysMax) {
      problems.Add("exchange.happened_on_date",
                   absl::StrCat("Enter a date in the last ", kExchangeAgeDaysMax, " days"));
    }
  }
  return logging;
}

absl::Status CheckPeople(const SchemeView& scheme, const Logging& logging, Txn& txn) {
  ASSIGN_OR_RETURN(const rows::MemberRow giver, FindRow<rows::MemberRow>(txn, scheme, logging.giver));
  ASSIGN_OR_RETURN(const rows::MemberRow receiver, FindRow<rows::MemberRow>(txn, scheme, logging.receiver));
  if (logging.giver == logging.receiver) return Refuse(Reason::kSamePerson);
  RETURN_IF_ERROR(CheckActive(scheme, logging.giver, giver));
  RETURN_IF_ERROR(CheckActive(scheme, logging.receiver, receiver));
  if (!logging.actor.is_coordinator() && logging.actor.member != logging.giver &&
      logging.actor.member != logging.receiver) {
    return Refuse(Reason::kNotAParty, {{"actor", logging.actor.text}});
  }
  if (logging.match.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const rows::MatchRow match, FindRow<rows::MatchRow>(txn, scheme, logging.match));
  const bool same_pair = match.giver() == logging.giver.view() && match.receiver() == logging.receiver.view();
  if (same_pair) return absl::OkStatus();
  return RefuseFields({{"exchange.match", "Name a match between this giver and this receiver"}});
}

absl::Status Write(const Context& context, const SchemeView& scheme, const Logging& logging,
                   const v1::LogExchangeRequest& request, Txn& txn, v1::LogExchangeResponse& response) {
  RETURN_IF_ERROR(CheckPeople(scheme, logging, txn));
  const std::optional<int> category = scheme.rules.Category(request.exchange().category());
  if (!request.exchange().category().empty() && !category.has_value()) {
    return Refuse(Reason::kUnknownCategory, {{"category", request.exchange().category()}});
  }
  const auto id = context.ids.Next<ExchangeId>();
  const auto hold = context.ids.Next<EntryId>();
  const Draft draft{.id = hold,
                    .scheme = scheme.number(),
                    .kind = EntryKind::kExchange,
                    .from = logging.receiver.bytes(),
                    .to = logging.giver.bytes(),
                    .amount = request.exchange().minutes(),
                    .happened_on = DayNumber(logging.happened_on),
                    .category = static_cast<uint16_t>(category.has_value() ? *category + 1 : 0),
                    .subject = id.bytes()};
  RETURN_IF_ERROR(context.ledger.Hold({draft}, absl::InfiniteDuration(), txn).status());
  SaveNote(hold, logging.actor.text, request.exchange().note(), txn);
  rows::ExchangeRow row;
  *row.mutable_exchange() = request.exchange();
  row.mutable_exchange()->set_state(v1::Exchange::STATE_LOGGED);
  row.mutable_exchange()->set_logged_by(logging.actor.text);
  row.set_giver(IdToRow(logging.giver));
  row.set_receiver(IdToRow(logging.receiver));
  row.set_hold(IdToRow(hold));
  if (!logging.match.empty()) row.set_match(IdToRow(logging.match));
  row.set_create_micros(absl::ToUnixMicros(txn.now()));
  row.set_confirm_by_day(DayNumber(DayOf(txn.now())) + scheme.rules.proto().credit().confirmation_days());
  txn.Put(DueKey(Table::kExchangeDue, row.confirm_by_day(), scheme.number(), id.bytes()), "");
  Save(scheme, id, row, txn);
  *response.mutable_exchange() = ToApi(scheme, id, row);
  return absl::OkStatus();
}

// Output-only fields that a caller filled in are not theirs to say.
void ClearOutputOnly(v1::Exchange& exchange) {
  v1::Exchange kept;
  kept.set_giver(exchange.giver());
  kept.set_receiver(exchange.receiver());
  kept.set_minutes(exchange.minutes());
  kept.set_happened_on_date(exchange.happened_on_date());
  kept.set_category(exchange.category());
  kept.set_note(exchange.note());
  kept.set_match(exchange.match());
  exchange = kept;
}

// Finds an exchange to act on, its etag being the current one.
absl::StatusOr<rows::ExchangeRow> FindForUpdate(const SchemeView& scheme, const ExchangeId& id, absl::string_view etag,
                                                const Actor& actor, Txn& txn) {
  ASSIGN_OR_RETURN(rows::ExchangeRow row, FindRow<rows::ExchangeRow>(txn, scheme, id));
  RETURN_IF_ERROR(CheckEtag(etag, row.version(), NameOf(scheme.slug(), kExchanges, id)));
  RETURN_IF_ERROR(CheckParty(actor, row));
  return row;
}

}  // namespace

void Exchanges::LogExchange(const Call& call, const v1::LogExchangeRequest& request,
                            Reply<v1::LogExchangeResponse> reply) {
  Problems problems;
  std::string slug = problems.CheckScheme("parent", request.parent());
  const Logging logging = ReadLogging(request, DayOf(context_.clock.Now()), slug, problems);
  if (!problems.empty()) return reply(problems.ToStatus());
  v1::LogExchangeRequest cleaned = request;
  ClearOutputOnly(*cleaned.mutable_exchange());
  RunSchemeWrite<v1::LogExchangeResponse>(
      context_, call, slug, request, std::move(reply),
      [this, cleaned, logging](const SchemeView& scheme, Txn& txn, v1::LogExchangeResponse& response) -> absl::Status {
        return Write(context_, scheme, logging, cleaned, txn, response);
      });
}

void Exchanges::ConfirmExchange(const Call& call, const v1::ConfirmExchangeRequest& request,
                                Reply<v1::ConfirmExchangeResponse> reply) {
  Problems problems;
  const auto target = ReadTarget<ExchangeId>(request, kExchanges, ActorIs::kRequired, problems);
  if (!problems.empty()) return reply(problems.ToStatus());
  RunSchemeWrite<v1::ConfirmExchangeResponse>(
      context_, call, target.slug, request, std::move(reply),
      [this, request, target](const SchemeView& scheme, Txn& txn,
                              v1::ConfirmExchangeResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(rows::ExchangeRow row, FindForUpdate(scheme, target.id, request.etag(), target.actor, txn));
        if (!IsOpen(row.exchange().state())) return Forbidden(scheme, target.id, row.exchange().state());
        if (target.actor.text == row.exchange().logged_by()) {
          return Refuse(Reason::kOwnHours, {{"name", request.name()}});
        }
        RETURN_IF_ERROR(Close(context_, scheme, target.id, row, v1::Exchange::STATE_CONFIRMED, row.exchange().minutes(),
                              target.actor.text, "", txn));
        *response.mutable_exchange() = ToApi(scheme, target.id, row);
        return absl::OkStatus();
      });
}

void Exchanges::DisputeExchange(const Call& call, const v1::DisputeExchangeRequest& request,
                                Reply<v1::DisputeExchangeResponse> reply) {
  Problems problems;
  const auto target = ReadTarget<ExchangeId>(request, kExchanges, ActorIs::kRequired, problems);
  if (!problems.empty()) return reply(problems.ToStatus());
  if (request.reason().empty()) return reply(Refuse(Reason::kReasonRequired, {{"what", "A dispute"}}));
  RunSchemeWrite<v1::DisputeExchangeResponse>(
      context_, call, target.slug, request, std::move(reply),
      [request, target](const SchemeView& scheme, Txn& txn, v1::DisputeExchangeResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(rows::ExchangeRow row, FindForUpdate(scheme, target.id, request.etag(), target.actor, txn));
        if (!IsOpen(row.exchange().state())) return Forbidden(scheme, target.id, row.exchange().state());
        if (row.exchange().state() == v1::Exchange::STATE_LOGGED) ClearDue(scheme, target.id, row, txn);
        row.mutable_exchange()->set_state(v1::Exchange::STATE_DISPUTED);
        row.mutable_exchange()->set_dispute_reason(request.reason());
        Save(scheme, target.id, row, txn);
        *response.mutable_exchange() = ToApi(scheme, target.id, row);
        return absl::OkStatus();
      });
}

void Exchanges::SettleExchange(const Call& call, const v1::SettleExchangeRequest& request,
                               Reply<v1::SettleExchangeResponse> reply) {
  Problems problems;
  const auto target = ReadTarget<ExchangeId>(request, kExchanges, ActorIs::kRequired, problems);
  if (!target.actor.member.empty()) problems.Add("actor", "Enter coordinators/ and a name: a coordinator settles");
  problems.CheckRange("minutes", request.minutes(), 0, kExchangeMinutesMax);
  if (!problems.empty()) return reply(problems.ToStatus());
  if (request.reason().empty()) return reply(Refuse(Reason::kReasonRequired, {{"what", "Settling"}}));
  RunSchemeWrite<v1::SettleExchangeResponse>(
      context_, call, target.slug, request, std::move(reply),
      [this, request, target](const SchemeView& scheme, Txn& txn,
                              v1::SettleExchangeResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(rows::ExchangeRow row, FindForUpdate(scheme, target.id, request.etag(), target.actor, txn));
        const v1::Exchange::State state = row.exchange().state();
        if (!IsOpen(state) && state != v1::Exchange::STATE_DISPUTED) return Forbidden(scheme, target.id, state);
        if (request.minutes() > row.exchange().minutes()) {
          return Refuse(Reason::kSettleOverLogged, {{"minutes", absl::StrCat(request.minutes())},
                                                    {"logged", absl::StrCat(row.exchange().minutes())}});
        }
        row.mutable_exchange()->set_settlement_reason(request.reason());
        const auto settled = request.minutes() > 0 ? v1::Exchange::STATE_SETTLED : v1::Exchange::STATE_VOIDED;
        RETURN_IF_ERROR(Close(context_, scheme, target.id, row, settled, request.minutes(), target.actor.text,
                              request.reason(), txn));
        *response.mutable_exchange() = ToApi(scheme, target.id, row);
        return absl::OkStatus();
      });
}

absl::StatusOr<v1::GetExchangeResponse> Exchanges::GetExchange(const v1::GetExchangeRequest& request) const {
  Problems problems;
  std::string slug;
  const auto id = problems.CheckName<ExchangeId>("name", request.name(), kExchanges, slug);
  RETURN_IF_ERROR(problems.ToStatus());
  return RunRead<v1::GetExchangeResponse>(
      context_, request, [&](const Snapshot& snapshot, v1::GetExchangeResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const SchemePtr scheme, FindScheme(snapshot, slug));
        ASSIGN_OR_RETURN(const rows::ExchangeRow row, FindRow<rows::ExchangeRow>(snapshot, *scheme, id));
        *response.mutable_exchange() = ToApi(*scheme, id, row);
        return absl::OkStatus();
      });
}

absl::StatusOr<v1::ListExchangesResponse> Exchanges::ListExchanges(const v1::ListExchangesRequest& request) const {
  Problems problems;
  const std::string slug = problems.CheckScheme("parent", request.parent());
  RETURN_IF_ERROR(problems.ToStatus());
  return RunRead<v1::ListExchangesResponse>(
      context_, request, [&](const Snapshot& snapshot, v1::ListExchangesResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const SchemePtr scheme, FindScheme(snapshot, slug));
        const auto add = [&](absl::string_view key, absl::string_view value, const Filter& filter) {
          const v1::Exchange exchange = ToApi(*scheme, ExchangeId(IdAtEnd(key)), ParseRow<rows::ExchangeRow>(value));
          const auto values = [&](absl::string_view field) -> std::vector<std::string> {
            if (field == "state") return {ShortEnumName(v1::Exchange::State_Name(exchange.state()), "STATE_")};
            if (field == "giver") return {exchange.giver()};
            if (field == "receiver") return {exchange.receiver()};
            if (field == "category") return {exchange.category()};
            if (field == "match") return {exchange.match()};
            if (field == "minutes") return {absl::StrCat(exchange.minutes())};
            return {exchange.happened_on_date()};
          };
          if (!filter.Matches(values)) return false;
          *response.add_exchanges() = exchange;
          return true;
        };
        ASSIGN_OR_RETURN(
            *response.mutable_next_page_token(),
            ReadList(snapshot, SchemeRange(Table::kExchange, scheme->number()), QueryOf(request), kFilterFields, add));
        return absl::OkStatus();
      });
}

absl::Status ExchangeFellDue(const Context& context, const SchemeView& scheme, const ExchangeId& id, Txn& txn) {
  ASSIGN_OR_RETURN(rows::ExchangeRow row, FindRow<rows::ExchangeRow>(txn, scheme, id));
  if (row.exchange().state() != v1::Exchange::STATE_LOGGED) return absl::OkStatus();
  if (scheme.rules.proto().credit().silence() == v1::RuleSet::SILENCE_RULE_POST) {
    return Close(context, scheme, id, row, v1::Exchange::STATE_CONFIRMED, row.exchange().minutes(), kByTheClock,
                 "nobody objected in time", txn);
  }
  ClearDue(scheme, id, row, txn);
  row.mutable_exchange()->set_state(v1::Exchange::STATE_OVERDUE);
  Save(scheme, id, row, txn);
  return absl::OkStatus();
}

}  // namespace turnabout
