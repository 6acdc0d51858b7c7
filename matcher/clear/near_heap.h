// A NearHeap gives back what was put in by its key, smallest first. It is a binary heap whose way down has no branch
// that a processor could guess wrong. Keys are whole distances: cut short, ties come out in any order, and whatever
// then turns out nearer has to be gone through again, with all behind it.
//
//   NearHeap heap;
//   heap.Push({7, a});
//   heap.Push({3, b});
//   heap.Pop().value;   // b
#ifndef TURNABOUT_MATCHER_CLEAR_NEAR_HEAP_H_
#define TURNABOUT_MATCHER_CLEAR_NEAR_HEAP_H_

#include <cstdint>
#include <vector>

namespace turnabout::clear {

// Not thread-safe.
class NearHeap {
 public:
  struct Item {
    __int128 key;
    int32_t value;
  };

  void Clear() { size_ = 0; }
  bool empty() const { return size_ == 0; }

  void Push(Item item) {
    if (size_ + 2 > static_cast<int32_t>(items_.size())) items_.resize(2 * items_.size() + 64);
    Item* const items = items_.data();
    int32_t at = size_++;
    for (; at > 0 && item.key < items[(at - 1) / 2].key; at = (at - 1) / 2) items[at] = items[(at - 1) / 2];
    items[at] = item;
  }

  // REQUIRES: !empty().
  Item Pop() {
    Item* const items = items_.data();
    const Item first = items[0];
    const Item last = items[--size_];
    items[size_].key = kLast;  // so that an only child has a sibling
    // The gap goes down to a leaf, then the last item goes up from there, seldom far.
    int32_t at = 0;
    for (int32_t child = 1; child < size_; child = 2 * at + 1) {
      child += items[child + 1].key < items[child].key;
      items[at] = items[child];
      at = child;
    }
    for (; at > 0 && last.key < items[(at - 1) / 2].key; at = (at - 1) / 2) items[at] = items[(at - 1) / 2];
    items[at] = last;
    return first;
  }

 private:
  static constexpr __int128 kLast = static_cast<__int128>(1) << 126;

  std::vector<Item> items_;  // one more than there are is valid to read
  int32_t size_ = 0;
};

}  // namespace turnabout::clear

#endif  // TURNABOUT_MATCHER_CLEAR_NEAR_HEAP_H_
