#include "server/app/books.h"

#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "server/app/actor.h"
#include "server/app/books_movement.h"
#include "server/app/entry_view.h"
#include "server/app/problems.h"

namespace turnabout {
namespace {

using SchemePtr = std::shared_ptr<const SchemeView>;

void CheckOverride(const v1::Override& override, Problems& problems) {
  problems.CheckText("override.actor", override.actor(), kResourceNameLengthMax, true);
  problems.CheckText("override.reason", override.reason(), kNoteLengthMax, true);
}

// What PostEntry and HoldEntry have in common. Returns the scheme's slug.
template <typename Request>
std::string CheckMovement(const Request& request, bool hold, Problems& problems) {
  const std::string slug = problems.CheckScheme("parent", request.parent());
  if (!IsFreeKind(request.kind(), hold)) {
    problems.Add("kind", hold ? "Name DONATION, GRANT or GIFT" : "Name DONATION, GRANT, GIFT, OPENING or EXPIRY");
  }
  problems.CheckText("from_account", request.from_account(), kResourceNameLengthMax, true);
  problems.CheckText("to_account", request.to_account(), kResourceNameLengthMax, true);
  problems.CheckText("note", request.note(), kNoteLengthMax, false);
  problems.CheckRequestId(request.request_id());
  ReadActor("actor", request.actor(), slug, false, problems);
  if (request.has_override()) CheckOverride(request.override(), problems);
  return slug;
}

template <typename Request>
absl::StatusOr<Draft> DraftOf(const Context& context, const SchemeView& scheme, const Request& request) {
  ASSIGN_OR_RETURN(const AccountKey from, AccountNamed(scheme, request.from_account()));
  ASSIGN_OR_RETURN(const AccountKey to, AccountNamed(scheme, request.to_account()));
  ASSIGN_OR_RETURN(Draft draft, MinutesDraft(context, scheme, request, from, to));
  draft.overridden = request.has_override();
  return draft;
}

// Who and why, of a request that may carry an override.
template <typename Request>
void SaveWords(const EntryId& entry, const Request& request, absl::string_view note, Txn& txn) {
  if (request.has_override()) {
    SaveNote(entry, request.override().actor(), request.override().reason(), txn);
  } else {
    SaveNote(entry, request.actor(), note, txn);
  }
}

// The answer to a movement at once is the entry, which never changes: its id is enough to find it again.
Memory<v1::PostEntryResponse> MemoryOfPosted(const Context& context) {
  return {.keep =
              [](const v1::PostEntryResponse& response) {
                return IdToRow(*EntryId::Parse(ParseChildName(response.entry().name(), kEntries)->id));
              },
          .recall =
              [&context](const std::string& kept, const Txn& txn, v1::PostEntryResponse& response) {
                if (kept.size() != sizeof(IdBytes)) {  // a release before this one kept the whole answer
                  response.ParseFromString(kept);
                  return;
                }
                const EntryId id = IdFromRow<EntryId>(kept);
                const uint32_t scheme = context.book().FindEntry(id, txn.layer())->entry.scheme;
                *response.mutable_entry() = WrittenEntry(context.book(), *SchemeByNumber(txn, scheme), id, txn);
              }};
}

// The hold or entry that a request of this scheme names, once it is known to be the scheme's.
absl::Status CheckOfScheme(const Context& context, const SchemeView& scheme, const EntryId& id, const Snapshot& view) {
  const std::optional<EntryRow> row = context.book().FindEntry(id, view.layer());
  if (row.has_value() && row->entry.scheme == scheme.number()) return absl::OkStatus();
  return Refuse(Reason::kEntryNotFound, {{"name", NameOf(scheme.slug(), kEntries, id)}});
}

// Holds of turns and of exchanges are resolved by their match or exchange, which would otherwise not know.
absl::Status CheckResolvable(const Context& context, const EntryId& id, const Txn& txn) {
  const Entry entry = context.book().FindEntry(id, txn.layer())->entry;
  if (entry.subject == IdBytes{}) return absl::OkStatus();
  const bool turn = entry.unit == Unit::kTurns;
  return Refuse(Reason::kForbiddenMove,
                {{"name", id.ToString()},
                 {"state", turn ? "held for a match" : "held for an exchange"},
                 {"allowed", turn ? "accept or decline the match" : "confirm, dispute or settle the exchange"}});
}

}  // namespace

void Books::PostEntry(const Call& call, const v1::PostEntryRequest& request, Reply<v1::PostEntryResponse> reply) {
  Problems problems;
  const std::string slug = CheckMovement(request, false, problems);
  if (!problems.empty()) return reply(problems.ToStatus());
  RunWrite<v1::PostEntryResponse>(
      context_, call, slug, request, std::move(reply),
      [this, request, slug](Txn& txn, v1::PostEntryResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const SchemePtr scheme, FindScheme(txn, slug));
        ASSIGN_OR_RETURN(const Draft draft, DraftOf(context_, *scheme, request));
        RETURN_IF_ERROR(context_.ledger.Post({draft}, txn).status());
        SaveWords(draft.id, request, request.note(), txn);
        *response.mutable_entry() = WrittenEntry(context_.book(), *scheme, draft.id, txn);
        return absl::OkStatus();
      },
      MemoryOfPosted(context_));
}

void Books::HoldEntry(const Call& call, const v1::HoldEntryRequest& request, Reply<v1::HoldEntryResponse> reply) {
  Problems problems;
  const std::string slug = CheckMovement(request, true, problems);
  if (request.has_hold_for()) CheckHoldFor(request.hold_for(), problems);
  if (!problems.empty()) return reply(problems.ToStatus());
  RunWrite<v1::HoldEntryResponse>(context_, call, slug, request, std::move(reply),
                                  [this, request, slug](Txn& txn, v1::HoldEntryResponse& response) -> absl::Status {
                                    ASSIGN_OR_RETURN(const SchemePtr scheme, FindScheme(txn, slug));
                                    ASSIGN_OR_RETURN(const Draft draft, DraftOf(context_, *scheme, request));
                                    const absl::Duration hold_for = request.has_hold_for()
                                                                        ? absl::Seconds(request.hold_for().seconds())
                                                                        : absl::InfiniteDuration();
                                    RETURN_IF_ERROR(context_.ledger.Hold({draft}, hold_for, txn).status());
                                    SaveWords(draft.id, request, request.note(), txn);
                                    *response.mutable_entry() = WrittenEntry(context_.book(), *scheme, draft.id, txn);
                                    return absl::OkStatus();
                                  });
}

void Books::PostHold(const Call& call, const v1::PostHoldRequest& request, Reply<v1::PostHoldResponse> reply) {
  Problems problems;
  std::string slug;
  const auto hold = problems.CheckName<EntryId>("name", request.name(), kEntries, slug);
  problems.CheckText("note", request.note(), kNoteLengthMax, false);
  problems.CheckRequestId(request.request_id());
  ReadActor("actor", request.actor(), slug, false, problems);
  if (!problems.empty()) return reply(problems.ToStatus());
  RunWrite<v1::PostHoldResponse>(context_, call, slug, request, std::move(reply),
                                 [this, request, slug, hold](Txn& txn, v1::PostHoldResponse& response) -> absl::Status {
                                   ASSIGN_OR_RETURN(const SchemePtr scheme, FindScheme(txn, slug));
                                   RETURN_IF_ERROR(CheckOfScheme(context_, *scheme, hold, txn));
                                   RETURN_IF_ERROR(CheckResolvable(context_, hold, txn));
                                   const auto id = context_.ids.Next<EntryId>();
                                   RETURN_IF_ERROR(context_.ledger.PostHold(hold, request.amount(), id, txn).status());
                                   SaveNote(id, request.actor(), request.note(), txn);
                                   *response.mutable_entry() = WrittenEntry(context_.book(), *scheme, id, txn);
                                   return absl::OkStatus();
                                 });
}

void Books::VoidHold(const Call& call, const v1::VoidHoldRequest& request, Reply<v1::VoidHoldResponse> reply) {
  Problems problems;
  std::string slug;
  const auto hold = problems.CheckName<EntryId>("name", request.name(), kEntries, slug);
  problems.CheckText("note", request.note(), kNoteLengthMax, false);
  problems.CheckRequestId(request.request_id());
  ReadActor("actor", request.actor(), slug, false, problems);
  if (!problems.empty()) return reply(problems.ToStatus());
  RunWrite<v1::VoidHoldResponse>(
      context_, call, slug, request, std::move(reply),
      [this, request, slug, hold](Txn& txn, v1::VoidHoldResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const SchemePtr scheme, FindScheme(txn, slug));
        RETURN_IF_ERROR(CheckOfScheme(context_, *scheme, hold, txn));
        RETURN_IF_ERROR(CheckResolvable(context_, hold, txn));
        ASSIGN_OR_RETURN(const std::vector<Entry> entries,
                         context_.ledger.ResolveSet(
                             hold, EntryState::kVoided, [this] { return context_.ids.Next<EntryId>(); }, txn));
        const EntryId id = entries.front().id;
        SaveNote(id, request.actor(), request.note(), txn);
        *response.mutable_entry() = WrittenEntry(context_.book(), *scheme, id, txn);
        return absl::OkStatus();
      });
}

void Books::ReverseEntry(const Call& call, const v1::ReverseEntryRequest& request,
                         Reply<v1::ReverseEntryResponse> reply) {
  Problems problems;
  std::string slug;
  const auto reversed = problems.CheckName<EntryId>("name", request.name(), kEntries, slug);
  problems.CheckText("reason", request.reason(), kNoteLengthMax, false);
  problems.CheckRequestId(request.request_id());
  ReadActor("actor", request.actor(), slug, false, problems);
  if (request.has_override()) CheckOverride(request.override(), problems);
  if (!problems.empty()) return reply(problems.ToStatus());
  if (request.reason().empty()) return reply(Refuse(Reason::kReasonRequired, {{"what", "A reversal"}}));
  RunWrite<v1::ReverseEntryResponse>(
      context_, call, slug, request, std::move(reply),
      [this, request, slug, reversed](Txn& txn, v1::ReverseEntryResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const SchemePtr scheme, FindScheme(txn, slug));
        RETURN_IF_ERROR(CheckOfScheme(context_, *scheme, reversed, txn));
        const auto id = context_.ids.Next<EntryId>();
        RETURN_IF_ERROR(context_.ledger.Reverse(reversed, id, request.has_override(), txn).status());
        SaveWords(id, request, request.reason(), txn);
        RETURN_IF_ERROR(ReverseOtherHalf(context_, reversed, request.has_override(),
                                         request.has_override() ? request.override().actor() : request.actor(),
                                         request.has_override() ? request.override().reason() : request.reason(), txn));
        *response.mutable_entry() = WrittenEntry(context_.book(), *scheme, id, txn);
        return absl::OkStatus();
      });
}

}  // namespace turnabout
