// Rounds: the matching engine run over a whole scheme, and what it found.
#ifndef TURNABOUT_SERVER_APP_ROUNDS_H_
#define TURNABOUT_SERVER_APP_ROUNDS_H_

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "server/app/live_schemes.h"
#include "server/app/request.h"
#include "server/app/round_choices.h"
#include "server/app/workers.h"
#include "turnabout/v1/matching_service.pb.h"

namespace turnabout {

// Each method is what its rpc's comment in proto/turnabout/v1 says. Threads: safe for concurrent use.
class Rounds {
 public:
  // REQUIRES: all outlive the Rounds.
  Rounds(const Context& context, Workers& workers, LiveSchemes& live)
      : context_(context), workers_(workers), live_(live) {}

  void RunRound(const Call& call, const v1::RunRoundRequest& request, Reply<v1::RunRoundResponse> reply);
  void SuggestBuddies(const Call& call, const v1::SuggestBuddiesRequest& request,
                      Reply<v1::SuggestBuddiesResponse> reply);
  absl::StatusOr<v1::GetRoundResponse> GetRound(const v1::GetRoundRequest& request) const;
  absl::StatusOr<v1::ListRoundsResponse> ListRounds(const v1::ListRoundsRequest& request) const;
  absl::StatusOr<v1::ListLeftOutResponse> ListLeftOut(const v1::ListLeftOutRequest& request) const;

  // Marks rounds that a stop cut short. Called once, before anything is served.
  absl::Status MarkInterrupted();

 private:
  absl::StatusOr<v1::RunRoundResponse> Run(const Call& call, const v1::RunRoundRequest& request,
                                           const std::string& slug, const std::vector<ChosenPair>& chosen);
  // Suggestions while nobody knows the best set.
  absl::StatusOr<v1::SuggestBuddiesResponse> SuggestByScore(const std::string& slug, const MemberId& id, int32_t most,
                                                            uint64_t at_least) const;

  const Context& context_;
  Workers& workers_;
  LiveSchemes& live_;
  std::mutex mutex_;
  std::set<std::string> running_;  // slugs of schemes with a round under way; guarded by mutex_
};

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_ROUNDS_H_
