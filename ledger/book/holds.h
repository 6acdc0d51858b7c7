// Holds are the open holds of a Book in its layers, the sets in which they stand or fall together, and when they lapse.
// All of them stay in memory: there are as many as there is help under way.
#ifndef TURNABOUT_LEDGER_BOOK_HOLDS_H_
#define TURNABOUT_LEDGER_BOOK_HOLDS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "ledger/book/account.h"
#include "ledger/book/entry.h"
#include "store/projection/overlay.h"
#include "store/projection/projection.h"

namespace turnabout {

struct OpenHold {
  Entry entry;
  uint64_t sequence = 0;  // in the journal
  uint32_t place = 0;     // among those it stands or falls with
};

// Threads: as Projection.
class Holds {
 public:
  // What an account has reserved by a set, before and after a change.
  struct Change {
    AccountKey account;
    int64_t before = 0;
    int64_t after = 0;
  };

  // Null when there is no such open hold.
  const OpenHold* Find(const EntryId& hold, Layer layer) const { return open_.Find(hold, layer); }

  // Stages. Each returns what changes for the account that the hold leaves and for the one that it reaches, in order:
  // where both are one set's, the second counts the first.
  std::pair<Change, Change> Open(const Entry& hold, uint64_t sequence);
  std::pair<Change, Change> Close(const OpenHold& hold);

  // The open holds of a set, by place.
  std::vector<EntryId> OfSet(const EntryId& set, Layer layer) const;

  // Durable layer: those whose time is up, earliest first, at most `most`; and those of a scheme, in no order.
  std::vector<EntryId> Lapsed(absl::Time now, size_t most) const;
  std::vector<const OpenHold*> OfScheme(uint32_t scheme) const;
  // What each account has reserved to go out and to come in. Durable layer; as many as there are open holds.
  std::map<AccountKey, std::pair<int64_t, int64_t>> Reserved() const;

  void Keep();
  void Drop();
  void Seal();
  void Publish();
  void Discard();

  // Forgets everything and reads what `shelf` has. SHELF_DAMAGED when it has what nobody wrote.
  absl::Status Load(const ShelfView& shelf);
  Cut TakeCut();
  void Shelved() { cut_.clear(); }
  void AddRowsInMemory(RowBatch& rows) const;
  static const ShelfTable kTable;

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

  Change Reserve(const EntryId& set, const AccountKey& account, int64_t change);
  void LoadOne(const OpenHold& hold);
  void AddRow(const EntryId& id, RowBatch& rows) const;

  HashOverlay<EntryId, OpenHold> open_;
  HashOverlay<EntryId, Set> sets_;          // by their first hold, while one is open
  HashOverlay<PlaceKey, EntryId> in_sets_;  // open holds
  HashOverlay<NetKey, int64_t> nets_;       // what each set of open holds comes to for an account; never 0
  Overlay<absl::btree_map<ExpiryKey, bool>, absl::btree_map<ExpiryKey, std::optional<bool>>> expiries_;

  absl::flat_hash_set<EntryId> changed_;  // published since the last cut
  absl::flat_hash_set<EntryId> cut_;      // on their way to the shelf
};

}  // namespace turnabout

#endif  // TURNABOUT_LEDGER_BOOK_HOLDS_H_
