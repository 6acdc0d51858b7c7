// The Book is what the journal's entries add up to: every account, every entry, and every hold that is still open.
//
//   const Account* ana = book.FindAccount({scheme, Unit::kMinutes, ana_id.bytes()}, snapshot.layer());
//   ana->posted - ana->held_out - ana->limits.floor;   // what she can still spend
//
// It judges nothing: what is in the journal happened. The Ledger judges, before it writes.
//
// Holds that stand or fall together count by what they come to together: somebody who receives one turn and gives one
// in the same set has nothing reserved, since either both happen or neither does.
#ifndef TURNABOUT_LEDGER_BOOK_BOOK_H_
#define TURNABOUT_LEDGER_BOOK_BOOK_H_

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "ledger/book/account.h"
#include "ledger/book/accounts.h"
#include "ledger/book/entries.h"
#include "ledger/book/entry.h"
#include "ledger/book/holds.h"
#include "store/projection/overlay.h"
#include "store/projection/projection.h"

namespace turnabout {

// An entry, and what later entries did to it.
struct EntryRow {
  Entry entry;
  uint64_t sequence = 0;                   // in the journal
  EntryId resolution;                      // of a hold: the entry that posted, voided or expired it; empty while open
  EntryState current = EntryState::kHeld;  // of a hold: where it stands; otherwise entry.state
  EntryId reversal;                        // the entry that undid it; empty for none
};

// What a scheme's entries come to.
struct SchemeBook {
  int64_t entries = 0;          // and the last entry's number
  int64_t minutes_of_help = 0;  // posted by exchanges and activities, less what was reversed
};

// The end of everything that a visit of an account's entries can be asked for.
inline constexpr uint64_t kLatestSequence = std::numeric_limits<uint64_t>::max();

class Book : public Projection {
 public:
  absl::string_view name() const override { return "book"; }
  absl::Status Stage(const RecordView& record) override;
  void Keep() override;
  void Drop() override;
  void Seal() override;
  void Publish() override;
  void Discard() override;
  Cut TakeCut() override;
  void Shelved() override;
  absl::Span<const ShelfTable> tables() const override;
  void AddRowsInMemory(RowBatch& rows) const override;
  std::unique_ptr<Projection> NewEmpty() const override { return std::make_unique<Book>(); }

  // Null when there is none. Valid until the book changes.
  const Account* FindAccount(const AccountKey& key, Layer layer) const {
    const Accounts::Slot* slot = accounts_.Find(key, layer);
    if (slot == nullptr) return nullptr;
    return layer == Layer::kWorking ? &slot->working.account : &slot->durable.account;
  }

  // Nothing when there is none. One that is no longer in memory costs two reads of the shelf.
  std::optional<EntryRow> FindEntry(const EntryId& id, Layer layer) const;

  // The id of the last entry; empty for none. Ids of entries ascend, so that every other is below it.
  const EntryId& LatestEntry(Layer layer) const { return entries_.Latest(layer); }

  SchemeBook FindScheme(uint32_t scheme, Layer layer) const;

  // The holds that stand or fall with `hold`, itself among them, while they are open.
  std::vector<EntryId> LinkedHolds(const Entry& hold, Layer layer) const { return holds_.OfSet(hold.related, layer); }

  // Everything below: the durable layer.

  // Open holds whose time is up at `now`, earliest first, at most `most`.
  std::vector<EntryId> LapsedHolds(absl::Time now, size_t most) const { return holds_.Lapsed(now, most); }

  // A scheme's open holds, in no order. Looks at every scheme's. Valid until the book changes.
  std::vector<const OpenHold*> OpenHolds(uint32_t scheme) const { return holds_.OfScheme(scheme); }

  // A scheme's accounts as they were opened.
  const std::vector<AccountKey>& AccountsOf(uint32_t scheme) const { return accounts_.OfScheme(scheme); }

  // How many accounts there are, and how many entries.
  int64_t AccountCount() const { return static_cast<int64_t>(accounts_.size()); }
  int64_t EntryCount() const;

  // Visits a scheme's entries from number `first` on, by number, until `visit` returns false.
  void VisitEntries(uint32_t scheme, int64_t first, absl::FunctionRef<bool(const EntryRow&)> visit) const;

  // Visits an account's entries (resolutions of its holds among them) with sequences up to `last`, the latest first,
  // each with what the account had after it, until `visit` returns false.
  void VisitStatement(const AccountKey& account, uint64_t last,
                      absl::FunctionRef<bool(const EntryRow& row, const Balances& after)> visit) const;

  // What an account had once the record with this sequence, or everything written at this time or before, was in the
  // journal; nothing before its first entry.
  Balances BalancesAt(const AccountKey& account, uint64_t sequence) const;
  Balances BalancesAt(const AccountKey& account, absl::Time time) const;

  // The last sequence such that everything up to it was written at `time` or before.
  uint64_t SequenceAt(absl::Time time) const { return entries_.SequenceAt(time); }

  // Zero sums, balances against entries, holds against what is reserved.
  absl::Status Check() const override;

 private:
  struct Sums;  // check.cc

  absl::Status Load(const ShelfView& shelf) override;
  absl::Status LoadSchemes(const ShelfView& shelf);
  bool ReservesWhatIsHeld() const;
  void Unload() override { entries_.LeaveShelf(); }
  absl::Status StageAccount(const RecordView& record);
  absl::Status StageEntry(const RecordView& record);
  absl::Status StageHold(const Entry& entry, uint64_t sequence);
  absl::Status StageResolution(const Entry& entry);
  absl::Status StageReversal(const Entry& entry, uint64_t sequence);
  static void Move(const Entry& entry, Account& payer, Account& payee);
  void Reserve(const Holds::Change& change);
  void Count(const Entry& entry, EntryKind kind);
  void Log(const Entry& entry, uint64_t sequence, AccountState& payer, AccountState& payee);
  EntryRow RowOf(const Entry& entry, uint64_t sequence, Layer layer) const;
  Sums SumEntries() const;
  absl::Status CheckAccount(const Accounts::Slot& slot, Sums& sums) const;

  Accounts accounts_;
  Entries entries_;
  Holds holds_;
  Overlay<absl::flat_hash_map<uint32_t, SchemeBook>, absl::flat_hash_map<uint32_t, std::optional<SchemeBook>>> schemes_;
};

}  // namespace turnabout

#endif  // TURNABOUT_LEDGER_BOOK_BOOK_H_
