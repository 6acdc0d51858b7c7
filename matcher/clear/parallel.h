// What members are split into for several threads, and memory for them to fill.
#ifndef TURNABOUT_MATCHER_CLEAR_PARALLEL_H_
#define TURNABOUT_MATCHER_CLEAR_PARALLEL_H_

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace turnabout::clear {

// The members from `begin` up to but not including `end`.
struct Range {
  int32_t begin = 0;
  int32_t end = 0;
  bool holds(int32_t member) const { return member >= begin && member < end; }
};

inline Range PartOf(int32_t members, int64_t parts, int64_t part) {
  const auto cut = [&](int64_t at) { return static_cast<int32_t>(members * at / parts); };
  return {cut(part), cut(part + 1)};
}

// Memory that several threads fill is not filled with zeros by one of them first.
template <typename T>
struct BareAllocator : std::allocator<T> {
  template <typename U>
  struct rebind {
    using other = BareAllocator<U>;
  };
  template <typename U>
  void construct(U*) noexcept {}
  template <typename U, typename... Arguments>
  void construct(U* at, Arguments&&... arguments) {
    std::construct_at(at, std::forward<Arguments>(arguments)...);
  }
};

template <typename T>
using BareVector = std::vector<T, BareAllocator<T>>;

}  // namespace turnabout::clear

#endif  // TURNABOUT_MATCHER_CLEAR_PARALLEL_H_
