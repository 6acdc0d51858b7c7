// A Ledger moves minutes and turns between accounts and never loses or invents one.
//
//   Ledger ledger(book);
//   store.Write({}, [&](Txn& txn) {
//     return ledger.Hold({{.id = ids.Next<EntryId>(), .scheme = 1, .kind = EntryKind::kExchange,
//                          .from = ana, .to = ben, .amount = 90}}, absl::Hours(24 * 14), txn).status();
//   }, ...);
//
// Invariants, checked when written and again when read:
//   (1) What leaves one account reaches another: each unit sums to zero over a scheme's accounts.
//   (2) An account equals the sum of its entries, and what it has reserved equals its open holds.
//   (3) Entries never change; a correction is an entry that names the one it reverses, at most once.
//   (4) No entry takes an account past its floor or ceiling, counting holds, unless it says that it was overridden.
//
// Give to receive is (4) for accounts in turns, whose floor is minus the member's allowance: there is no other rule.
//
// Where several refusals apply, the first of this list is the one given: ACCOUNT_NOT_FOUND, SAME_ACCOUNT,
// AMOUNT_NOT_POSITIVE, AMOUNT_OVER_LIMIT, ENTRY_NOT_FOUND, NOT_REVERSIBLE, ALREADY_REVERSED, HOLD_ALREADY_RESOLVED,
// HOLD_LINKED, PART_OVER_HOLD, then for each account in the order named CREDIT_LIMIT_REACHED (minutes), PLEDGE_NEEDED
// (turns, no allowance), TURN_NEEDED (turns), CEILING_REACHED; of several drafts, the first that has one. An entry id
// that is empty or in use is the server's own mistake: INTERNAL, before all of these (ResolveSet asks for ids only once
// it has found the holds). On refusal nothing was written.
//
// Threads: a Ledger is immutable; each call uses its own Txn.
#ifndef TURNABOUT_LEDGER_LEDGER_H_
#define TURNABOUT_LEDGER_LEDGER_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "ledger/book/book.h"
#include "store/txn.h"

namespace turnabout {

// A movement that somebody asks for.
struct Draft {
  EntryId id;  // REQUIRED. Above that of every entry before
  uint32_t scheme = 0;
  EntryKind kind = EntryKind::kExchange;
  Unit unit = Unit::kMinutes;
  OwnerId from{};
  OwnerId to{};
  int64_t amount = 0;
  int32_t happened_on = 0;  // day number. DEFAULT: 0, the day it is written
  uint16_t category = 0;
  IdBytes subject{};
  bool overridden = false;  // sets floor and ceiling aside; who and why are the caller's to write beside it
};

class Ledger {
 public:
  // REQUIRES: `book` is a projection of the store whose Txns are given, and outlives the Ledger.
  explicit Ledger(const Book& book) : book_(book) {}

  const Book& book() const { return book_; }

  // Opens an account, or changes its limits; writes nothing when it has them already. REQUIRES: floor <= ceiling.
  void SetLimits(const AccountKey& key, const AccountLimits& limits, Txn& txn) const;

  // Posts the drafts at once. They stand or fall together, and are judged by what they come to together.
  // On refusal `refused`, unless null, is the place of the draft that it is about: for a limit, the first that moves
  // the account towards it. REQUIRES: not empty.
  absl::StatusOr<std::vector<Entry>> Post(absl::Span<const Draft> drafts, Txn& txn, size_t* refused = nullptr) const;

  // Reserves the drafts; they stand or fall together. `hold_for` is in whole seconds, at least one; InfiniteDuration
  // for no end. A hold whose time is up can only expire, and holds until somebody lets it. REQUIRES:
  // not empty, of one scheme.
  absl::StatusOr<std::vector<Entry>> Hold(absl::Span<const Draft> drafts, absl::Duration hold_for, Txn& txn) const;

  // Posts `amount` of one hold and releases the rest; 0 posts all. HOLD_LINKED when it stands with others. What was
  // reserved was judged then, and is not judged again.
  absl::StatusOr<Entry> PostHold(const EntryId& hold, int64_t amount, const EntryId& id, Txn& txn) const;

  // Posts, voids or lets expire the whole set that `hold` belongs to. `next_id` gives each new entry its id.
  // REQUIRES: how is kPosted, kVoided or kExpired.
  absl::StatusOr<std::vector<Entry>> ResolveSet(const EntryId& hold, EntryState how,
                                                absl::FunctionRef<EntryId()> next_id, Txn& txn) const;

  // Undoes a posted entry by another.
  absl::StatusOr<Entry> Reverse(const EntryId& entry, const EntryId& id, bool overridden, Txn& txn) const;

  // OK when the account is within its floor now, counting what is held; else the refusal that a movement out would get.
  absl::Status CheckFloor(const AccountKey& key, Txn& txn) const;

 private:
  absl::StatusOr<EntryRow> OpenHold(const EntryId& hold, EntryState how, const Txn& txn) const;
  absl::Status Judge(absl::Span<const Draft> drafts, size_t* refused = nullptr) const;
  Entry Write(Entry entry, Txn& txn) const;
  Entry WriteResolution(const Entry& hold, EntryState how, int64_t amount, const EntryId& id, Txn& txn) const;

  const Book& book_;
};

}  // namespace turnabout

#endif  // TURNABOUT_LEDGER_LEDGER_H_
