#include "server/app/verification.h"

#include <utility>

#include "base/status_macros.h"
#include "base/version.h"

namespace turnabout {

void Verification::VerifyJournal(const Call&, const v1::VerifyJournalRequest&, Reply<v1::VerifyJournalResponse> reply) {
  workers_.Post([this, reply = std::move(reply)]() mutable { reply(Verify()); });
}

absl::StatusOr<v1::VerifyJournalResponse> Verification::Verify() const {
  int64_t accounts = 0;
  RETURN_IF_ERROR(context_.store.Read(0, [&](const Snapshot&) {
    accounts = context_.book().AccountCount();
    return absl::OkStatus();
  }));
  ASSIGN_OR_RETURN(const Verified verified, context_.store.Verify());
  v1::VerifyJournalResponse response;
  response.set_block_count(static_cast<int64_t>(verified.blocks));
  response.set_record_count(static_cast<int64_t>(verified.records));
  response.set_entry_count(static_cast<int64_t>(verified.entries));
  response.set_account_count(accounts);
  response.set_digest(ToHex(verified.digest));
  response.set_head_hash(ToHex(verified.head.hash));
  response.set_revision(static_cast<int64_t>(verified.head.last_sequence));
  return response;
}

absl::StatusOr<v1::GetServerInfoResponse> Verification::GetServerInfo(const v1::GetServerInfoRequest&) const {
  const Head head = context_.store.head();
  v1::GetServerInfoResponse response;
  response.set_version(std::string(kVersion));
  response.set_journal_backend(std::string(context_.store.journal().backend()));
  response.set_storage_format(kBlockVersion);
  response.set_revision(static_cast<int64_t>(head.last_sequence));
  response.set_block(static_cast<int64_t>(head.number));
  response.set_block_hash(ToHex(head.hash));
  response.set_public_key(BytesToHex(journal_.public_key()));
  return response;
}

}  // namespace turnabout
