// Whole command lines against a server that answers what it is told to.
#include "clients/cli/run.h"

#include <gmock/gmock.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <sstream>

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "turnabout/v1/matching_service.grpc.pb.h"
#include "turnabout/v1/member_service.grpc.pb.h"
#include "turnabout/v1/scheme_service.grpc.pb.h"
#include "turnabout/v1/server_service.grpc.pb.h"

namespace turnabout::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

grpc::Status Refusal(grpc::StatusCode code, const std::string& reason, const std::string& sentence,
                     const std::vector<std::pair<std::string, std::string>>& fields = {}) {
  google::rpc::Status details;
  details.set_code(code);
  details.set_message(sentence);
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain("turnabout.v1");
  details.add_details()->PackFrom(info);
  google::rpc::BadRequest bad;
  for (const auto& [field, description] : fields) {
    auto& violation = *bad.add_field_violations();
    violation.set_field(field);
    violation.set_description(description);
  }
  if (!fields.empty()) details.add_details()->PackFrom(bad);
  return grpc::Status(code, sentence, details.SerializeAsString());
}

struct FakeSchemes final : v1::SchemeService::Service {
  grpc::Status ListSchemes(grpc::ServerContext*, const v1::ListSchemesRequest*,
                           v1::ListSchemesResponse* response) override {
    for (const std::string& id : ids) {
      v1::Scheme& scheme = *response->add_schemes();
      scheme.set_name(absl::StrCat("schemes/", id));
      scheme.set_display_name("Riverside Buddies");
    }
    return grpc::Status::OK;
  }
  grpc::Status CreateScheme(grpc::ServerContext*, const v1::CreateSchemeRequest* request,
                            v1::CreateSchemeResponse* response) override {
    ++creations;
    last_request_id = request->request_id();
    if (creations <= unavailable) return grpc::Status(grpc::StatusCode::UNAVAILABLE, "not yet");
    if (!answer.ok()) return answer;
    *response->mutable_scheme() = request->scheme();
    response->mutable_scheme()->set_name(absl::StrCat("schemes/", request->scheme_id()));
    return grpc::Status::OK;
  }
  std::vector<std::string> ids = {"riverside"};
  int creations = 0, unavailable = 0;
  std::string last_request_id;
  grpc::Status answer;
};

struct FakeMembers final : v1::MemberService::Service {
  grpc::Status ListMembers(grpc::ServerContext*, const v1::ListMembersRequest* request,
                           v1::ListMembersResponse* response) override {
    const int first = request->page_token().empty() ? 0 : std::stoi(request->page_token());
    for (int i = first; i < count && i < first + request->page_size(); ++i) {
      v1::Member& member = *response->add_members();
      member.set_name(absl::StrCat(request->parent(), "/members/01jd3v9k6t000000000000000", i));
      member.set_reference(absl::StrCat("ben", i));
      member.set_display_name("Siân Ŵyn");
    }
    if (first + request->page_size() < count) response->set_next_page_token(absl::StrCat(first + request->page_size()));
    return grpc::Status::OK;
  }
  int count = 2;
};

struct FakeMatching final : v1::MatchingService::Service {
  grpc::Status ProposeMatch(grpc::ServerContext*, const v1::ProposeMatchRequest*, v1::ProposeMatchResponse*) override {
    return Refusal(grpc::StatusCode::FAILED_PRECONDITION, "PLEDGE_NEEDED", "A pledge comes first.");
  }
  grpc::Status ListMatches(grpc::ServerContext*, const v1::ListMatchesRequest*,
                           v1::ListMatchesResponse* response) override {
    for (int i = 0; i < 300; ++i) response->add_matches()->set_name(absl::StrCat("schemes/riverside/matches/m", i));
    return grpc::Status::OK;
  }
  grpc::Status ApproveMatch(grpc::ServerContext*, const v1::ApproveMatchRequest* request,
                            v1::ApproveMatchResponse* response) override {
    response->mutable_match()->set_name(request->name());
    if (request->request_id().empty()) return grpc::Status(grpc::StatusCode::INTERNAL, "no request id");
    return grpc::Status::OK;
  }
  grpc::Status SuggestBuddies(grpc::ServerContext*, const v1::SuggestBuddiesRequest*,
                              v1::SuggestBuddiesResponse* response) override {
    for (const char* giver : {"cas", "dee"}) {
      v1::Suggestion& suggestion = *response->add_suggestions();
      suggestion.set_giver(absl::StrCat("schemes/riverside/members/", giver));
      suggestion.set_score(640);
    }
    response->mutable_suggestions(0)->set_in_best_set(best_set_known);
    response->set_best_set_known(best_set_known);
    return grpc::Status::OK;
  }
  grpc::Status DeclineMatch(grpc::ServerContext*, const v1::DeclineMatchRequest*,
                            v1::DeclineMatchResponse* response) override {
    const auto set = [](const char* giver, const char* receiver, v1::Match& match) {
      match.set_giver(absl::StrCat("schemes/riverside/members/", giver));
      match.set_receiver(absl::StrCat("schemes/riverside/members/", receiver));
    };
    set("ben", "ana", *response->mutable_match());
    response->set_best_set_known(best_set_known);
    if (!best_set_known) return grpc::Status::OK;
    set("cas", "ana", *response->add_would_propose());
    response->mutable_would_propose(0)->set_score(640);
    return grpc::Status::OK;
  }
  bool best_set_known = true;
};

struct FakeServer final : v1::ServerService::Service {
  grpc::Status VerifyJournal(grpc::ServerContext*, const v1::VerifyJournalRequest*,
                             v1::VerifyJournalResponse*) override {
    return Refusal(grpc::StatusCode::DATA_LOSS, "JOURNAL_DAMAGED",
                   "The journal is damaged at block 7: a hash is wrong.");
  }
};

class RunTest : public ::testing::Test {
 protected:
  void SetUp() override {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    for (grpc::Service* service : std::initializer_list<grpc::Service*>{&schemes_, &members_, &matching_, &server_}) {
      builder.RegisterService(service);
    }
    running_ = builder.BuildAndStart();
    address_ = absl::StrCat("127.0.0.1:", port);
  }
  void TearDown() override { running_->Shutdown(std::chrono::system_clock::now()); }

  int Type(std::vector<std::string> words) {
    out_.str("");
    err_.str("");
    Console console{out_, err_};
    const ManualClock clock(absl::FromCivil(absl::CivilDay(2026, 8, 6), absl::UTCTimeZone()));
    words.insert(words.end(), {"--server", address_});
    return cli::Run(
        words, console, [](absl::string_view) { return std::string(); }, clock);
  }
  std::string out() const { return out_.str(); }
  std::string err() const { return err_.str(); }

  FakeSchemes schemes_;
  FakeMembers members_;
  FakeMatching matching_;
  FakeServer server_;
  std::unique_ptr<grpc::Server> running_;
  std::string address_;
  std::ostringstream out_, err_;
};

TEST_F(RunTest, DoesWhatIsAskedAndSaysWhatComesNext) {
  EXPECT_EQ(Type({"scheme", "create", "riverside", "Riverside Buddies"}), 0);
  EXPECT_EQ(out(), "Riverside Buddies is ready. Its id is riverside, and its rules are rule set .\n");
  EXPECT_EQ(err(), "  Next: turnabout places import places.csv --scheme riverside\n");
  EXPECT_EQ(schemes_.last_request_id.size(), 36u) << "every write has a request id";
}

TEST_F(RunTest, WritesOneJsonDocument) {
  EXPECT_EQ(Type({"scheme", "list", "--output", "json"}), 0);
  EXPECT_THAT(out(), HasSubstr("\"displayName\": \"Riverside Buddies\""));
  EXPECT_EQ(err(), "");
}

TEST_F(RunTest, SendsTheRequestIdThatWasGiven) {
  EXPECT_EQ(Type({"scheme", "create", "a", "A", "--request-id", "mine"}), 0);
  EXPECT_EQ(schemes_.last_request_id, "mine");
}

TEST_F(RunTest, RefusedByARuleIsOneAndNamesTheWayOn) {
  EXPECT_EQ(Type({"matches", "propose", "--from", "ben0", "--to", "ben1"}), 1);
  EXPECT_EQ(err(), "A pledge comes first. [PLEDGE_NEEDED]\n  Next: turnabout pledge make ben1\n");
  EXPECT_EQ(out(), "");
}

TEST_F(RunTest, SuggestionsSayWhatIsBestForEveryone) {
  EXPECT_EQ(Type({"suggest", "ben1"}), 0);
  EXPECT_EQ(out(), "cas (cas), 640 of 1000, best for everyone as things are\ndee (dee), 640 of 1000\n");
  matching_.best_set_known = false;
  EXPECT_EQ(Type({"suggest", "ben1"}), 0);
  EXPECT_EQ(out(),
            "cas (cas), 640 of 1000\ndee (dee), 640 of 1000\n"
            "What is best for everyone is still being worked out: these are by score alone.\n");
}

TEST_F(RunTest, ANoSaysWhoIsBestForTheTwoNow) {
  EXPECT_EQ(Type({"matches", "decline", "m1", "--reason", "neighbours"}), 0);
  EXPECT_EQ(out(),
            "Declined. ben and ana are not proposed to each other again for a while.\n"
            "Best for everyone now: cas for ana, 640 of 1000.\n"
            "Best for everyone now: nobody for ben.\n");
  matching_.best_set_known = false;
  EXPECT_EQ(Type({"matches", "decline", "m1", "--reason", "neighbours"}), 0);
  EXPECT_EQ(out(), "Declined. ben and ana are not proposed to each other again for a while.\n");
}

TEST_F(RunTest, NotUnderstoodIsTwo) {
  EXPECT_EQ(Type({"matches", "propose"}), 2);
  EXPECT_EQ(Type({"scheme", "lst"}), 2);
  EXPECT_EQ(Type({"scheme", "list", "--output", "xml"}), 2);
  EXPECT_EQ(Type({"scheme", "list", "--timeout", "soon"}), 2);
  EXPECT_EQ(Type({"log", "--from", "a", "--to", "b", "--time", "a while"}), 2);
  EXPECT_THAT(err(), HasSubstr("Write it as 90, 1h30 or 1 hour 30."));
}

TEST_F(RunTest, EveryBadFieldIsListed) {
  schemes_.answer = Refusal(grpc::StatusCode::INVALID_ARGUMENT, "BAD_FIELDS", "…",
                            {{"scheme_id", "Use lower case."}, {"scheme.display_name", "Enter a name."}});
  EXPECT_EQ(Type({"scheme", "create", "A", ""}), 2);
  EXPECT_THAT(err(), HasSubstr("  scheme_id: Use lower case.\n  scheme.display_name: Enter a name.\n"));
}

TEST_F(RunTest, NotReachedIsThree) {
  running_->Shutdown(std::chrono::system_clock::now());
  EXPECT_EQ(Type({"scheme", "list"}), 3);
  EXPECT_THAT(err(), HasSubstr("cannot be reached."));
  EXPECT_THAT(err(), HasSubstr("Next: start it with turnaboutd serve"));
}

TEST_F(RunTest, DamagedBooksAreFour) {
  EXPECT_EQ(Type({"verify"}), 4);
  EXPECT_THAT(err(), HasSubstr("damaged at block 7: a hash is wrong. [JOURNAL_DAMAGED]"));
}

TEST_F(RunTest, TriesAgainOnlyWhenNotReached) {
  schemes_.unavailable = 2;
  EXPECT_EQ(Type({"scheme", "create", "a", "A"}), 0);
  EXPECT_EQ(schemes_.creations, 3);
  schemes_.creations = 0;
  schemes_.unavailable = 0;
  schemes_.answer = Refusal(grpc::StatusCode::FAILED_PRECONDITION, "SCHEME_EXISTS", "There.");
  EXPECT_EQ(Type({"scheme", "create", "a", "A"}), 1);
  EXPECT_EQ(schemes_.creations, 1);
}

TEST_F(RunTest, AsksWhichSchemeWhenThereAreSeveral) {
  schemes_.ids = {"riverside", "hillside"};
  EXPECT_EQ(Type({"members", "list"}), 2);
  EXPECT_THAT(err(), HasSubstr("Say which scheme is meant: riverside, hillside."));
  EXPECT_EQ(Type({"members", "list", "--scheme", "hillside"}), 0);
  schemes_.ids = {};
  EXPECT_EQ(Type({"members", "list"}), 2);
  EXPECT_THAT(err(), HasSubstr("turnabout scheme create"));
}

TEST_F(RunTest, ReadsPagesUpToTheLimit) {
  members_.count = 5;
  EXPECT_EQ(Type({"members", "list", "--limit", "2"}), 0);
  EXPECT_THAT(out(), HasSubstr("ben1"));
  EXPECT_THAT(out(), Not(HasSubstr("ben2")));
  EXPECT_THAT(err(), HasSubstr("There are more."));
  EXPECT_EQ(Type({"members", "list", "--limit", "0"}), 0);
  EXPECT_THAT(out(), HasSubstr("ben4"));
  EXPECT_EQ(err(), "");
}

TEST_F(RunTest, ApprovesManyAtOnce) {
  EXPECT_EQ(Type({"matches", "approve", "--all-proposed"}), 0);
  EXPECT_EQ(out(), "300 matches approved. Both people are asked now.\n");
}

TEST_F(RunTest, LeavingNeedsTheSameNameTwice) {
  EXPECT_EQ(Type({"members", "remove", "ben0"}), 2);
  EXPECT_THAT(err(), HasSubstr("--confirm ben0"));
}

}  // namespace
}  // namespace turnabout::cli
