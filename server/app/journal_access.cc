#include "server/app/journal_access.h"

#include <algorithm>
#include <utility>

#include "base/status_macros.h"
#include "server/app/problems.h"
#include "server/records/names.h"
#include "server/records/rows.h"
#include "store/audit/backup.h"
#include "store/audit/prove.h"

namespace turnabout {
namespace {

v1::SignedHead ToApi(const SignedHead& head) {
  v1::SignedHead api;
  api.set_block(static_cast<int64_t>(head.block));
  api.set_revision(static_cast<int64_t>(head.last_sequence));
  api.set_time_micros(head.time_micros);
  api.set_hash(ToHex(head.hash));
  api.set_public_key(BytesToHex(head.public_key));
  api.set_signature(BytesToHex(head.signature));
  return api;
}

}  // namespace

absl::StatusOr<v1::GetHeadResponse> JournalAccess::GetHead(const v1::GetHeadRequest&) const {
  v1::GetHeadResponse response;
  *response.mutable_head() = ToApi(SignedHeadOf(context_.store.head(), key_));
  return response;
}

void JournalAccess::GetEntryProof(const Call&, const v1::GetEntryProofRequest& request,
                                  Reply<v1::GetEntryProofResponse> reply) {
  workers_.Post([this, request, reply = std::move(reply)]() mutable { reply(Prove(request)); });
}

absl::StatusOr<v1::GetEntryProofResponse> JournalAccess::Prove(const v1::GetEntryProofRequest& request) const {
  Problems problems;
  std::string slug;
  const auto id = problems.CheckName<EntryId>("name", request.name(), kEntries, slug);
  RETURN_IF_ERROR(problems.ToStatus());
  uint64_t sequence = 0;
  RETURN_IF_ERROR(context_.store.Read(0, [&](const Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(const auto scheme, FindScheme(snapshot, slug));
    const std::optional<EntryRow> row = context_.book().FindEntry(id, snapshot.layer());
    if (!row.has_value() || row->entry.scheme != scheme->number()) {
      return Refuse(Reason::kEntryNotFound, {{"name", request.name()}});
    }
    sequence = row->sequence;
    return absl::OkStatus();
  }));
  ASSIGN_OR_RETURN(EntryProof proof, ProveRecord(context_.store.journal(), sequence, context_.store.head()));
  SignHead(key_, proof.head);
  v1::GetEntryProofResponse response;
  v1::EntryProof& api = *response.mutable_proof();
  api.set_record(proof.record);
  api.set_record_index(static_cast<int64_t>(proof.index));
  for (const Sha256Digest& hash : proof.path) api.add_path(std::string(AsView(hash)));
  for (std::string& header : proof.headers) api.add_headers(std::move(header));
  *api.mutable_head() = ToApi(proof.head);
  response.set_block(static_cast<int64_t>(proof.block));
  return response;
}

void JournalAccess::ListBlockHeaders(const Call&, const v1::ListBlockHeadersRequest& request,
                                     Reply<v1::ListBlockHeadersResponse> reply) {
  workers_.Post([this, request, reply = std::move(reply)]() mutable { reply(Headers(request)); });
}

absl::StatusOr<v1::ListBlockHeadersResponse> JournalAccess::Headers(const v1::ListBlockHeadersRequest& request) const {
  Problems problems;
  if (request.first_block() < 1) problems.Add("first_block", "Give a number from 1");
  if (request.last_block() < 0) problems.Add("last_block", "Give a number, or 0 for the latest block");
  RETURN_IF_ERROR(problems.ToStatus());
  const uint64_t head = context_.store.head().number;
  const uint64_t last = request.last_block() == 0 ? head : static_cast<uint64_t>(request.last_block());
  v1::ListBlockHeadersResponse response;
  const uint64_t first = static_cast<uint64_t>(request.first_block());
  if (first > head) return response;
  ASSIGN_OR_RETURN(std::vector<std::string> headers,
                   ReadHeaders(context_.store.journal(), first, std::min(last, head)));
  for (std::string& header : headers) response.add_headers(std::move(header));
  return response;
}

void JournalAccess::CreateBackup(const Call&, const v1::CreateBackupRequest& request,
                                 Reply<v1::CreateBackupResponse> reply) {
  workers_.Post([this, request, reply = std::move(reply)]() mutable { reply(BackUp(request)); });
}

absl::StatusOr<v1::CreateBackupResponse> JournalAccess::BackUp(const v1::CreateBackupRequest& request) {
  const std::lock_guard<std::mutex> lock(backup_);
  ASSIGN_OR_RETURN(const BackupDone done,
                   WriteBackup(context_.store.journal(), context_.store.head(), key_, request.path()));
  v1::CreateBackupResponse response;
  response.set_added_block_count(static_cast<int64_t>(done.added_blocks));
  response.set_added_byte_count(static_cast<int64_t>(done.added_bytes));
  *response.mutable_head() = ToApi(done.head);
  return response;
}

}  // namespace turnabout
