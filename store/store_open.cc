// How a store comes to where its journal is.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "store/journal/damage.h"
#include "store/store.h"

namespace turnabout {

absl::Status Store::UseShelf(const Head& journal_head) {
  if (!WasHeadOf(shelf_->reached(), *journal_, journal_head)) {
    Log(Severity::kWarning, "the shelf is not of this journal; it is made anew");
    return EmptyShelf();
  }
  const absl::Status used = engine_.UseShelf(*shelf_);
  if (used.ok()) return used;
  Log(Severity::kWarning, "the shelf cannot be read; it is made anew", {{"status", std::string(used.message())}});
  return EmptyShelf();
}

absl::Status Store::EmptyShelf() {
  if (cutting_) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return cut_ended_ || shelf_refuses_; });
    if (!cut_ended_) return shelf_->damage();
    cut_ended_ = cutting_ = false;
  }
  uncut_since_.reset();
  engine_.LeaveShelf();  // which may be reading it on a thread of its own
  RETURN_IF_ERROR(shelf_->Empty());
  return engine_.UseShelf(*shelf_);
}

absl::Status Store::ReplayTail() {
  return journal_->Read(engine_.head().number + 1, [&](const Block& block) -> absl::Status {
    const absl::Status replayed = engine_.Replay(block);
    // What could not be read from the shelf is no fault of the block.
    RETURN_IF_ERROR(CheckShelf());
    RETURN_IF_ERROR(replayed);
    if (shelf_ == nullptr) return absl::OkStatus();
    if (!uncut_since_.has_value()) uncut_since_ = std::chrono::steady_clock::now();
    if (cut_ended_.exchange(false)) FinishCut();
    if (CutIsDue()) StartCut();
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return HasRoom() || cut_ended_ || shelf_refuses_; });
    return absl::OkStatus();
  });
}

absl::Status Store::Recover() {
  ASSIGN_OR_RETURN(const Head head, journal_->ReadHead());
  if (shelf_ != nullptr) RETURN_IF_ERROR(UseShelf(head));
  absl::Status replayed = ReplayTail();
  if (IsRefusedFor(replayed, Reason::kShelfDamaged)) {
    Log(Severity::kWarning, "the shelf cannot be read; it is made anew", {{"status", std::string(replayed.message())}});
    RETURN_IF_ERROR(EmptyShelf());
    replayed = ReplayTail();
  }
  RETURN_IF_ERROR(replayed);
  if (engine_.head() != head) {
    return DamagedBlock(engine_.head().number + 1, "the journal ends before its head");
  }
  chain_ = head;
  group_time_ = absl::FromUnixMicros(head.time_micros);
  revision_.store(head.last_sequence, std::memory_order_release);
  return absl::OkStatus();
}

}  // namespace turnabout
