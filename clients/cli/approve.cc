#include "clients/cli/approve.h"

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "clients/cli/paging.h"
#include "clients/cli/session.h"
#include "turnabout/v1/matching_service.grpc.pb.h"

namespace turnabout::cli {

void ApproveMany(Api& api, const std::vector<std::string>& names, absl::string_view actor, absl::string_view request_id,
                 const std::function<void(size_t, absl::StatusOr<v1::ApproveMatchResponse>)>& done) {
  std::vector<v1::ApproveMatchRequest> requests;
  for (const std::string& name : names) {
    v1::ApproveMatchRequest& request = requests.emplace_back();
    request.set_name(name);
    request.set_actor(std::string(actor));
    if (!request_id.empty()) request.set_request_id(absl::StrCat(request_id, "-", IdOf(name)));
  }
  api.CallMany<v1::MatchingService, v1::ApproveMatchRequest, v1::ApproveMatchResponse>(
      std::move(requests), kApprovalsInFlight,
      [](v1::MatchingService::Stub& stub, grpc::ClientContext* context, const v1::ApproveMatchRequest* request,
         v1::ApproveMatchResponse* response, std::function<void(grpc::Status)> ended) {
        stub.async()->ApproveMatch(context, request, response, std::move(ended));
      },
      done);
}

absl::StatusOr<std::vector<std::string>> ProposedMatches(Api& api, absl::string_view scheme) {
  v1::ListMatchesRequest request;
  request.set_parent(std::string(scheme));
  request.set_filter("state = PROPOSED");
  ASSIGN_OR_RETURN(const v1::ListMatchesResponse all,
                   ListUpTo(api, &v1::MatchingService::Stub::ListMatches, request, 0));
  std::vector<std::string> names;
  for (const v1::Match& match : all.matches()) names.push_back(match.name());
  return names;
}

}  // namespace turnabout::cli
