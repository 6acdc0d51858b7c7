// What every journal backend checks on the way in and on the way out, in one place.
#ifndef TURNABOUT_STORE_JOURNAL_CHAIN_H_
#define TURNABOUT_STORE_JOURNAL_CHAIN_H_

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "store/journal/block.h"

namespace turnabout {

// Whether `block` may be appended to a journal that ends in `head`.
// ABORTED/WRITER_DEPOSED when its number is taken; DATA_LOSS/JOURNAL_DAMAGED when it does not follow `head`.
absl::Status CheckAppend(const Block& block, const Head& head);

// Checks stored blocks one after the other as they are read. Not thread-safe.
class ChainReader {
 public:
  // Begins so that block `from` is the first to be visited. REQUIRES: from >= 1.
  explicit ChainReader(uint64_t from) : from_(from), expected_(first()) {}

  // The first block that Next wants: the one before `from`, whose hash the link of `from` is checked against.
  uint64_t first() const { return from_ > 1 ? from_ - 1 : 1; }

  // Decodes and checks the next block's bytes, and visits it unless it is before `from`. Returns what `visit` returns.
  // DATA_LOSS/JOURNAL_DAMAGED when `bytes` are not the block that comes next.
  absl::Status Next(absl::string_view bytes, absl::FunctionRef<absl::Status(const Block&)> visit);

 private:
  uint64_t from_;
  uint64_t expected_;  // the number of the block that comes next
  Head head_;          // the block before it, once there was one
};

}  // namespace turnabout

#endif  // TURNABOUT_STORE_JOURNAL_CHAIN_H_
