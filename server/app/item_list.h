// An ItemList is what is remembered of those items of one call that are named by their place in it: one row for all of
// them, since a row for each would be half of what a large call writes.
//
//   ItemList list;
//   list.Add(7, content, entry);
//   txn.Remember(ItemListKey("cardiff", "march"), list.ToRemember());
//   ReadItemList(*txn.FindRequest(ItemListKey("cardiff", "march"))).at(7).answer   // the entry of "march/7"
#ifndef TURNABOUT_SERVER_APP_ITEM_LIST_H_
#define TURNABOUT_SERVER_APP_ITEM_LIST_H_

#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "base/id.h"
#include "store/projection/requests.h"

namespace turnabout {

// Not thread-safe.
class ItemList {
 public:
  // REQUIRES: `place` is not in the list yet.
  void Add(int place, absl::string_view content, const EntryId& entry);

  bool empty() const { return items_.empty(); }
  Remembered ToRemember() const { return {"", items_}; }

 private:
  std::string items_;  // of each: n place, n length of its content, content, entry (16)
};

// Where a call's list is remembered.
RequestKey ItemListKey(absl::string_view scheme, absl::string_view call);

// The items of a list by place, each as if it had been remembered for itself.
absl::flat_hash_map<int, Remembered> ReadItemList(const Remembered& list);

// A request id of the form `{call}/{place}`.
struct PlaceInCall {
  absl::string_view call;
  int place = 0;
};
std::optional<PlaceInCall> ParsePlaceInCall(absl::string_view request_id);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_ITEM_LIST_H_
