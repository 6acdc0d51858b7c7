// Minutes that cross from one scheme to another: an entry in each, over their clearing accounts, both or neither.
#include <memory>
#include <utility>

#include "base/clock.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "server/app/actor.h"
#include "server/app/books.h"
#include "server/app/books_movement.h"
#include "server/app/problems.h"

namespace turnabout {
namespace {

// The account of a member in minutes that `name` means.
absl::StatusOr<AccountKey> MemberAccount(const SchemeView& scheme, absl::string_view field, absl::string_view name) {
  ASSIGN_OR_RETURN(const AccountKey key, AccountNamed(scheme, name));
  if (key.unit == Unit::kMinutes && !IsSchemeOwner(key.owner)) return key;
  return RefuseFields({{std::string(field), "Name a member's account in minutes"}});
}

// Sees to it that the clearing account may go as far as the scheme's rules in force say. Returns it.
AccountKey OpenClearing(const Context& context, const SchemeView& scheme, Txn& txn) {
  const AccountKey key{scheme.number(), Unit::kMinutes, kClearing};
  const v1::RuleSet::Credit& credit = scheme.rules.proto().credit();
  context.ledger.SetLimits(key, {-credit.clearing_overdraft_minutes_max(), credit.clearing_balance_minutes_max()}, txn);
  return key;
}

// One half, which names the other.
Draft HalfOf(const v1::TransferBetweenSchemesRequest& request, const EntryId& id, const EntryId& other,
             const AccountKey& from, const AccountKey& to, int32_t happened_on) {
  return {.id = id,
          .scheme = from.scheme,
          .kind = EntryKind::kInterScheme,
          .from = from.owner,
          .to = to.owner,
          .amount = request.amount(),
          .happened_on = happened_on,
          .subject = other.bytes()};
}

absl::Status Transfer(const Context& context, const v1::TransferBetweenSchemesRequest& request,
                      const SchemeView& from_scheme, const SchemeView& to_scheme, int32_t happened_on, Txn& txn,
                      v1::TransferBetweenSchemesResponse& response) {
  ASSIGN_OR_RETURN(const AccountKey from, MemberAccount(from_scheme, "from_account", request.from_account()));
  ASSIGN_OR_RETURN(const AccountKey to, MemberAccount(to_scheme, "to_account", request.to_account()));
  const auto leaves = context.ids.Next<EntryId>();
  const auto arrives = context.ids.Next<EntryId>();
  const Draft drafts[] = {HalfOf(request, leaves, arrives, from, OpenClearing(context, from_scheme, txn), happened_on),
                          HalfOf(request, arrives, leaves, OpenClearing(context, to_scheme, txn), to, happened_on)};
  RETURN_IF_ERROR(context.ledger.Post(drafts, txn).status());
  for (const EntryId& id : {leaves, arrives}) SaveNote(id, request.actor(), request.note(), txn);
  *response.mutable_from_entry() = WrittenEntry(context.book(), from_scheme, leaves, txn);
  *response.mutable_to_entry() = WrittenEntry(context.book(), to_scheme, arrives, txn);
  return absl::OkStatus();
}

}  // namespace

void Books::TransferBetweenSchemes(const Call& call, const v1::TransferBetweenSchemesRequest& request,
                                   Reply<v1::TransferBetweenSchemesResponse> reply) {
  Problems problems;
  CheckAccountName("from_account", request.from_account(), problems);
  CheckAccountName("to_account", request.to_account(), problems);
  problems.CheckText("note", request.note(), kNoteLengthMax, false);
  problems.CheckRequestId(request.request_id());
  const int32_t happened_on = ReadHappenedOn(request.happened_on_date(), DayOf(context_.clock.Now()), problems);
  const std::string from_slug = ParseChildName(request.from_account(), kAccounts).value_or(ParsedName{}).slug;
  const std::string to_slug = ParseChildName(request.to_account(), kAccounts).value_or(ParsedName{}).slug;
  if (from_slug == to_slug) problems.Add("to_account", "Name an account of another scheme; within one, post a gift");
  ReadActor("actor", request.actor(), from_slug, false, problems);
  if (!problems.empty()) return reply(problems.ToStatus());
  RunWrite<v1::TransferBetweenSchemesResponse>(
      context_, call, from_slug, request, std::move(reply),
      [this, request, from_slug, to_slug, happened_on](Txn& txn,
                                                       v1::TransferBetweenSchemesResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const std::shared_ptr<const SchemeView> from, FindScheme(txn, from_slug));
        ASSIGN_OR_RETURN(const std::shared_ptr<const SchemeView> to, FindScheme(txn, to_slug));
        return Transfer(context_, request, *from, *to, happened_on, txn, response);
      });
}

absl::Status ReverseOtherHalf(const Context& context, const EntryId& reversed, bool overridden, absl::string_view actor,
                              absl::string_view note, Txn& txn) {
  const Entry entry = context.book().FindEntry(reversed, txn.layer())->entry;
  if (entry.kind != EntryKind::kInterScheme) return absl::OkStatus();
  const auto id = context.ids.Next<EntryId>();
  RETURN_IF_ERROR(context.ledger.Reverse(EntryId(entry.subject), id, overridden, txn).status());
  SaveNote(id, actor, note, txn);
  return absl::OkStatus();
}

}  // namespace turnabout
