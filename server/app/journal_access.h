// The journal as the API shows it: its signed head, proofs of entries, and backups.
#ifndef TURNABOUT_SERVER_APP_JOURNAL_ACCESS_H_
#define TURNABOUT_SERVER_APP_JOURNAL_ACCESS_H_

#include <mutex>
#include <string>

#include "base/entry_proof.h"
#include "server/app/request.h"
#include "server/app/workers.h"
#include "turnabout/v1/journal_service.pb.h"

namespace turnabout {

// Each method is what its rpc's comment in proto/turnabout/v1 says. Threads: safe for concurrent use, but for UseKey.
class JournalAccess {
 public:
  // Signs with a key of its own that nobody keeps. REQUIRES: both outlive the JournalAccess.
  JournalAccess(const Context& context, Workers& workers)
      : context_(context), workers_(workers), key_(SigningKey::Draw()) {}

  // Signs with `key` from now on. REQUIRES: called before anything else.
  void UseKey(const SigningKey& key) { key_ = key; }
  const PublicKey& public_key() const { return key_.public_key(); }

  absl::StatusOr<v1::GetHeadResponse> GetHead(const v1::GetHeadRequest& request) const;
  void GetEntryProof(const Call& call, const v1::GetEntryProofRequest& request, Reply<v1::GetEntryProofResponse> reply);
  void ListBlockHeaders(const Call& call, const v1::ListBlockHeadersRequest& request,
                        Reply<v1::ListBlockHeadersResponse> reply);
  void CreateBackup(const Call& call, const v1::CreateBackupRequest& request, Reply<v1::CreateBackupResponse> reply);

 private:
  absl::StatusOr<v1::GetEntryProofResponse> Prove(const v1::GetEntryProofRequest& request) const;
  absl::StatusOr<v1::ListBlockHeadersResponse> Headers(const v1::ListBlockHeadersRequest& request) const;
  absl::StatusOr<v1::CreateBackupResponse> BackUp(const v1::CreateBackupRequest& request);

  const Context& context_;
  Workers& workers_;
  SigningKey key_;
  std::mutex backup_;  // held while a backup is written: two into one folder would mix
};

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_JOURNAL_ACCESS_H_
