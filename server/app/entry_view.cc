#include "server/app/entry_view.h"

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/minutes.h"
#include "base/status_macros.h"
#include "server/records/dates.h"

namespace turnabout {
namespace {

// Exchanges and matches are both subjects; which one follows from the unit. A movement between schemes keeps its other
// half there, and so does its reversal.
std::string SubjectName(const Book& book, const Snapshot& snapshot, const SchemeView& scheme, const Entry& entry) {
  if (entry.subject == IdBytes{}) return "";
  const bool back = entry.kind == EntryKind::kReversal;
  const EntryKind kind = back ? book.FindEntry(entry.related, snapshot.layer())->entry.kind : entry.kind;
  if (kind == EntryKind::kInterScheme) return "";
  return ChildName(scheme.slug(), entry.unit == Unit::kTurns ? kMatches : kExchanges, IdBytesToText(entry.subject));
}

std::string CounterpartName(const Book& book, const Snapshot& snapshot, const Entry& entry) {
  if (entry.kind != EntryKind::kInterScheme) return "";
  const std::optional<EntryRow> other = book.FindEntry(EntryId(entry.subject), snapshot.layer());
  if (!other.has_value()) return "";
  return NameOf(SchemeByNumber(snapshot, other->entry.scheme)->slug(), kEntries, other->entry.id);
}

std::string AccountName(const SchemeView& scheme, const AccountKey& key) {
  return ChildName(scheme.slug(), kAccounts, AccountText(key));
}

std::string CategoryOf(const SchemeView& scheme, const Entry& entry) {
  const auto& categories = scheme.rules.proto().categories();
  if (entry.category == 0 || entry.category > categories.size()) return "";
  return categories[entry.category - 1].display_name();
}

// What happened, without the amount: {"Gave", "Received"} and so on, from and to the account.
absl::string_view VerbOf(const Entry& entry, bool to) {
  switch (entry.kind) {
    case EntryKind::kExchange:
    case EntryKind::kActivity:
      return to ? "Gave" : "Received";
    case EntryKind::kDonation:
      return to ? "Was given" : "Donated";
    case EntryKind::kGrant:
      return to ? "Was granted" : "Granted";
    case EntryKind::kGift:
      return to ? "Was given" : "Made a gift of";
    case EntryKind::kOpening:
      return to ? "Started with" : "Gave a start of";
    case EntryKind::kExpiry:
      return to ? "Took in" : "Lost to expiry";
    case EntryKind::kInterScheme:
      return to ? "Brought in" : "Sent on";
    case EntryKind::kTurn:
      return to ? "Was a buddy:" : "Had a buddy:";
    case EntryKind::kReversal:
      return to ? "Got back" : "Gave back";
  }
  return "Moved";
}

std::string AmountOf(const Entry& entry) {
  if (entry.unit == Unit::kMinutes) return FormatMinutes(Minutes(entry.amount));
  return absl::StrCat(entry.amount, entry.amount == 1 ? " turn" : " turns");
}

}  // namespace

v1::Entry ToApiWithoutWords(const Book& book, const Snapshot& snapshot, const SchemeView& scheme, const EntryRow& row) {
  const Entry& entry = row.entry;
  v1::Entry api;
  api.set_name(NameOf(scheme.slug(), kEntries, entry.id));
  api.set_number(entry.number);
  api.set_kind(static_cast<v1::Entry::Kind>(entry.kind));
  api.set_state(static_cast<v1::Entry::State>(entry.state));
  api.set_current_state(static_cast<v1::Entry::State>(row.current));
  api.set_unit(static_cast<v1::Unit>(entry.unit));
  api.set_amount(entry.amount);
  api.set_from_account(AccountName(scheme, entry.from_key()));
  api.set_to_account(AccountName(scheme, entry.to_key()));
  *api.mutable_create_time() = TimestampOf(entry.time_micros);
  api.set_happened_on_date(FormatDayNumber(entry.happened_on));
  if (entry.kind == EntryKind::kReversal) {
    api.set_reverses(NameOf(scheme.slug(), kEntries, entry.related));
  } else if (entry.state != EntryState::kHeld && !entry.related.empty()) {
    api.set_hold(NameOf(scheme.slug(), kEntries, entry.related));
  }
  api.set_subject(SubjectName(book, snapshot, scheme, entry));
  api.set_counterpart(CounterpartName(book, snapshot, entry));
  if (entry.state == EntryState::kHeld && entry.hold_seconds > 0) {
    *api.mutable_expire_time() = TimestampOf(absl::ToUnixMicros(entry.expires()));
  }
  api.set_sequence(static_cast<int64_t>(row.sequence));
  api.set_overridden(entry.overridden);
  return api;
}

v1::Entry ToApi(const Book& book, const Snapshot& snapshot, const SchemeView& scheme, const EntryRow& row) {
  v1::Entry api = ToApiWithoutWords(book, snapshot, scheme, row);
  if (const auto note = LoadRow<rows::EntryNoteRow>(snapshot, EntryNoteKey(row.entry.id))) {
    api.set_note(note->note());
    api.set_actor(note->actor());
  }
  return api;
}

v1::Account ToApi(const SchemeView& scheme, const AccountKey& key, const Balances& balances) {
  v1::Account api;
  api.set_name(AccountName(scheme, key));
  if (!IsSchemeOwner(key.owner)) api.set_member(ChildName(scheme.slug(), kMembers, IdBytesToText(key.owner)));
  api.set_unit(static_cast<v1::Unit>(key.unit));
  api.set_posted(balances.posted);
  api.set_held_out(balances.held_out);
  api.set_held_in(balances.held_in);
  return api;
}

v1::Account ToApi(const SchemeView& scheme, const AccountKey& key, const Account& account) {
  v1::Account api = ToApi(scheme, key, Balances{account.posted, account.held_out, account.held_in});
  if (account.limits.floor != kNoFloor) {
    api.set_floor(account.limits.floor);
    api.set_available(account.posted - account.held_out - account.limits.floor);
  }
  if (account.limits.ceiling != kNoCeiling) api.set_ceiling(account.limits.ceiling);
  return api;
}

std::string SentenceFor(const SchemeView& scheme, const AccountKey& account, const EntryRow& row) {
  const Entry& entry = row.entry;
  const bool to = entry.to_key() == account;
  std::string sentence = absl::StrCat(VerbOf(entry, to), " ", AmountOf(entry));
  const std::string category = CategoryOf(scheme, entry);
  if (!category.empty()) absl::StrAppend(&sentence, ": ", category);
  switch (entry.state) {
    case EntryState::kHeld:
      return absl::StrCat(sentence, row.current == EntryState::kHeld ? " (waiting to be confirmed)" : " (logged)");
    case EntryState::kVoided:
      return absl::StrCat(sentence, " (not counted)");
    case EntryState::kExpired:
      return absl::StrCat(sentence, " (not confirmed in time)");
    case EntryState::kPosted:
      break;
  }
  return row.reversal.empty() ? sentence : absl::StrCat(sentence, " (undone later)");
}

absl::StatusOr<AccountKey> AccountNamed(const SchemeView& scheme, absl::string_view name) {
  ASSIGN_OR_RETURN(AccountKey key, AccountNamed(scheme.slug(), name));
  key.scheme = scheme.number();
  return key;
}

absl::StatusOr<AccountKey> AccountNamed(absl::string_view slug, absl::string_view name) {
  const std::optional<ParsedName> parsed = ParseChildName(name, kAccounts);
  if (!parsed.has_value()) return Refuse(Reason::kAccountNotFound, {{"name", name.substr(0, 100)}});
  if (parsed->slug != slug) return Refuse(Reason::kOtherScheme, {{"name", name}});
  return ParseAccountText(0, parsed->id);
}

void SaveNote(const EntryId& entry, absl::string_view actor, absl::string_view note, Txn& txn) {
  if (actor.empty() && note.empty()) return;
  rows::EntryNoteRow row;
  row.set_actor(std::string(actor));
  row.set_note(std::string(note));
  SaveRow(txn, EntryNoteKey(entry), row);
}

v1::Entry WrittenEntry(const Book& book, const SchemeView& scheme, const EntryId& id, const Txn& txn) {
  return ToApi(book, txn, scheme, *book.FindEntry(id, txn.layer()));
}

}  // namespace turnabout
