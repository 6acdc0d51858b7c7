#include "clients/demo/story.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "base/status_macros.h"
#include "clients/cli/approve.h"
#include "clients/cli/csv.h"
#include "clients/cli/importer.h"
#include "clients/cli/member_row.h"
#include "clients/cli/paging.h"
#include "clients/cli/session.h"
#include "clients/cli/show.h"
#include "clients/cli/table.h"
#include "clients/cli/text.h"
#include "clients/demo/demo_data.h"
#include "clients/demo/stopwatch.h"
#include "turnabout/v1/matching_service.grpc.pb.h"
#include "turnabout/v1/member_service.grpc.pb.h"
#include "turnabout/v1/pledge_service.grpc.pb.h"
#include "turnabout/v1/scheme_service.grpc.pb.h"

namespace turnabout::demo {
namespace {

using cli::Count;
using cli::Grouped;

constexpr absl::string_view kCoordinator = "coordinators/cara";

std::string Plain(absl::string_view id) { return absl::StrReplaceAll(id, {{"-", " "}}); }

// The most frequent few, most frequent first: "visiting (31), company (28)".
std::string Most(const std::map<std::string, int>& counts, size_t few) {
  std::vector<std::pair<int, std::string>> order;
  for (const auto& [word, count] : counts) order.emplace_back(-count, word);
  std::sort(order.begin(), order.end());
  order.resize(std::min(order.size(), few));
  return absl::StrJoin(order, ", ", [](std::string* out, const auto& pair) {
    absl::StrAppend(out, Plain(pair.second), " (", -pair.first, ")");
  });
}

}  // namespace

absl::StatusOr<std::string> Story::NameOf(absl::string_view reference) {
  ASSIGN_OR_RETURN(const v1::Member member, people_.Find(scheme_, reference));
  return member.name();
}

absl::Status Story::Tell() {
  for (auto part :
       {&Story::LoadScheme, &Story::MeetPeople, &Story::RunRound, &Story::ShowProposals, &Story::ShowLeftOut,
        &Story::Approve, &Story::AcceptAll, &Story::TryWithoutPledge, &Story::TryOtherRules, &Story::GiveHours,
        &Story::GoHome, &Story::ShowStanding, &Story::ShowBooks}) {
    RETURN_IF_ERROR((this->*part)());
  }
  return absl::OkStatus();
}

absl::Status Story::LoadScheme() {
  v1::CreateSchemeRequest request;
  request.set_scheme_id("homeward");
  request.mutable_scheme()->set_display_name("Homeward Buddies");
  const std::string rules(RulesJson());
  if (!google::protobuf::util::JsonStringToMessage(rules, request.mutable_rule_set()).ok()) {
    return absl::InternalError("The demo's own rules cannot be read.");
  }
  RETURN_IF_ERROR(api_.Call(&v1::SchemeService::Stub::CreateScheme, request).status());
  ASSIGN_OR_RETURN(const cli::CsvTable places, cli::ParseCsv(PlacesCsv()));
  std::vector<cli::RowProblem> problems;
  const std::vector<v1::Place> parsed = cli::ParsePlaces(places, problems);
  RETURN_IF_ERROR(cli::ImportPlaces(api_, scheme_, parsed).status());
  ASSIGN_OR_RETURN(const cli::Vocabulary vocabulary, cli::ReadVocabulary(api_, scheme_));
  ASSIGN_OR_RETURN(const cli::CsvTable members, cli::ParseCsv(MembersCsv()));
  const cli::MemberRows rows = cli::ParseMemberRows(members, vocabulary, today_);
  problems.insert(problems.end(), rows.problems.begin(), rows.problems.end());
  cli::ImportOptions options{.scheme = scheme_, .actor = std::string(kCoordinator), .on_progress = {}};
  ASSIGN_OR_RETURN(const cli::ImportTotals totals,
                   cli::ImportMemberRows(api_, options, rows.rows, rows.header, problems));
  if (!problems.empty())
    return absl::InternalError(absl::StrCat("The demo's own members: ", cli::ProblemSentence(problems[0])));
  figures_.members = totals.created;
  return people_.LoadAll(scheme_);
}

absl::Status Story::MeetPeople() {
  v1::ListMembersRequest request;
  request.set_parent(scheme_);
  request.set_view(v1::MEMBER_VIEW_FULL);
  ASSIGN_OR_RETURN(const v1::ListMembersResponse all,
                   cli::ListUpTo(api_, &v1::MemberService::Stub::ListMembers, request, 0));
  std::map<std::string, int> offers, needs;
  std::set<std::string> places, languages;
  int groups = 0, on_wards = 0;
  for (const v1::Member& member : all.members()) {
    groups += member.kind() == v1::Member::KIND_ORGANISATION;
    for (const auto& offer : member.offers()) ++offers[offer.category()];
    for (const auto& need : member.needs()) ++needs[need.category()];
    for (const std::string& language : member.languages()) languages.insert(language);
    places.insert(member.place());
    on_wards += std::any_of(member.journeys().begin(), member.journeys().end(),
                            [](const auto& journey) { return journey.stage() == v1::Member::STAGE_CURRENT; });
  }
  page_.Heading("Homeward Buddies: a hospital, its neighbourhoods, and the way home");
  page_.Say(absl::StrCat("Everybody here is invented. ", Count(all.members_size() - groups, "person", "people"),
                         " and ", Count(groups, "group", "groups"), " in ", places.size(),
                         " places between Cardiff Bay and Merthyr, with ", languages.size(),
                         " languages between them. ", on_wards, " are on a ward now."));
  page_.Point(absl::StrCat("Most are glad to give: ", Most(offers, 5), "."));
  page_.Point(absl::StrCat("Most would like: ", Most(needs, 5), "."));
  for (const char* reference : {"ben", "ana", "hodan", "splott-allotments"}) {
    ASSIGN_OR_RETURN(const std::string name, NameOf(reference));
    for (const v1::Member& member : all.members()) {
      if (member.name() != name) continue;
      page_.Point(
          absl::StrCat(member.display_name(), " offers ", cli::OffersInWords(member), ". “", member.plan(), "”"));
    }
  }
  return absl::OkStatus();
}

absl::Status Story::RunRound() {
  v1::RunRoundRequest request;
  request.set_parent(scheme_);
  request.set_seed(7);
  request.set_actor(std::string(kCoordinator));
  const Stopwatch watch;
  ASSIGN_OR_RETURN(const v1::RunRoundResponse response,
                   api_.Call(&v1::MatchingService::Stub::RunRound, request, cli::kLongDeadline));
  const v1::Round& round = response.round();
  const int64_t milliseconds = absl::ToInt64Milliseconds(watch.Elapsed());
  round_ = round.name();
  figures_.waiting = round.waiting_count();
  figures_.proposals = round.proposal_count();
  figures_.served = round.value().served_count();
  figures_.greedy_served = round.greedy_value().served_count();
  figures_.left_out = round.left_out_count();
  page_.Heading("One round: who could buddy whom");
  page_.Say("The rule: a buddy is there for those who have agreed to buddy someone in return. Turn and turn about.");
  page_.Say(absl::StrCat(Count(round.waiting_count(), "person", "people"), " would like a buddy. The round looked at ",
                         Grouped(round.eligible_pair_count()), " pairs that could work and found buddies for ",
                         Count(figures_.served, "person", "people"), ", in ", milliseconds,
                         " ms. Taking the best pair again and again finds ", Grouped(figures_.greedy_served), "."));
  page_.Say(round.verified() ? "No other choice serves more people: a second program has checked the proof."
                             : "The proof of this round was NOT checked.");
  v1::ListMatchesRequest list;
  list.set_parent(scheme_);
  list.set_filter("state = PROPOSED");
  ASSIGN_OR_RETURN(const v1::ListMatchesResponse matches,
                   cli::ListUpTo(api_, &v1::MatchingService::Stub::ListMatches, list, 0));
  proposals_.assign(matches.matches().begin(), matches.matches().end());
  return absl::OkStatus();
}

void Story::ShowMatch(const v1::Match& match) {
  page_.Say(absl::StrCat(Called(match.giver()), " → ", Called(match.receiver())));
  for (const v1::Match::Finding& finding : match.findings()) page_.Point(finding.sentence());
}

absl::Status Story::ShowProposals() {
  page_.Heading(absl::StrCat("Three of the ", proposals_.size(), " proposals, and why"));
  for (const char* receiver : {"ana", "sahra", "priya"}) {
    ASSIGN_OR_RETURN(const std::string name, NameOf(receiver));
    for (const v1::Match& match : proposals_) {
      if (match.receiver() == name) ShowMatch(match);
    }
  }
  const v1::Match* ring = nullptr;
  ASSIGN_OR_RETURN(const std::string aled, NameOf("aled"));
  for (const v1::Match& match : proposals_) {
    if (match.giver() == aled && !match.linked_matches().empty()) ring = &match;
  }
  if (ring == nullptr) return absl::OkStatus();
  page_.Say(absl::StrCat(
      "And a ring. None of these has pledged, and none needs to: each gives one turn and receives one, so the ",
      ring->linked_matches_size() + 1, " start together or not at all."));
  for (const v1::Match& match : proposals_) {
    const auto& linked = ring->linked_matches();
    const bool in_ring =
        match.name() == ring->name() || std::find(linked.begin(), linked.end(), match.name()) != linked.end();
    if (in_ring) page_.Point(absl::StrCat(Called(match.giver()), " → ", Called(match.receiver())));
  }
  return absl::OkStatus();
}

absl::Status Story::ShowLeftOut() {
  v1::ListLeftOutRequest request;
  request.set_parent(round_);
  ASSIGN_OR_RETURN(const v1::ListLeftOutResponse all,
                   cli::ListUpTo(api_, &v1::MatchingService::Stub::ListLeftOut, request, 0));
  std::map<v1::LeftOut::Cause, std::vector<const v1::LeftOut*>> causes;
  for (const v1::LeftOut& left : all.left_out()) {
    causes[left.cause()].push_back(&left);
    if (left.cause() == v1::LeftOut::CAUSE_TURN_NEEDED) needing_turn_.push_back(left.member());
  }
  const std::map<v1::LeftOut::Cause, std::string> words = {
      {v1::LeftOut::CAUSE_TURN_NEEDED, "a pledge to buddy someone in return, or a turn given, comes first"},
      {v1::LeftOut::CAUSE_NOBODY_ELIGIBLE, "nobody fits yet"},
      {v1::LeftOut::CAUSE_CONTESTED, "those who would suit are with people who need them sooner"},
      {v1::LeftOut::CAUSE_SHORTAGE, "more people ask for the same help than there are places"}};
  page_.Heading(
      absl::StrCat("Not this time: ", Count(all.left_out_size(), "person", "people"), ", and what would change it"));
  for (const auto& [cause, who] : causes) {
    const auto known = words.find(cause);
    page_.Say(absl::StrCat(Count(static_cast<int64_t>(who.size()), "person", "people"), ": ",
                           known == words.end() ? "another reason" : known->second, "."));
    page_.Point(absl::StrCat("To ", Called(who[0]->member()), ": ", who[0]->sentence()));
  }
  return absl::OkStatus();
}

absl::Status Story::Approve() {
  std::vector<std::string> names;
  for (const v1::Match& match : proposals_) names.push_back(match.name());
  std::map<std::string, int> refused;
  cli::ApproveMany(api_, names, kCoordinator, "", [&](size_t, absl::StatusOr<v1::ApproveMatchResponse> response) {
    if (response.ok()) {
      ++figures_.approved;
    } else {
      ++refused[std::string(response.status().message())];
    }
  });
  page_.Heading("Everybody is asked");
  page_.Say(absl::StrCat("Cara, the coordinator, read all ", names.size(), " and approved ", figures_.approved,
                         ". Every rule was looked at once more, for people as they are now."));
  for (const auto& [sentence, count] : refused) page_.Point(absl::StrCat(count, " refused: ", sentence));
  return absl::OkStatus();
}

absl::StatusOr<v1::Match> Story::Accept(const std::string& match, const std::string& who) {
  v1::AcceptMatchRequest request;
  request.set_name(match);
  request.set_actor(who);
  ASSIGN_OR_RETURN(v1::AcceptMatchResponse response, api_.Call(&v1::MatchingService::Stub::AcceptMatch, request));
  return std::move(*response.mutable_match());
}

const v1::Match* Story::LeastLikely(const v1::ListMatchesResponse& matches) {
  const v1::Match* least = nullptr;
  for (const v1::Match& match : matches.matches()) {
    const std::string giver = people_.Typed(match.giver()), receiver = people_.Typed(match.receiver());
    const bool in_story =
        giver == "ben" || giver == "lowri" || receiver == "ana" || receiver == "sahra" || receiver == "priya";
    if (in_story || !match.linked_matches().empty()) continue;
    if (least == nullptr || match.score() < least->score()) least = &match;
  }
  return least;
}

absl::Status Story::AcceptAll() {
  v1::ListMatchesRequest list;
  list.set_parent(scheme_);
  list.set_filter("state = APPROVED");
  ASSIGN_OR_RETURN(const v1::ListMatchesResponse approved,
                   cli::ListUpTo(api_, &v1::MatchingService::Stub::ListMatches, list, 0));
  const v1::Match* no = LeastLikely(approved);
  int waited = 0;
  for (const v1::Match& match : approved.matches()) {
    if (&match == no) {
      v1::DeclineMatchRequest request;
      request.set_name(match.name());
      request.set_actor(match.receiver());
      request.set_reason("We were at school together. Somebody new, please.");
      RETURN_IF_ERROR(api_.Call(&v1::MatchingService::Stub::DeclineMatch, request).status());
      continue;
    }
    RETURN_IF_ERROR(Accept(match.name(), match.giver()).status());
    ASSIGN_OR_RETURN(const v1::Match both, Accept(match.name(), match.receiver()));
    waited += both.state() == v1::Match::STATE_ACCEPTED;
  }
  list.set_filter("state = ACTIVE");
  ASSIGN_OR_RETURN(const v1::ListMatchesResponse active,
                   cli::ListUpTo(api_, &v1::MatchingService::Stub::ListMatches, list, 0));
  for (const v1::Match& match : active.matches()) active_[match.receiver()] = match;
  page_.Say(absl::StrCat("Both sides said yes to ", active.matches_size(), ", and those have started. ",
                         waited > 0 ? absl::StrCat(Count(waited, "match", "matches"),
                                                   " waited until the others of their ring had said yes too.")
                                    : ""));
  if (no != nullptr) {
    page_.Say(
        absl::StrCat(Called(no->receiver()), " said no to ", Called(no->giver()),
                     ". That is normal: the reason stays private, and the two are not proposed again for a while."));
  }
  return absl::OkStatus();
}

}  // namespace turnabout::demo
