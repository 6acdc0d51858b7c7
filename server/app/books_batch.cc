// Writing many entries in one call: each item for itself or with its group, all in one command and so in one block.
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "server/app/actor.h"
#include "server/app/books.h"
#include "server/app/books_movement.h"
#include "server/app/entry_view.h"
#include "server/app/problems.h"

namespace turnabout {
namespace {

// Items of one call. With an entry, a note and a request id each they are at most 24,570 records: one command.
constexpr int kBatchItemsMax = 8190;
// Leaves room for '/' and an item's place within kRequestIdLengthMax.
constexpr size_t kBatchRequestIdLengthMax = 120;

// An item as far as it can be read without the writer.
struct Item {
  absl::Status readable;  // BAD_FIELDS otherwise
  int32_t happened_on = 0;
  RequestIdentity identity;
};

struct Batch {
  v1::BatchWriteEntriesRequest request;
  std::string slug;
  std::vector<Item> items;
  std::vector<std::vector<int>> groups;  // places of items that stand or fall together; most are alone
  v1::BatchWriteEntriesResponse response;
};

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

Item ReadItem(const v1::BatchItem& item, const absl::CivilDay& today, Problems& problems) {
  if (item.kind() != v1::Entry::KIND_ACTIVITY && !IsFreeKind(item.kind(), false)) {
    problems.Add("kind", "Name ACTIVITY, DONATION, GRANT, GIFT, OPENING or EXPIRY");
  }
  CheckAccountName("from_account", item.from_account(), problems);
  CheckAccountName("to_account", item.to_account(), problems);
  problems.CheckText("note", item.note(), kNoteLengthMax, false);
  problems.CheckText("category", item.category(), kSlugLengthMax, false);
  problems.CheckRequestId(item.request_id());
  CheckHold(item, problems);
  Item read;
  read.happened_on = ReadHappenedOn(item.happened_on_date(), today, problems);
  read.readable = problems.ToStatus();
  return read;
}

// What makes the item at `place` the same as another: what moves, not what it stands or falls with.
RequestIdentity IdentityOfItem(const v1::BatchItem& item, absl::string_view batch_id, int place,
                               absl::string_view slug) {
  v1::BatchItem movement = item;
  movement.clear_group();
  if (movement.request_id().empty() && !batch_id.empty()) {
    movement.set_request_id(absl::StrCat(batch_id, "/", place));
  }
  return IdentityOf(movement, slug);
}

void ReadItems(const absl::CivilDay& today, Batch& batch) {
  std::map<int64_t, size_t> groups;
  for (int place = 0; place < batch.request.items_size(); ++place) {
    const v1::BatchItem& item = batch.request.items(place);
    Problems problems;
    batch.items.push_back(ReadItem(item, today, problems));
    batch.items.back().identity = IdentityOfItem(item, batch.request.request_id(), place, batch.slug);
    const bool joins = item.group() != 0 && !groups.try_emplace(item.group(), batch.groups.size()).second;
    if (!joins) batch.groups.emplace_back();
    batch.groups[joins ? groups[item.group()] : batch.groups.size() - 1].push_back(place);
    batch.response.add_results();
  }
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

// Runs inside one Txn. An item that is refused has written nothing by then, so the others need no undoing.
class BatchWriter {
 public:
  BatchWriter(const Context& context, const SchemeView& scheme, Batch& batch, Txn& txn)
      : context_(context), scheme_(scheme), batch_(batch), txn_(txn) {}

  void WriteGroup(const std::vector<int>& places) {
    drafts_.clear();
    places_.clear();
    first_with_.clear();
    for (const int place : places) {
      const absl::Status prepared = Prepare(place);
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
  const v1::BatchItem& Asked(int place) const { return batch_.request.items(place); }
  v1::BatchItemResult& Result(int place) { return *batch_.response.mutable_results(place); }

  // Answers an item that was written before; makes a draft of any other, unless an earlier one of its group is it.
  absl::Status Prepare(int place) {
    const Item& item = batch_.items[place];
    RETURN_IF_ERROR(item.readable);
    if (item.identity.named) {
      if (const std::optional<Remembered> before = txn_.FindRequest(item.identity.key)) {
        RETURN_IF_ERROR(CheckSameContent(item.identity, *before));
        ShowEntry(place, IdFromRow<EntryId>(before->answer), true);
        return absl::OkStatus();
      }
      const auto [first, is_new] = first_with_.try_emplace(item.identity.key, place);
      if (!is_new) return CheckSameContent(item.identity, {batch_.items[first->second].identity.content, ""});
    }
    ASSIGN_OR_RETURN(Draft draft, MinutesDraft(context_, scheme_, Asked(place)));
    ASSIGN_OR_RETURN(draft.category, CategoryNumber(scheme_, Asked(place).category()));
    draft.happened_on = item.happened_on;
    drafts_.push_back(draft);
    places_.push_back(place);
    return absl::OkStatus();
  }

  absl::Status Write(size_t& refused) {
    const v1::BatchItem& first = Asked(places_.front());
    if (!first.held()) return context_.ledger.Post(drafts_, txn_, &refused).status();
    const absl::Duration hold_for =
        first.has_hold_for() ? absl::Seconds(first.hold_for().seconds()) : absl::InfiniteDuration();
    return context_.ledger.Hold(drafts_, hold_for, txn_).status();
  }

  void Finish(int place, const EntryId& id) {
    const Item& item = batch_.items[place];
    SaveNote(id, batch_.request.actor(), Asked(place).note(), txn_);
    if (item.identity.named) txn_.Remember(item.identity.key, {item.identity.content, IdToRow(id)});
    ShowEntry(place, id, false);
  }

  void ShowEntry(int place, const EntryId& id, bool repeated) {
    const EntryRow row = *context_.book().FindEntry(id, txn_.layer());
    *Result(place).mutable_entry() = ToApiWithoutWords(context_.book(), txn_, scheme_, row);
    Result(place).set_repeated(repeated);
    Count(repeated);
  }

  // An item that is the same as an earlier one of its group, which was written.
  void RepeatOfGroup(int place) {
    *Result(place).mutable_entry() = Result(first_with_.at(batch_.items[place].identity.key)).entry();
    Result(place).set_repeated(true);
    Count(true);
  }

  void Count(bool repeated) {
    v1::BatchWriteEntriesResponse& all = batch_.response;
    if (repeated) {
      all.set_repeated_count(all.repeated_count() + 1);
    } else {
      all.set_written_count(all.written_count() + 1);
    }
  }

  // What an earlier call wrote stands; the rest of the group falls with the one at `culprit`.
  void RefuseGroup(const std::vector<int>& places, int culprit, const absl::Status& status) {
    for (const int place : places) {
      if (Result(place).has_entry()) continue;
      *Result(place).mutable_refusal() = ToApi(status);
      if (place != culprit) Result(place).set_because_of_item(culprit);
      batch_.response.set_refused_count(batch_.response.refused_count() + 1);
    }
  }

  const Context& context_;
  const SchemeView& scheme_;
  Batch& batch_;
  Txn& txn_;
  // Of the group that is being written.
  std::vector<Draft> drafts_;
  std::vector<int> places_;  // of the drafts, among the items
  absl::flat_hash_map<RequestKey, int> first_with_;
};

}  // namespace

void Books::BatchWriteEntries(const Call& call, const v1::BatchWriteEntriesRequest& request,
                              Reply<v1::BatchWriteEntriesResponse> reply) {
  Problems problems;
  auto batch = std::make_shared<Batch>();
  batch->slug = problems.CheckScheme("parent", request.parent());
  problems.CheckRange("items", request.items_size(), 1, kBatchItemsMax);
  problems.CheckText("request_id", request.request_id(), kBatchRequestIdLengthMax, false);
  problems.CheckRequestId(request.request_id());
  ReadActor("actor", request.actor(), batch->slug, false, problems);
  if (!problems.empty()) return reply(problems.ToStatus());
  batch->request = request;
  ReadItems(DayOf(context_.clock.Now()), *batch);
  auto shared_reply = std::make_shared<Reply<v1::BatchWriteEntriesResponse>>(std::move(reply));
  context_.store.Write(
      {.deadline = call.deadline, .dry_run = request.validate_only(), .cancelled = call.cancelled},
      [this, batch](Txn& txn) -> absl::Status {
        ASSIGN_OR_RETURN(const std::shared_ptr<const SchemeView> scheme, FindScheme(txn, batch->slug));
        BatchWriter writer(context_, *scheme, *batch, txn);
        for (const std::vector<int>& places : batch->groups) writer.WriteGroup(places);
        return absl::OkStatus();
      },
      [batch, shared_reply](const absl::Status& status, uint64_t revision) {
        if (!status.ok()) return (*shared_reply)(status);
        batch->response.set_revision(static_cast<int64_t>(revision));
        (*shared_reply)(std::move(batch->response));
      });
}

}  // namespace turnabout
