#include "store/engine.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "store/audit/replay.h"

namespace turnabout {

void Txn::Append(RecordKind kind, absl::string_view payload) { engine_.Append(kind, payload); }

Engine::Engine(std::vector<Projection*> projections) : projections_{&records_, &requests_} {
  projections_.insert(projections_.end(), projections.begin(), projections.end());
}

// Why a command may not write so much more.
absl::Status Engine::TooLarge(const BlockBuilder& builder, size_t payload_bytes) const {
  const bool bytes = builder.body_bytes() - command_bytes_start_ + payload_bytes > kCommandBytesMax;
  const bool records = builder.record_count() - command_records_start_ + 1 > kCommandRecordsMax;
  if (!bytes && !records) return absl::OkStatus();
  const std::string most =
      bytes ? absl::StrCat(kCommandBytesMax, " bytes") : absl::StrCat(kCommandRecordsMax, " records");
  return Refuse(Reason::kCommandTooLarge, {{"size", absl::StrCat("more than ", most)}, {"limit", most}});
}

void Engine::Append(RecordKind kind, absl::string_view payload) {
  if (append_status_.ok()) append_status_ = TooLarge(staged_, payload.size());
  if (!append_status_.ok()) return;
  const RecordView record{sealed_sequence_ + staged_.record_count() + 1, kind, payload};
  staged_.Add(kind, payload);
  for (Projection* projection : projections_) {
    const absl::Status staged = projection->Stage(record);
    if (append_status_.ok()) append_status_ = staged;
  }
}

absl::Status Engine::Run(absl::FunctionRef<absl::Status(Txn&)> command, absl::Time now, bool keep) {
  const uint32_t records_before = staged_.record_count();
  command_bytes_start_ = staged_.body_bytes();
  command_records_start_ = records_before;
  append_status_ = absl::OkStatus();
  Txn txn(*this, records_, requests_, head_.last_sequence, now);
  absl::Status status = command(txn);
  if (status.ok()) status = append_status_;
  keep = keep && status.ok();
  if (!keep) staged_.Truncate(records_before);
  for (Projection* projection : projections_) {
    if (keep) {
      projection->Keep();
    } else {
      projection->Drop();
    }
  }
  return status;
}

BlockBuilder Engine::Seal() {
  sealed_sequence_ += staged_.record_count();
  for (Projection* projection : projections_) projection->Seal();
  return std::exchange(staged_, BlockBuilder());
}

void Engine::Publish(const Head& head) {
  for (Projection* projection : projections_) projection->Publish();
  head_ = head;
}

void Engine::Discard() {
  for (Projection* projection : projections_) projection->Discard();
  staged_ = BlockBuilder();
  sealed_sequence_ = head_.last_sequence;
}

absl::Status Engine::Replay(const Block& block) {
  RETURN_IF_ERROR(StageBlock(block, projections_));
  for (Projection* projection : projections_) {
    projection->Keep();
    projection->Seal();
  }
  Publish(block.AsHead());
  sealed_sequence_ = head_.last_sequence;
  return absl::OkStatus();
}

absl::Status Engine::UseShelf(const ShelfView& shelf) {
  for (Projection* projection : projections_) RETURN_IF_ERROR(projection->UseShelf(shelf));
  head_ = shelf.reached();
  sealed_sequence_ = head_.last_sequence;
  cut_sequence_ = head_.last_sequence;
  return absl::OkStatus();
}

void Engine::LeaveShelf() {
  for (Projection* projection : projections_) projection->LeaveShelf();
}

std::vector<Cut> Engine::TakeCuts() {
  std::vector<Cut> cuts;
  for (Projection* projection : projections_) cuts.push_back(projection->TakeCut());
  cut_sequence_ = head_.last_sequence;
  return cuts;
}

void Engine::Shelved() {
  for (Projection* projection : projections_) projection->Shelved();
}

}  // namespace turnabout
