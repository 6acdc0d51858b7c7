// Matches: proposed by a round or by hand, approved, accepted, ended.
#ifndef TURNABOUT_SERVER_APP_MATCHES_H_
#define TURNABOUT_SERVER_APP_MATCHES_H_

#include "server/app/live_schemes.h"
#include "server/app/request.h"
#include "server/records/rows.h"
#include "turnabout/v1/matching_service.pb.h"

namespace turnabout {

// Each method is what its rpc's comment in proto/turnabout/v1 says. Threads: safe for concurrent use.
class Matches {
 public:
  // REQUIRES: both outlive the Matches.
  Matches(const Context& context, LiveSchemes& live) : context_(context), live_(live) {}

  void ProposeMatch(const Call& call, const v1::ProposeMatchRequest& request, Reply<v1::ProposeMatchResponse> reply);
  void ApproveMatch(const Call& call, const v1::ApproveMatchRequest& request, Reply<v1::ApproveMatchResponse> reply);
  void AcceptMatch(const Call& call, const v1::AcceptMatchRequest& request, Reply<v1::AcceptMatchResponse> reply);
  void DeclineMatch(const Call& call, const v1::DeclineMatchRequest& request, Reply<v1::DeclineMatchResponse> reply);
  void EndMatch(const Call& call, const v1::EndMatchRequest& request, Reply<v1::EndMatchResponse> reply);
  absl::StatusOr<v1::GetMatchResponse> GetMatch(const v1::GetMatchRequest& request) const;
  absl::StatusOr<v1::ListMatchesResponse> ListMatches(const v1::ListMatchesRequest& request) const;

 private:
  const Context& context_;
  LiveSchemes& live_;
};

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_MATCHES_H_
