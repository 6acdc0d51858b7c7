// A GiverIndex finds every giver that a receiver may have, by one bit a giver and one row of bits for each language,
// time, kind of help and so on: a criterion is then an OR of a few rows, and all of them together an AND.
#ifndef TURNABOUT_MATCHER_ASSIGN_GIVER_INDEX_H_
#define TURNABOUT_MATCHER_ASSIGN_GIVER_INDEX_H_

#include <array>
#include <cstdint>
#include <vector>

#include "matcher/assign/instance.h"

namespace turnabout {

// One bit for each giver of an instance, in its order.
using GiverBits = std::vector<uint64_t>;

// Immutable once built. Threads: safe for concurrent use.
class GiverIndex {
 public:
  // REQUIRES: `instance` outlives the index.
  explicit GiverIndex(const Instance& instance);

  // The givers that may be proposed to receivers[receiver], in order.
  void Eligible(int32_t receiver, std::vector<int32_t>& givers) const;

  // The givers that pass one hard criterion of kHardCriteria for receivers[receiver], whatever the others say. The
  // distance row holds those whose help by phone or online is wanted; the rest of it takes a look at each pair.
  void Passing(int criterion, int32_t receiver, GiverBits& bits) const;

  size_t words() const { return words_; }

 private:
  // A set of givers by reference; empty stands for no giver at all.
  using Rows = std::vector<const uint64_t*>;

  // The rows a receiver needs. Within a list any row will do; the lists must all be met.
  struct Query {
    Rows languages, slots, remote, in_person, preferences, services;
    const uint64_t* welcoming = nullptr;  // givers that welcome the receiver's gender
    bool any_gender = true;
    bool any_service = true;
  };

  Query QueryOf(int32_t receiver) const;
  bool NearLatitude(const Traits& receiver, size_t word) const;
  void AddGiver(int32_t at, const Traits& traits);
  static void Set(GiverBits& row, size_t words, int32_t at);

  const Instance& instance_;
  size_t words_;
  GiverBits ready_;  // checks in date, stage allows
  GiverBits checked_;
  GiverBits stage_;
  std::array<GiverBits, 64> languages_;
  std::array<GiverBits, 32> slots_;
  std::array<std::array<GiverBits, 64>, kSettingCount> offers_;
  std::array<GiverBits, 8> genders_;
  std::array<GiverBits, 8> welcoming_;
  std::array<GiverBits, 64> services_;
  std::vector<int32_t> south_, north_;  // of the places in each word of 64 givers
};

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_ASSIGN_GIVER_INDEX_H_
