#include "server/app/entry_batch.h"

#include <memory>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "server/app/books_movement.h"
#include "server/app/entry_view.h"
#include "server/app/item_list.h"
#include "server/app/problems.h"

namespace turnabout {
namespace {

void CheckHold(const v1::BatchItem& item, Problems& problems) {
  if (!item.held()) {
    if (item.has_hold_for()) problems.Add("hold_for", "Say how long only of what is held");
    return;
  }
  if (item.group() != 0) problems.Add("held", "Hold it outside a group: items of a group move at once");
  if (item.kind() == v1::Entry::KIND_OPENING || item.kind() == v1::Entry::KIND_EXPIRY) {
    problems.Add("held", "Name ACTIVITY, DONATION, GRANT or GIFT to hold it");
  }
  if (item.has_hold_for()) CheckHoldFor(item.hold_for(), problems);
}

// Returns the day of the help.
int32_t CheckItem(const v1::BatchItem& item, absl::CivilDay today, Problems& problems) {
  if (item.kind() != v1::Entry::KIND_ACTIVITY && !IsFreeKind(item.kind(), false)) {
    problems.Add("kind", "Name ACTIVITY, DONATION, GRANT, GIFT, OPENING or EXPIRY");
  }
  CheckAccountName("from_account", item.from_account(), problems);
  CheckAccountName("to_account", item.to_account(), problems);
  problems.CheckText("note", item.note(), kNoteLengthMax, false);
  problems.CheckText("category", item.category(), kSlugLengthMax, false);
  problems.CheckRequestId(item.request_id());
  CheckHold(item, problems);
  return ReadHappenedOn(item.happened_on_date(), today, problems);
}

// What makes the item at `place` the same as another: what moves, not what it stands or falls with.
RequestIdentity IdentityOfItem(const v1::BatchItem& item, absl::string_view batch_id, int place,
                               absl::string_view slug) {
  std::string id = item.request_id();
  if (id.empty() && !batch_id.empty()) id = absl::StrCat(batch_id, "/", place);
  return IdentityOf(item, slug, std::move(id), "group");
}

v1::Refusal ToApi(const absl::Status& status) {
  const std::optional<Refusal> refusal = RefusalOf(status);
  v1::Refusal api;
  api.set_code(static_cast<int32_t>(status.code()));
  api.set_message(std::string(status.message()));
  if (!refusal.has_value()) return api;
  api.set_reason(std::string(InfoOf(refusal->reason).name));
  for (const auto& [key, value] : refusal->facts) (*api.mutable_metadata())[key] = value;
  return api;
}

}  // namespace

EntryBatch::EntryBatch(std::string slug, Whole whole, Items items, absl::CivilDay today)
    : slug_(std::move(slug)), whole_(std::move(whole)), items_(std::move(items)) {
  if (!whole_.request_id.empty()) list_key_ = ItemListKey(slug_, whole_.request_id);
  std::map<int64_t, size_t> groups;
  read_.reserve(items_.size());
  results_.Reserve(items_.size());
  for (int place = 0; place < items_.size(); ++place) {
    const v1::BatchItem& item = items_[place];
    Problems problems;
    Read& read = read_.emplace_back();
    read.happened_on = CheckItem(item, today, problems);
    read.readable = problems.ToStatus();
    read.identity = IdentityOfItem(item, whole_.request_id, place, slug_);
    const std::optional<PlaceInCall> named = ParsePlaceInCall(item.request_id());
    names_places_ = names_places_ || (named.has_value() && named->call == whole_.request_id);
    read.from = AccountNamed(slug_, item.from_account());
    read.to = AccountNamed(slug_, item.to_account());
    const bool joins = item.group() != 0 && !groups.try_emplace(item.group(), groups_.size()).second;
    if (!joins) groups_.emplace_back();
    groups_[joins ? groups[item.group()] : groups_.size() - 1].push_back(place);
    results_.Add();
  }
}

// Runs inside one Txn.
class EntryBatchWriter {
 public:
  EntryBatchWriter(const Context& context, const SchemeView& scheme, EntryBatch& batch, Txn& txn)
      : context_(context), scheme_(scheme), batch_(batch), txn_(txn) {
    if (batch_.list_key_.has_value()) before_ = ReadListAt(*batch_.list_key_);
  }

  // REQUIRES: every group is written.
  void RememberList() {
    if (!list_.empty()) txn_.Remember(*batch_.list_key_, list_.ToRemember());
  }

  void WriteGroup(const std::vector<int>& places) {
    drafts_.clear();
    places_.clear();
    first_with_.clear();
    for (const int place : places) {
      const absl::Status prepared = Prepare(place, places.size() > 1);
      if (!prepared.ok()) return RefuseGroup(places, place, prepared);
    }
    if (drafts_.empty()) return;
    size_t refused = 0;
    const absl::Status written = Write(refused);
    if (!written.ok()) return RefuseGroup(places, places_[refused], written);
    for (size_t i = 0; i < drafts_.size(); ++i) Finish(places_[i], drafts_[i].id);
    for (const int place : places) {
      if (Result(place).outcome_case() == v1::BatchItemResult::OUTCOME_NOT_SET) RepeatOfGroup(place);
    }
  }

 private:
  const v1::BatchItem& Asked(int place) const { return batch_.items_[place]; }
  v1::BatchItemResult& Result(int place) { return batch_.results_[place]; }

  // Answers an item that was written before; makes a draft of any other, unless an earlier one of its group is it.
  absl::Status Prepare(int place, bool in_group) {
    const EntryBatch::Read& item = batch_.read_[place];
    RETURN_IF_ERROR(item.readable);
    if (item.identity.named) {
      if (const std::optional<Remembered> before = FindItem(place)) {
        RETURN_IF_ERROR(CheckSameContent(item.identity, *before));
        ShowEntry(place, IdFromRow<EntryId>(before->answer), true);
        return absl::OkStatus();
      }
      if (in_group) {
        const auto [first, is_new] = first_with_.try_emplace(item.identity.key, place);
        if (!is_new) return CheckSameContent(item.identity, {batch_.read_[first->second].identity.content, ""});
      }
    }
    RETURN_IF_ERROR(item.from.status());
    RETURN_IF_ERROR(item.to.status());
    ASSIGN_OR_RETURN(Draft draft, MinutesDraft(context_, scheme_, Asked(place), *item.from, *item.to));
    ASSIGN_OR_RETURN(draft.category, CategoryNumber(scheme_, Asked(place).category()));
    draft.happened_on = item.happened_on;
    drafts_.push_back(draft);
    places_.push_back(place);
    return absl::OkStatus();
  }

  using Listed = absl::flat_hash_map<int, Remembered>;
  std::optional<Listed> ReadListAt(const RequestKey& key) const {
    const std::optional<Remembered> list = txn_.FindRequest(key);
    return list.has_value() ? std::make_optional(ReadItemList(*list)) : std::nullopt;
  }

  static std::optional<Remembered> FindIn(const std::optional<Listed>& list, int place) {
    if (!list.has_value()) return std::nullopt;
    const auto found = list->find(place);
    return found == list->end() ? std::nullopt : std::make_optional(found->second);
  }

  // What is remembered of an item that has a name, for itself or in the list of the call that its name tells of.
  std::optional<Remembered> FindItem(int place) const {
    const RequestIdentity& identity = batch_.read_[place].identity;
    if (std::optional<Remembered> found = txn_.FindRequest(identity.key)) return found;
    if (Asked(place).request_id().empty()) return FindIn(before_, place);
    const std::optional<PlaceInCall> named = ParsePlaceInCall(identity.request_id);
    return named.has_value() ? FindIn(ReadListAt(ItemListKey(batch_.slug_, named->call)), named->place) : std::nullopt;
  }

  void Remember(int place, const EntryId& id) {
    const RequestIdentity& identity = batch_.read_[place].identity;
    if (!identity.named) return;
    if (Asked(place).request_id().empty() && !before_.has_value() && !batch_.names_places_) {
      list_.Add(place, identity.content, id);
    } else {
      txn_.Remember(identity.key, {identity.content, IdToRow(id)});
    }
  }

  absl::Status Write(size_t& refused) {
    const v1::BatchItem& first = Asked(places_.front());
    if (!first.held()) return context_.ledger.Post(drafts_, txn_, &refused).status();
    const absl::Duration hold_for =
        first.has_hold_for() ? absl::Seconds(first.hold_for().seconds()) : absl::InfiniteDuration();
    return context_.ledger.Hold(drafts_, hold_for, txn_).status();
  }

  void Finish(int place, const EntryId& id) {
    SaveNote(id, batch_.whole_.actor, Asked(place).note(), txn_);
    Remember(place, id);
    ShowEntry(place, id, false);
  }

  void ShowEntry(int place, const EntryId& id, bool repeated) {
    const EntryRow row = *context_.book().FindEntry(id, txn_.layer());
    *Result(place).mutable_entry() = ToApiWithoutWords(context_.book(), txn_, scheme_, row);
    Count(place, repeated);
  }

  // An item that is the same as an earlier one of its group, which was written.
  void RepeatOfGroup(int place) {
    *Result(place).mutable_entry() = Result(first_with_.at(batch_.read_[place].identity.key)).entry();
    Count(place, true);
  }

  void Count(int place, bool repeated) {
    Result(place).set_repeated(repeated);
    ++(repeated ? batch_.repeated_ : batch_.written_);
  }

  // What an earlier call wrote stands; the rest of the group falls with the one at `culprit`.
  void RefuseGroup(const std::vector<int>& places, int culprit, const absl::Status& status) {
    for (const int place : places) {
      if (Result(place).has_entry()) continue;
      *Result(place).mutable_refusal() = ToApi(status);
      if (place != culprit) Result(place).set_because_of_item(culprit);
      ++batch_.refused_;
      ++batch_.refused_for_[*RefusedFor(status)];
    }
  }

  const Context& context_;
  const SchemeView& scheme_;
  EntryBatch& batch_;
  Txn& txn_;
  std::optional<Listed> before_;  // what an earlier call of the same name wrote; nothing when there was none
  ItemList list_;                 // what this one does
  // Of the group that is being written.
  std::vector<Draft> drafts_;
  std::vector<int> places_;  // of the drafts, among the items
  absl::flat_hash_map<RequestKey, int> first_with_;
};

void EntryBatch::Write(const Context& context, const SchemeView& scheme, Txn& txn) {
  EntryBatchWriter writer(context, scheme, *this, txn);
  for (const std::vector<int>& places : groups_) writer.WriteGroup(places);
  writer.RememberList();
}

void EntryBatch::TellRefusals(CallObserver& observer) const {
  for (const auto& [reason, count] : refused_for_) observer.ItemsRefused(reason, count);
}

}  // namespace turnabout
