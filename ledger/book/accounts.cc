#include "ledger/book/accounts.h"

#include <algorithm>

#include "base/reason.h"
#include "ledger/book/rows.h"

namespace turnabout {

const ShelfTable Accounts::kTable = {"Ba", RowOrder::kChanging, "accounts"};

const Accounts::Slot* Accounts::Find(const AccountKey& key, Layer layer) const {
  const auto found = slots_.find(key);
  if (found != slots_.end()) return found->second.get();
  if (layer == Layer::kDurable || opened_by_key_.empty()) return nullptr;
  const auto opened = opened_by_key_.find(key);
  return opened == opened_by_key_.end() ? nullptr : opened->second;
}

Accounts::Slot* Accounts::FindWorking(const AccountKey& key) {
  return const_cast<Slot*>(Find(key, Layer::kWorking));  // this object's own
}

Accounts::Slot& Accounts::Open(const AccountKey& key, uint64_t sequence) {
  opened_.push_back(std::make_unique<Slot>());
  Slot& slot = *opened_.back();
  slot.key = key;
  slot.opened = sequence;
  opened_by_key_.emplace(key, &slot);
  return slot;
}

AccountState& Accounts::Change(Slot& slot) {
  undo_.emplace_back(&slot, slot.working);
  if (!slot.touched) {
    slot.touched = true;
    touched_.push_back(&slot);
  }
  return slot.working;
}

void Accounts::Keep() {
  undo_.clear();
  opened_kept_ = opened_.size();
}

void Accounts::Drop() {
  for (; !undo_.empty(); undo_.pop_back()) undo_.back().first->working = undo_.back().second;
  for (size_t i = opened_kept_; i < opened_.size(); ++i) {
    Slot* slot = opened_[i].get();
    if (slot->touched) touched_.erase(std::find(touched_.begin(), touched_.end(), slot));
    opened_by_key_.erase(slot->key);
  }
  opened_.resize(opened_kept_);
}

void Accounts::Seal() {
  sealed_.reserve(touched_.size());
  for (Slot* slot : touched_) {
    slot->touched = false;
    sealed_.push_back({slot, slot->working});
  }
  touched_.clear();
  opened_sealed_ = opened_.size();
}

void Accounts::Settle(std::unique_ptr<Slot> slot) {
  of_scheme_[slot->key.scheme].push_back(slot->key);
  opened_by_key_.erase(slot->key);
  slots_.emplace(slot->key, std::move(slot));
}

void Accounts::Publish() {
  for (size_t i = 0; i < opened_sealed_; ++i) Settle(std::move(opened_[i]));
  opened_.erase(opened_.begin(), opened_.begin() + static_cast<std::ptrdiff_t>(opened_sealed_));
  opened_kept_ -= std::min(opened_kept_, opened_sealed_);
  opened_sealed_ = 0;
  for (const Sealed& sealed : sealed_) {
    sealed.slot->durable = sealed.state;
    if (sealed.slot->changed) continue;
    sealed.slot->changed = true;
    changed_.push_back(sealed.slot);
  }
  sealed_.clear();
}

void Accounts::Discard() {
  for (Slot* slot : touched_) {
    slot->touched = false;
    slot->working = slot->durable;
  }
  for (const Sealed& sealed : sealed_) sealed.slot->working = sealed.slot->durable;
  touched_.clear();
  sealed_.clear();
  undo_.clear();
  opened_.clear();
  opened_by_key_.clear();
  opened_sealed_ = 0;
  opened_kept_ = 0;
}

const std::vector<AccountKey>& Accounts::OfScheme(uint32_t scheme) const {
  static const auto* const none = new std::vector<AccountKey>();
  const auto found = of_scheme_.find(scheme);
  return found == of_scheme_.end() ? *none : found->second;
}

absl::Status Accounts::Load(const ShelfView& shelf) {
  *this = Accounts();
  std::vector<std::unique_ptr<Slot>> loaded;
  bool readable = true;
  shelf.Scan(kTable, "", "", [&](absl::string_view key, absl::string_view value) {
    auto slot = std::make_unique<Slot>();
    readable = ReadAccountRow(key, value, *slot);
    slot->working = slot->durable;
    loaded.push_back(std::move(slot));
    return readable;
  });
  if (!readable) return Refuse(Reason::kShelfDamaged, {{"problem", "an account cannot be read"}});
  std::sort(loaded.begin(), loaded.end(), [](const auto& a, const auto& b) { return a->opened < b->opened; });
  for (std::unique_ptr<Slot>& slot : loaded) Settle(std::move(slot));
  return shelf.damage();
}

std::vector<Accounts::Slot> Accounts::TakeChanged() {
  std::vector<Slot> changed;
  changed.reserve(changed_.size());
  for (Slot* slot : changed_) {
    slot->changed = false;
    changed.push_back({.key = slot->key, .opened = slot->opened, .durable = slot->durable, .working = {}});
  }
  changed_.clear();
  return changed;
}

std::vector<Accounts::Slot> Accounts::All() const {
  std::vector<Slot> all;
  all.reserve(slots_.size());
  ForEach([&](const Slot& slot) {
    all.push_back({.key = slot.key, .opened = slot.opened, .durable = slot.durable, .working = {}});
  });
  return all;
}

}  // namespace turnabout
