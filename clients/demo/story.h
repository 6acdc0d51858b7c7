// The Story is the main job, done once over a small invented scheme and told as it happens.
#ifndef TURNABOUT_CLIENTS_DEMO_STORY_H_
#define TURNABOUT_CLIENTS_DEMO_STORY_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "clients/cli/api.h"
#include "clients/cli/people.h"
#include "clients/demo/figures.h"
#include "clients/demo/page.h"
#include "turnabout/v1/exchange.pb.h"
#include "turnabout/v1/match.pb.h"
#include "turnabout/v1/matching_service.pb.h"
#include "turnabout/v1/pledge.pb.h"

namespace turnabout::demo {

class Story {
 public:
  // REQUIRES: `api` and `page` outlive it; the server has no scheme called "homeward".
  Story(cli::Api& api, Page& page, absl::CivilDay today) : api_(api), page_(page), today_(today), people_(api) {}

  // Tells all of it. Errors: what the server says, with what was being done.
  absl::Status Tell();

  const Figures& figures() const { return figures_; }

 private:
  // In the order of the story.
  absl::Status LoadScheme();
  absl::Status MeetPeople();
  absl::Status RunRound();
  absl::Status ShowProposals();
  absl::Status ShowLeftOut();
  absl::Status Approve();
  absl::Status AcceptAll();
  absl::Status TryWithoutPledge();
  absl::Status TryOtherRules();
  absl::Status GiveHours();
  absl::Status GoHome();
  absl::Status ShowStanding();
  absl::Status ShowBooks();

  absl::StatusOr<std::string> NameOf(absl::string_view reference);
  std::string Called(absl::string_view name) { return people_.Called(name); }
  absl::StatusOr<v1::Match> Propose(absl::string_view giver, absl::string_view receiver, bool write);
  absl::StatusOr<v1::Match> Accept(const std::string& match, const std::string& who);
  absl::Status ProposeApproveAccept(absl::string_view giver, absl::string_view receiver);
  absl::StatusOr<v1::Exchange> Log(absl::string_view giver, absl::string_view receiver, int64_t minutes, int days_ago,
                                   absl::string_view category, absl::string_view note);
  absl::StatusOr<v1::Exchange> Confirm(const v1::Exchange& exchange);
  absl::StatusOr<v1::Pledge> LivePledge(const std::string& member);
  void ShowMatch(const v1::Match& match);
  // The match with the lowest score that nothing else in the story hangs on; null when there is none.
  const v1::Match* LeastLikely(const v1::ListMatchesResponse& matches);

  cli::Api& api_;
  Page& page_;
  const absl::CivilDay today_;
  cli::People people_;
  Figures figures_;
  const std::string scheme_ = "schemes/homeward";
  std::string round_;
  std::vector<v1::Match> proposals_;
  std::map<std::string, v1::Match> active_;  // by receiver
  std::vector<std::string> needing_turn_;    // left out because a turn or a pledge comes first
};

}  // namespace turnabout::demo

#endif  // TURNABOUT_CLIENTS_DEMO_STORY_H_
