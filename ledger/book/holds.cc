#include "ledger/book/holds.h"

#include <algorithm>

#include "base/reason.h"
#include "ledger/book/rows.h"

namespace turnabout {
namespace {

std::pair<int64_t, EntryId> ExpiryOf(const Entry& hold) { return {absl::ToUnixMicros(hold.expires()), hold.id}; }

}  // namespace

const ShelfTable Holds::kTable = {"Bh", RowOrder::kChanging, "open holds"};

Holds::Change Holds::Reserve(const EntryId& set, const AccountKey& account, int64_t change) {
  const NetKey key{set, account};
  const int64_t* found = nets_.Find(key, Layer::kWorking);
  const int64_t before = found == nullptr ? 0 : *found;
  const int64_t after = before + change;
  if (after == 0) {
    nets_.Erase(key);
  } else {
    nets_.Put(key, after);
  }
  return {account, before, after};
}

std::pair<Holds::Change, Holds::Change> Holds::Open(const Entry& hold, uint64_t sequence) {
  const Set* found = sets_.Find(hold.related, Layer::kWorking);
  const Set before = found == nullptr ? Set{} : *found;
  sets_.Put(hold.related, {before.holds + 1, before.open + 1});
  in_sets_.Put({hold.related, before.holds}, hold.id);
  open_.Put(hold.id, {hold, sequence, before.holds});
  if (hold.hold_seconds > 0) expiries_.Put(ExpiryOf(hold), true);
  const Change from = Reserve(hold.related, hold.from_key(), -hold.amount);
  return {from, Reserve(hold.related, hold.to_key(), hold.amount)};
}

std::pair<Holds::Change, Holds::Change> Holds::Close(const OpenHold& closing) {
  const OpenHold hold = closing;
  const Entry& entry = hold.entry;
  const Set before = *sets_.Find(entry.related, Layer::kWorking);
  if (before.open == 1) {
    sets_.Erase(entry.related);
  } else {
    sets_.Put(entry.related, {before.holds, before.open - 1});
  }
  in_sets_.Erase({entry.related, hold.place});
  open_.Erase(entry.id);
  if (entry.hold_seconds > 0) expiries_.Erase(ExpiryOf(entry));
  const Change from = Reserve(entry.related, entry.from_key(), entry.amount);
  return {from, Reserve(entry.related, entry.to_key(), -entry.amount)};
}

std::vector<EntryId> Holds::OfSet(const EntryId& set_id, Layer layer) const {
  std::vector<EntryId> linked;
  const Set* set = sets_.Find(set_id, layer);
  for (uint32_t place = 0; set != nullptr && place < set->holds; ++place) {
    const EntryId* each = in_sets_.Find(PlaceKey{set_id, place}, layer);
    if (each != nullptr) linked.push_back(*each);
  }
  return linked;
}

std::vector<EntryId> Holds::Lapsed(absl::Time now, size_t most) const {
  std::vector<EntryId> lapsed;
  for (const auto& [key, held] : expiries_.base()) {
    if (absl::FromUnixMicros(key.first) > now || lapsed.size() >= most) break;
    lapsed.push_back(key.second);
  }
  return lapsed;
}

std::vector<const OpenHold*> Holds::OfScheme(uint32_t scheme) const {
  std::vector<const OpenHold*> open;
  for (const auto& [id, hold] : open_.base()) {
    if (hold.entry.scheme == scheme) open.push_back(&hold);
  }
  return open;
}

void Holds::Keep() {
  open_.Keep();
  sets_.Keep();
  in_sets_.Keep();
  nets_.Keep();
  expiries_.Keep();
}

void Holds::Drop() {
  open_.Drop();
  sets_.Drop();
  in_sets_.Drop();
  nets_.Drop();
  expiries_.Drop();
}

void Holds::Seal() {
  open_.Seal();
  sets_.Seal();
  in_sets_.Seal();
  nets_.Seal();
  expiries_.Seal();
}

void Holds::Publish() {
  for (const auto& [id, hold] : open_.sealed()) changed_.insert(id);
  open_.Publish();
  sets_.Publish();
  in_sets_.Publish();
  nets_.Publish();
  expiries_.Publish();
}

void Holds::Discard() {
  open_.Discard();
  sets_.Discard();
  in_sets_.Discard();
  nets_.Discard();
  expiries_.Discard();
}

// Puts a hold back among the others of its set.
void Holds::LoadOne(const OpenHold& hold) {
  const Entry& entry = hold.entry;
  const auto found = sets_.base().find(entry.related);
  const Set set = found == sets_.base().end() ? Set{} : found->second;
  sets_.Load(entry.related, {std::max(set.holds, hold.place + 1), set.open + 1});
  in_sets_.Load({entry.related, hold.place}, entry.id);
  open_.Load(entry.id, hold);
  if (entry.hold_seconds > 0) expiries_.Load(ExpiryOf(entry), true);
  Reserve(entry.related, entry.from_key(), -entry.amount);
  Reserve(entry.related, entry.to_key(), entry.amount);
}

absl::Status Holds::Load(const ShelfView& shelf) {
  *this = Holds();
  bool readable = true;
  shelf.Scan(kTable, "", "", [&](absl::string_view key, absl::string_view value) {
    OpenHold hold;
    readable = ReadHoldRow(key, value, hold);
    if (readable) LoadOne(hold);
    return readable;
  });
  nets_.Keep();
  nets_.Seal();
  nets_.Publish();
  if (!readable) return Refuse(Reason::kShelfDamaged, {{"problem", "a hold cannot be read"}});
  return shelf.damage();
}

std::map<AccountKey, std::pair<int64_t, int64_t>> Holds::Reserved() const {
  std::map<AccountKey, std::pair<int64_t, int64_t>> reserved;
  for (const auto& [key, net] : nets_.base()) {
    reserved[key.second].first += std::max<int64_t>(-net, 0);
    reserved[key.second].second += std::max<int64_t>(net, 0);
  }
  return reserved;
}

void Holds::AddRow(const EntryId& id, RowBatch& rows) const {
  const OpenHold* hold = open_.Find(id, Layer::kDurable);
  if (hold == nullptr) {
    rows.Erase(kTable, id.view());
  } else {
    rows.Put(kTable, id.view(), HoldRowValue(*hold));
  }
}

Cut Holds::TakeCut() {
  RowBatch cut;
  for (const EntryId& id : changed_) AddRow(id, cut);
  cut_ = std::exchange(changed_, {});
  return [cut = std::move(cut)](RowBatch& rows) { rows.Append(cut); };
}

void Holds::AddRowsInMemory(RowBatch& rows) const {
  for (const auto& [id, hold] : open_.base()) rows.Put(kTable, id.view(), HoldRowValue(hold));
  for (const absl::flat_hash_set<EntryId>* closed : {&changed_, &cut_}) {
    for (const EntryId& id : *closed) {
      if (!open_.base().contains(id)) rows.Erase(kTable, id.view());
    }
  }
}

}  // namespace turnabout
