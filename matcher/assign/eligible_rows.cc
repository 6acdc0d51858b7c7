#include "matcher/assign/eligible_rows.h"

#include "base/reason.h"

namespace turnabout {

EligibleRows::EligibleRows(const Instance& instance, int64_t kept_max)
    : instance_(instance), kept_max_(kept_max), index_(instance) {}

absl::Status EligibleRows::Build(Meter& meter) {
  const int32_t count = static_cast<int32_t>(instance_.receivers.size());
  sizes_.assign(count, 0);
  for (int32_t receiver = 0; receiver < count; ++receiver) {
    const int64_t last = receiver == 0 ? 0 : sizes_[receiver - 1];
    if (!meter.Tick(receiver, count, 1 + last / 100)) return Refuse(Reason::kCancelled);
    const bool keeps = static_cast<int32_t>(starts_.size()) == receiver && pairs_ < kept_max_;
    if (keeps) {
      WorkOut(receiver);
      starts_.push_back(static_cast<int64_t>(givers_.size()));
      givers_.insert(givers_.end(), scratch_givers_.begin(), scratch_givers_.end());
      scores_.insert(scores_.end(), scratch_scores_.begin(), scratch_scores_.end());
    } else {
      index_.Eligible(receiver, scratch_givers_);
    }
    sizes_[receiver] = static_cast<int64_t>(scratch_givers_.size());
    pairs_ += sizes_[receiver];
  }
  return absl::OkStatus();
}

EligibleRows::Row EligibleRows::At(int32_t receiver) {
  if (receiver < static_cast<int32_t>(starts_.size())) {
    const size_t size = static_cast<size_t>(sizes_[receiver]);
    return {absl::MakeConstSpan(givers_.data() + starts_[receiver], size),
            absl::MakeConstSpan(scores_.data() + starts_[receiver], size)};
  }
  WorkOut(receiver);
  return {scratch_givers_, scratch_scores_};
}

void EligibleRows::WorkOut(int32_t receiver) {
  index_.Eligible(receiver, scratch_givers_);
  scratch_scores_.resize(scratch_givers_.size());
  const Traits& traits = instance_.receiver_traits[receiver];
  for (size_t i = 0; i < scratch_givers_.size(); ++i) {
    scratch_scores_[i] =
        static_cast<uint16_t>(ScoreOf(instance_.giver_traits[scratch_givers_[i]], traits, *instance_.settings));
  }
}

}  // namespace turnabout
