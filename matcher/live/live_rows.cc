#include "matcher/live/live_rows.h"

#include <algorithm>
#include <utility>

namespace turnabout {
namespace {

// So many changed people are looked at one by one: as long as that takes no longer than the indexes do.
constexpr size_t kChangedLeast = 256;
constexpr size_t kChangedShare = 64;  // one in so many

// A receiver as a giver of what they would like. Whoever gives must be checked, and be at a stage to give; whoever
// receives need not.
Traits TurnedReceiver(const Traits& receiver) {
  Traits turned = receiver;
  std::swap(turned.offers, turned.needs);
  std::swap(turned.offers_anywhere, turned.needs_anywhere);
  turned.checked = true;
  turned.stage_allows = true;
  return turned;
}

// A giver as a receiver of what they offer. That a current user may need somebody who used the same service is the
// receiver's business, and is looked at pair by pair.
Traits TurnedGiver(const Traits& giver) {
  Traits turned = TurnedReceiver(giver);
  turned.needs_by_urgency = {turned.needs_anywhere, 0, 0};
  turned.services_now = 0;
  return turned;
}

Settings Turned(const Settings& settings) {
  Settings turned = settings;
  turned.same_service_required = false;
  return turned;
}

}  // namespace

LiveRows::LiveRows(const std::vector<Traits>& traits, const Settings& settings)
    : traits_(traits), settings_(settings), turned_settings_(Turned(settings)) {
  MakeIndexes();
}

void LiveRows::MakeIndexes() {
  std::vector<Traits> turned;
  turned.reserve(traits_.size());
  for (const Traits& each : traits_) turned.push_back(TurnedReceiver(each));
  indexes_ = nullptr;
  indexes_ = std::make_unique<Indexes>(traits_, turned, settings_, turned_settings_);
  changed_.clear();
  is_changed_.assign(traits_.size(), 0);
}

void LiveRows::Changed(int32_t person) {
  is_changed_.resize(traits_.size(), 0);
  if (std::exchange(is_changed_[person], 1) != 0) return;
  changed_.push_back(person);
  if (changed_.size() > kChangedLeast + traits_.size() / kChangedShare) MakeIndexes();
}

void LiveRows::GiversFor(int32_t receiver, std::vector<LivePartner>& found) {
  found.clear();
  const Traits& asking = traits_[receiver];
  if (asking.needs_anywhere == 0) return;
  CandidateSearch& search = indexes_->by_need;
  search.Begin(Area(asking));
  search.Add(asking, {});
  search.Scored({&scored_, 1});
  for (const ScoredGiver& one : scored_) {
    const Traits& giver = traits_[one.giver];
    if (!IsIndexed(one.giver) || one.giver == receiver || !ExclusionsAllow(giver, asking)) continue;
    found.push_back({one.giver, one.score});
  }
  for (const int32_t giver : changed_) {
    if (Allowed(traits_[giver], asking, settings_))
      found.push_back({giver, ScoreOf(traits_[giver], asking, settings_)});
  }
}

void LiveRows::ReceiversFor(int32_t giver, std::vector<LivePartner>& found) {
  found.clear();
  const Traits& asking = traits_[giver];
  if (asking.offers_anywhere == 0 || !asking.checked || !asking.stage_allows) return;
  const Traits turned = TurnedGiver(asking);
  CandidateSearch& search = indexes_->by_offer;
  search.Begin(Area(turned));
  search.Add(turned, {});
  search.Passing(kEveryCriterion, {&passing_, 1});
  const auto take = [&](int32_t receiver) {
    if (!Allowed(asking, traits_[receiver], settings_)) return;
    found.push_back({receiver, ScoreOf(asking, traits_[receiver], settings_)});
  };
  for (const int32_t receiver : passing_) {
    if (IsIndexed(receiver)) take(receiver);
  }
  for (const int32_t receiver : changed_) take(receiver);
}

}  // namespace turnabout
