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
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "ledger/book/account.h"
#include "ledger/book/entry.h"
#include "store/projection/log_overlay.h"
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
  uint32_t place = 0;                      // of a hold: its place among those it stands or falls with
};

// What a scheme's entries come to.
struct SchemeBook {
  int64_t entries = 0;          // and the last entry's number
  int64_t minutes_of_help = 0;  // posted by exchanges and activities, less what was reversed
};

// What an account had at some moment.
struct Balances {
  int64_t posted = 0;
  int64_t held_out = 0;
  int64_t held_in = 0;
  friend bool operator==(const Balances&, const Balances&) = default;
};

class Book : public Projection {
 public:
  absl::string_view name() const override { return "book"; }
  absl::Status Stage(const RecordView& record) override;
  void Keep() override;
  void Drop() override;
  void Publish() override;
  void Discard() override;
  std::unique_ptr<Projection> NewEmpty() const override { return std::make_unique<Book>(); }
  Sha256Digest Digest() const override;

  // Null when there is none. Valid until the book changes.
  const Account* FindAccount(const AccountKey& key, Layer layer) const { return accounts_.Find(key, layer); }
  const EntryRow* FindEntry(const EntryId& id, Layer layer) const { return entries_.Find(id, layer); }
  SchemeBook FindScheme(uint32_t scheme, Layer layer) const;

  // The holds that stand or fall with `hold`, itself among them, while they are open.
  std::vector<EntryId> LinkedHolds(const EntryRow& hold, Layer layer) const;

  // Open holds whose time is up at `now`, earliest first, at most `most`. Durable layer.
  std::vector<EntryId> LapsedHolds(absl::Time now, size_t most) const;

  // The durable layer in order. A scheme's accounts as they were opened and its entries by number; an account's entries
  // as they were written (resolutions of its holds among them).
  const std::vector<AccountKey>& AccountsOf(uint32_t scheme) const;
  const std::vector<EntryId>& EntriesOf(uint32_t scheme) const;
  const std::vector<EntryId>& EntriesOf(const AccountKey& account) const;

  // What an account had once the record with this sequence, or everything written at this time or before, was in the
  // journal; nothing before its first entry. Durable layer. Takes one search by halves over the account's entries: each
  // is kept with what its two accounts had after it, which is 48 bytes an entry.
  Balances BalancesAt(const AccountKey& account, uint64_t sequence) const;
  Balances BalancesAt(const AccountKey& account, absl::Time time) const;

  // A scheme's open holds, in no order. Durable layer. Looks at every scheme's.
  std::vector<EntryId> OpenHolds(uint32_t scheme) const;

  // How many accounts there are. Durable layer.
  int64_t AccountCount() const { return static_cast<int64_t>(accounts_.base().size()); }

  // Compares the durable layer's own parts with each other: zero sums, balances against entries, holds against what is
  // reserved. DATA_LOSS/BOOKS_DISAGREE with the first that differs.
  absl::Status CheckBalances() const;

 private:
  template <typename K, typename V>
  using HashOverlay = Overlay<absl::flat_hash_map<K, V>, absl::flat_hash_map<K, std::optional<V>>>;
  using ExpiryKey = std::pair<int64_t, EntryId>;  // microseconds since 1970, hold
  using NetKey = std::pair<EntryId, AccountKey>;  // a set and an account
  using PlaceKey = std::pair<EntryId, uint32_t>;  // a set and a place in it

  // Holds that stand or fall together.
  struct Set {
    uint32_t holds = 0;  // that ever were in it, each at a place of its own from 0
    uint32_t open = 0;
  };

  // An entry staged, and what its accounts had after it.
  struct Fresh {
    EntryId id;
    Balances from;
    Balances to;
  };

  // An account's entries as they were written, and what it had after each.
  struct History {
    std::vector<EntryId> entries;
    std::vector<Balances> after;
  };

  absl::Status StageAccount(const RecordView& record);
  absl::Status StageEntry(const RecordView& record);
  absl::Status StageHold(const EntryRow& row);
  absl::Status StageResolution(const Entry& entry);
  absl::Status StageReversal(const Entry& entry);
  void Move(const Entry& entry);
  void JoinSet(const EntryRow& hold);
  void LeaveSet(const EntryRow& hold);
  void Reserve(const EntryId& set_id, const AccountKey& key, int64_t change);
  void Count(const Entry& entry);
  Balances BalancesNow(const AccountKey& key) const;
  Balances BalancesBefore(const AccountKey& account, absl::FunctionRef<bool(const EntryRow&)> is_later) const;

  HashOverlay<AccountKey, Account> accounts_;
  LogOverlay<EntryId, EntryRow> entries_;
  HashOverlay<EntryId, Set> sets_;          // by their first hold, while one is open
  HashOverlay<PlaceKey, EntryId> in_sets_;  // open holds
  HashOverlay<NetKey, int64_t> nets_;       // what each set of open holds comes to for an account; never 0
  HashOverlay<uint32_t, SchemeBook> schemes_;
  Overlay<absl::btree_map<ExpiryKey, bool>, absl::btree_map<ExpiryKey, std::optional<bool>>> expiries_;

  // Staged since the last publish, in order; those past the kept counts can still be dropped.
  std::vector<Fresh> fresh_entries_;
  std::vector<AccountKey> fresh_accounts_;
  size_t kept_entries_ = 0;
  size_t kept_accounts_ = 0;

  // The durable layer in order.
  absl::flat_hash_map<uint32_t, std::vector<AccountKey>> accounts_of_scheme_;
  absl::flat_hash_map<uint32_t, std::vector<EntryId>> entries_of_scheme_;
  absl::flat_hash_map<AccountKey, History> history_of_account_;
};

}  // namespace turnabout

#endif  // TURNABOUT_LEDGER_BOOK_BOOK_H_
