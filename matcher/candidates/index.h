// A CandidateIndex holds an instance's givers so that everyone who could help somebody is found quickly: those near
// them on the map, and those who help by phone or online wherever they are.
#ifndef TURNABOUT_MATCHER_CANDIDATES_INDEX_H_
#define TURNABOUT_MATCHER_CANDIDATES_INDEX_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "matcher/candidates/giver_blocks.h"
#include "matcher/candidates/row_book.h"
#include "matcher/settings.h"

namespace turnabout {

// Immutable once built. Threads: safe for concurrent use.
class CandidateIndex {
 public:
  // What is found are positions among `givers`.
  // REQUIRES: `settings`, those of the traits, outlive the index; `givers` need not.
  CandidateIndex(absl::Span<const Traits> givers, const Settings& settings);

  const RowBook& book() const { return book_; }
  const Settings& settings() const { return settings_; }
  int32_t givers() const { return givers_; }
  // Every giver, neighbours on the map in one block.
  const GiverBlocks& near() const { return near_; }
  // Those who offer anything by phone or online, like beside like.
  const GiverBlocks& remote() const { return remote_; }

 private:
  const Settings& settings_;
  const int32_t givers_;
  const RowBook book_;
  const GiverBlocks near_;
  const GiverBlocks remote_;
};

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_CANDIDATES_INDEX_H_
