// An IdFilter knows of almost every id that was never added to it that it was not, and of none that was: a Bloom filter
// (Bloom, Communications of the ACM, 1970) in parts that double, so that it grows without being made again.
//
//   filter.Add(id);
//   filter.MayHold(id);      // true
//   filter.MayHold(other);   // false, but for one in some hundreds
#ifndef TURNABOUT_STORE_PROJECTION_ID_FILTER_H_
#define TURNABOUT_STORE_PROJECTION_ID_FILTER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "base/id.h"

namespace turnabout {

// Not thread-safe.
class IdFilter {
 public:
  void Add(const IdBytes& id) {
    if (parts_.empty() || parts_.back().ids == parts_.back().lines.size() * kIdsPerLine) {
      const size_t lines = parts_.empty() ? kFirstLines : 2 * parts_.back().lines.size();
      parts_.push_back({std::vector<Line>(lines), 0});
    }
    Part& part = parts_.back();
    ++part.ids;
    const Probe probe(id);
    Line& line = part.lines[probe.LineOf(part)];
    for (size_t word = 0; word < line.size(); ++word) line[word] |= probe.BitOf(word);
  }

  bool MayHold(const IdBytes& id) const {
    const Probe probe(id);
    for (const Part& part : parts_) {
      const Line& line = part.lines[probe.LineOf(part)];
      bool all = true;
      for (size_t word = 0; word < line.size(); ++word) all = all && (line[word] & probe.BitOf(word)) != 0;
      if (all) return true;
    }
    return false;
  }

 private:
  // One line of the processor's cache: one bit in each of its words for each id, so that a question costs one miss.
  using Line = std::array<uint64_t, 8>;
  static constexpr size_t kIdsPerLine = 32;  // 16 bits an id
  static constexpr size_t kFirstLines = size_t{1} << 14;

  struct Part {
    std::vector<Line> lines;  // a power of two of them
    size_t ids = 0;
  };

  struct Probe {
    explicit Probe(const IdBytes& id) {
      uint64_t words[2];
      std::memcpy(words, id.data(), sizeof(words));
      // Ids begin with the time: both halves are mixed well (the finaliser of SplitMix64, Steele and others, 2014).
      uint64_t mixed = words[0] ^ (words[1] * 0x9e3779b97f4a7c15u);
      mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
      mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
      place = mixed ^ mixed >> 31;
      bits = place * 0xd6e8feb86659fd93u;
    }
    size_t LineOf(const Part& part) const { return place & (part.lines.size() - 1); }
    uint64_t BitOf(size_t word) const { return uint64_t{1} << (bits >> (8 + 6 * word) & 63); }

    uint64_t place;
    uint64_t bits;
  };

  std::vector<Part> parts_;
};

}  // namespace turnabout

#endif  // TURNABOUT_STORE_PROJECTION_ID_FILTER_H_
