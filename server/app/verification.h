// Proving the books right: the journal replayed and compared with everything at hand.
#ifndef TURNABOUT_SERVER_APP_VERIFICATION_H_
#define TURNABOUT_SERVER_APP_VERIFICATION_H_

#include "server/app/journal_access.h"
#include "server/app/request.h"
#include "server/app/workers.h"
#include "turnabout/v1/server_service.pb.h"

namespace turnabout {

// Each method is what its rpc's comment in proto/turnabout/v1 says. Threads: safe for concurrent use.
class Verification {
 public:
  // REQUIRES: all outlive the Verification.
  Verification(const Context& context, Workers& workers, const JournalAccess& journal)
      : context_(context), workers_(workers), journal_(journal) {}

  void VerifyJournal(const Call& call, const v1::VerifyJournalRequest& request, Reply<v1::VerifyJournalResponse> reply);
  absl::StatusOr<v1::GetServerInfoResponse> GetServerInfo(const v1::GetServerInfoRequest& request) const;

 private:
  absl::StatusOr<v1::VerifyJournalResponse> Verify() const;

  const Context& context_;
  Workers& workers_;
  const JournalAccess& journal_;
};

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_VERIFICATION_H_
