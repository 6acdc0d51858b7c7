#include "store/journal/memory_journal.h"

#include <mutex>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/status_macros.h"
#include "store/journal/chain.h"

namespace turnabout {
namespace {

// Keeps encoded bytes, as a disk would, so that reading checks the same things as every other backend does.
class MemoryJournal : public Journal {
 public:
  absl::string_view backend() const override { return "memory"; }

  absl::Status Append(const Block& block) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    RETURN_IF_ERROR(CheckAppend(block, head_));
    blocks_.push_back(EncodeBlock(block));
    head_ = block.AsHead();
    return absl::OkStatus();
  }

  absl::Status Read(uint64_t from, absl::FunctionRef<absl::Status(const Block&)> visit) const override {
    TURNABOUT_CHECK(from >= 1);
    const uint64_t last = HeadNow().number;
    ChainReader chain(from);
    for (uint64_t number = chain.first(); number <= last; ++number) {
      RETURN_IF_ERROR(chain.Next(BytesOf(number), visit));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Head> ReadHead() const override { return HeadNow(); }

 private:
  Head HeadNow() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return head_;
  }

  // A copy, so that a slow visitor does not hold up the writer.
  std::string BytesOf(uint64_t number) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return blocks_[number - 1];
  }

  mutable std::mutex mutex_;
  std::vector<std::string> blocks_;  // guarded by mutex_
  Head head_;                        // guarded by mutex_
};

}  // namespace

std::unique_ptr<Journal> NewMemoryJournal() { return std::make_unique<MemoryJournal>(); }

}  // namespace turnabout
