// Approving many matches at once.
#ifndef TURNABOUT_CLIENTS_CLI_APPROVE_H_
#define TURNABOUT_CLIENTS_CLI_APPROVE_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/cli/api.h"
#include "turnabout/v1/match.pb.h"
#include "turnabout/v1/matching_service.pb.h"

namespace turnabout::cli {

inline constexpr int kApprovalsInFlight = 64;

// Sends one ApproveMatch for each name, kApprovalsInFlight at a time; `done` hears of each as it ends. `request_id`,
// when not empty, is what each one's request id begins with.
void ApproveMany(Api& api, const std::vector<std::string>& names, absl::string_view actor, absl::string_view request_id,
                 const std::function<void(size_t, absl::StatusOr<v1::ApproveMatchResponse>)>& done);

// The names of every match of a scheme that waits for a coordinator.
absl::StatusOr<std::vector<std::string>> ProposedMatches(Api& api, absl::string_view scheme);

}  // namespace turnabout::cli

#endif  // TURNABOUT_CLIENTS_CLI_APPROVE_H_
