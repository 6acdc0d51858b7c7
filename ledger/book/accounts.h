// Accounts are the accounts of a Book in its layers. All of them stay in memory, each in a place of its own that never
// moves, so that a movement looks its two accounts up once and then changes them where they are.
#ifndef TURNABOUT_LEDGER_BOOK_ACCOUNTS_H_
#define TURNABOUT_LEDGER_BOOK_ACCOUNTS_H_

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "ledger/book/account.h"
#include "store/projection/projection.h"

namespace turnabout {

// What changes of an account.
struct AccountState {
  Account account;
  uint64_t latest = 0;  // in the tail of the Book's entries, the place after its latest one; 0 for none
};

// Threads: as Projection.
class Accounts {
 public:
  // An account, in two of its layers: what is sealed is on its way from one to the other.
  struct Slot {
    AccountKey key;
    uint64_t opened = 0;  // the sequence of the record that opened it
    AccountState durable;
    AccountState working;
    bool touched = false;  // since the last Seal
    bool changed = false;  // published since the last cut
  };

  // The account, or null when there is none in that layer. Valid for good, unless its opening is dropped.
  const Slot* Find(const AccountKey& key, Layer layer) const;
  Slot* FindWorking(const AccountKey& key);

  // REQUIRES: there is none.
  Slot& Open(const AccountKey& key, uint64_t sequence);
  // The working state, to be changed at once.
  AccountState& Change(Slot& slot);

  void Keep();
  void Drop();
  void Seal();
  void Publish();
  void Discard();

  // A scheme's accounts in the order in which they were opened. Durable layer.
  const std::vector<AccountKey>& OfScheme(uint32_t scheme) const;
  size_t size() const { return slots_.size(); }
  // Visits every slot of the durable layer, in no order.
  template <typename Visit>
  void ForEach(Visit visit) const {
    for (const auto& [key, slot] : slots_) visit(*slot);
  }

  // Forgets everything and reads what `shelf` has. SHELF_DAMAGED when it has what nobody wrote.
  absl::Status Load(const ShelfView& shelf);
  // Copies of the accounts that were published since the last cut, or of all, by key.
  std::vector<Slot> TakeChanged();
  std::vector<Slot> All() const;
  static const ShelfTable kTable;

 private:
  // What a slot holds once the sealed group is durable.
  struct Sealed {
    Slot* slot;
    AccountState state;
  };

  void Settle(std::unique_ptr<Slot> slot);

  absl::flat_hash_map<AccountKey, std::unique_ptr<Slot>> slots_;
  absl::flat_hash_map<uint32_t, std::vector<AccountKey>> of_scheme_;
  std::vector<Slot*> changed_;  // since the last cut

  // Opened and not published: found by key, owned in order, of which the first are sealed and then kept.
  absl::flat_hash_map<AccountKey, Slot*> opened_by_key_;
  std::vector<std::unique_ptr<Slot>> opened_;
  size_t opened_sealed_ = 0;
  size_t opened_kept_ = 0;

  std::vector<Slot*> touched_;  // since the last Seal
  std::vector<Sealed> sealed_;
  std::vector<std::pair<Slot*, AccountState>> undo_;  // since the last Keep, oldest first
};

}  // namespace turnabout

#endif  // TURNABOUT_LEDGER_BOOK_ACCOUNTS_H_
