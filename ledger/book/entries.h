// Entries are the entries of a Book in its layers, by id, by number and by account. The latest are in memory, each with
// what its two accounts had after it; the rest are on the shelf. Their ids ascend, so that an id tells where it would
// be and the highest tells which are new.
#ifndef TURNABOUT_LEDGER_BOOK_ENTRIES_H_
#define TURNABOUT_LEDGER_BOOK_ENTRIES_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/any_invocable.h"
#include "absl/functional/function_ref.h"
#include "ledger/book/account.h"
#include "ledger/book/accounts.h"
#include "ledger/book/entry.h"
#include "ledger/book/tail.h"
#include "store/projection/layered_rows.h"
#include "store/projection/projection.h"

namespace turnabout {

// What an account had at some moment.
struct Balances {
  int64_t posted = 0;
  int64_t held_out = 0;
  int64_t held_in = 0;
  friend bool operator==(const Balances&, const Balances&) = default;
};

// An entry as its account sees it.
struct StatementLine {
  uint64_t sequence = 0;  // in the journal
  int64_t number = 0;     // in the scheme
  Balances after;         // what the account had after it
  friend bool operator==(const StatementLine&, const StatementLine&) = default;
};

// What later entries did to an entry.
struct EntryMark {
  EntryState current = EntryState::kHeld;  // of a hold: where it stands
  EntryId resolution;                      // of a hold: the entry that posted, voided or expired it
  EntryId reversal;                        // the entry that undid it
};

// An entry where it stands.
struct Logged {
  Entry entry;
  uint64_t sequence = 0;  // in the journal
  Balances from;          // what the account that it leaves had after it
  Balances to;            // what the account that it reaches had after it
  // In the tail, the place after the entry before this one of the account that it leaves, and of the one that it
  // reaches; 0 for none.
  uint64_t before_from = 0;
  uint64_t before_to = 0;

  // Of one of its two accounts, by owner: the entry as it sees it, and the place after the one before.
  StatementLine LineOf(const OwnerId& owner) const { return {sequence, entry.number, entry.from == owner ? from : to}; }
  uint64_t BeforeOf(const OwnerId& owner) const { return entry.from == owner ? before_from : before_to; }
};

// Threads: as Projection.
class Entries {
 public:
  Entries() = default;
  Entries(const Entries&) = delete;
  Entries& operator=(const Entries&) = delete;

  // The id of the last entry, which is the highest; empty while there is none.
  const EntryId& Latest(Layer layer) const {
    const uint64_t end = EndOf(layer);
    return end == tail_.begin() ? before_tail_.id : tail_[end - 1].entry.id;
  }

  // An entry in the tail, null for none; and one of either layer, wherever it is.
  const Logged* FindInTail(const EntryId& id, Layer layer) const;
  struct Found {
    Entry entry;
    uint64_t sequence = 0;
  };
  std::optional<Found> Find(const EntryId& id, Layer layer) const;

  // What later entries did to an entry; nothing while none did.
  std::optional<EntryMark> MarkOf(const EntryId& id, Layer layer) const;

  // Stages. Add returns the place after the entry in the tail. REQUIRES: its id is above Latest.
  uint64_t Add(const Logged& logged);
  void SetMark(const EntryId& id, const EntryMark& mark);

  void Keep();
  void Drop();
  void Seal();
  void Publish();
  void Discard();

  // Everything below: the durable layer.

  // A scheme's entries from number `first` on, by number, until `visit` returns false.
  void VisitScheme(uint32_t scheme, int64_t first,
                   absl::FunctionRef<bool(const Entry& entry, uint64_t sequence)> visit) const;

  // An account's entries with sequences up to `last`, the latest first, until `visit` returns false. `latest` is the
  // account's place in the tail (AccountState).
  using VisitLine = absl::FunctionRef<bool(const StatementLine&)>;
  void VisitAccount(const AccountKey& account, uint64_t latest, uint64_t last, VisitLine visit) const;

  // The sequence before the first entry that was written after `time`: everything up to there was written by then.
  uint64_t SequenceAt(absl::Time time) const;

  // An entry by its number. Nothing, which the shelf is told, where there is none.
  std::optional<Found> At(uint32_t scheme, int64_t number) const;

  void UseShelf(const ShelfView& shelf);
  void LeaveShelf() {
    marks_.LeaveShelf();
    shelf_ = nullptr;
  }
  // Adds the rows of what was published since the last cut, or of all that is in memory. `accounts` are those that the
  // entries move, by key, as they are at its end.
  using AddRows = absl::AnyInvocable<void(const std::vector<Accounts::Slot>& accounts, RowBatch& rows)>;
  AddRows TakeCut();
  void Shelved();
  void AddRowsInMemory(const std::vector<Accounts::Slot>& accounts, RowBatch& rows) const;

  static const ShelfTable kByNumber;
  static const ShelfTable kNumbers;
  static const ShelfTable kMarks;
  static const ShelfTable kStatements;
  static const ShelfTable kTimes;

 private:
  // A scheme's entries of one generation: numbers from `first` on without gaps.
  struct Run {
    int64_t first = 0;
    std::vector<uint64_t> places;
  };

  // What was published between two cuts, so that it can be forgotten in one go.
  struct Generation {
    uint64_t begin = 0;  // in the tail
    absl::flat_hash_map<uint32_t, Run> by_scheme;
  };

  uint64_t EndOf(Layer layer) const { return layer == Layer::kWorking ? tail_.end() : durable_end_; }

  // A part of the tail, on its way to the shelf.
  struct Part {
    uint64_t begin = 0;
    uint64_t end = 0;
    int64_t time_before = -1;  // as before_tail_
  };
  void AddPart(const Part& part, const std::vector<Accounts::Slot>& accounts, RowBatch& rows) const;
  void AddStatement(const Part& part, const Accounts::Slot& account, std::vector<StatementLine>& lines,
                    RowBatch& rows) const;
  void VisitAccountOnShelf(const AccountKey& account, uint64_t last, VisitLine visit) const;

  const ShelfView* shelf_ = nullptr;
  Tail<Logged> tail_;
  std::deque<Generation> generations_ = std::deque<Generation>(1);  // the oldest first; two while a cut is on its way
  LayeredRows marks_{kMarks};

  // In the tail: durable, then sealed, then staged and kept, then staged.
  uint64_t durable_end_ = 0;
  uint64_t sealed_end_ = 0;
  uint64_t kept_end_ = 0;

  // Of the last entry before the tail.
  struct {
    EntryId id;                // empty for none
    int64_t time_micros = -1;  // since 1970; -1 for none
  } before_tail_;
};

}  // namespace turnabout

#endif  // TURNABOUT_LEDGER_BOOK_ENTRIES_H_
