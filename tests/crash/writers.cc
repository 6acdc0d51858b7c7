#include "tests/crash/writers.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/message_differencer.h>

#include <deque>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "turnabout/v1/exchange_service.pb.h"
#include "turnabout/v1/ledger_service.pb.h"
#include "turnabout/v1/matching_service.pb.h"
#include "turnabout/v1/member_service.pb.h"
#include "turnabout/v1/pledge_service.pb.h"
#include "turnabout/v1/scheme_service.pb.h"
#include "turnabout/v1/server_service.pb.h"

namespace turnabout {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;

void SetText(Message& message, const char* field, const std::string& text) {
  message.GetReflection()->SetString(&message, message.GetDescriptor()->FindFieldByName(field), text);
}

// The resource that an answer carries: its first field.
MessagePtr ResourceOf(const Message& answer) {
  const FieldDescriptor* field = answer.GetDescriptor()->FindFieldByNumber(1);
  const Message& resource = answer.GetReflection()->GetMessage(answer, field);
  MessagePtr copy(resource.New());
  copy->CopyFrom(resource);
  return copy;
}

std::string NameIn(const Message& resource) {
  return resource.GetReflection()->GetString(resource, resource.GetDescriptor()->FindFieldByName("name"));
}

int64_t RevisionOf(const Client& client) {
  v1::GetServerInfoResponse info;
  const absl::Status status = client.Call(v1::GetServerInfoRequest(), info);
  EXPECT_TRUE(status.ok()) << status;
  return info.revision();
}

std::string MinutesOf(const std::string& member) {
  return absl::StrCat(absl::StrReplaceAll(member, {{"/members/", "/accounts/"}}), ".minutes");
}

std::string Yesterday() { return absl::FormatTime("%Y-%m-%d", absl::Now() - absl::Hours(24), absl::UTCTimeZone()); }

}  // namespace

MessagePtr Writer::NextNamed(const Client& client) {
  MessagePtr request = Next(client);
  if (request != nullptr) SetText(*request, "request_id", Unique());
  return request;
}

absl::Status Writer::Send(const Client& client) {
  const MessagePtr answer = NewAnswer(*pending_);
  if (const absl::Status status = client.Call(*pending_, *answer); !status.ok()) return status;
  if (counts_ && !counts_()) return absl::UnavailableError("the answer came too late to count");
  const MessagePtr resource = ResourceOf(*answer);
  expected_[NameIn(*resource)] = resource;
  acknowledged_.push_back({pending_, answer});
  Learn(*pending_, *answer);
  pending_ = nullptr;
  return absl::OkStatus();
}

absl::Status Writer::TryOne(const Client& client) {
  if (pending_ == nullptr) pending_ = NextNamed(client);
  return pending_ == nullptr ? absl::UnavailableError("the server is gone") : Send(client);
}

void Writer::WriteOne(const Client& client) {
  const absl::Status sent = TryOne(client);
  EXPECT_TRUE(sent.ok()) << sent;
}

void Writer::Run(const Client& client, const std::atomic<bool>& stop) {
  while (!stop) {
    const absl::Status sent = TryOne(client);
    if (sent.ok()) continue;
    cut_off_ = IsCutOff(sent);
    EXPECT_TRUE(absl::IsUnavailable(sent) || cut_off_) << sent << " for\n"
                                                       << (pending_ == nullptr ? "" : pending_->DebugString());
    return;
  }
}

bool Writer::Retry(const Client& client) {
  if (pending_ == nullptr) return false;
  const std::string what = pending_->DebugString();
  const int64_t before = RevisionOf(client);
  const absl::Status sent = Send(client);
  EXPECT_TRUE(sent.ok()) << sent << " for\n" << what;
  const bool was_written = RevisionOf(client) == before;
  EXPECT_FALSE(was_written && cut_off_) << "cut off, and written all the same:\n" << what;
  cut_off_ = false;
  return was_written;
}

void Writer::Repeat(const Client& client) {
  if (acknowledged_.empty()) return;
  const Write& write =
      acknowledged_[random_.OneIn(1, 2) ? acknowledged_.size() - 1 : random_.Below(acknowledged_.size())];
  const int64_t before = RevisionOf(client);
  const MessagePtr again = NewAnswer(*write.request);
  const absl::Status sent = client.Call(*write.request, *again);
  EXPECT_TRUE(sent.ok()) << sent;
  EXPECT_EQ(RevisionOf(client), before) << "a repeat wrote something:\n" << write.request->DebugString();
  MessageDifferencer differencer;
  differencer.IgnoreField(again->GetDescriptor()->FindFieldByName("revision"));
  EXPECT_TRUE(differencer.Compare(*write.answer, *again)) << "another answer to the same request:\n"
                                                          << write.answer->DebugString() << again->DebugString();
}

namespace {

class HoursWriter final : public Writer {
 public:
  HoursWriter(std::string scheme, std::vector<std::string> two, Seed seed)
      : Writer("hours" + two[0].substr(two[0].size() - 6), seed), scheme_(std::move(scheme)), two_(std::move(two)) {}

 private:
  MessagePtr Next(const Client&) override {
    if (!logged_.empty() && random_.OneIn(2, 3)) {
      auto confirm = std::make_shared<v1::ConfirmExchangeRequest>();
      confirm->set_name(logged_.front().name());
      confirm->set_actor(logged_.front().receiver());
      return confirm;
    }
    auto log = std::make_shared<v1::LogExchangeRequest>();
    const size_t giver = random_.Below(2);
    log->set_parent(scheme_);
    log->mutable_exchange()->set_giver(two_[giver]);
    log->mutable_exchange()->set_receiver(two_[1 - giver]);
    log->mutable_exchange()->set_minutes(random_.Between(1, 600));
    log->mutable_exchange()->set_happened_on_date(Yesterday());
    log->mutable_exchange()->set_note(Unique());
    log->set_actor(two_[giver]);
    return log;
  }

  void Learn(const Message& request, const Message& answer) override {
    if (const auto* logged = dynamic_cast<const v1::LogExchangeResponse*>(&answer)) {
      EXPECT_EQ(logged->exchange().state(), v1::Exchange::STATE_LOGGED);
      logged_.push_back(logged->exchange());
    } else {
      const auto& confirmed = static_cast<const v1::ConfirmExchangeResponse&>(answer);
      EXPECT_EQ(confirmed.exchange().state(), v1::Exchange::STATE_CONFIRMED) << request.DebugString();
      logged_.pop_front();
    }
  }

  const std::string scheme_;
  const std::vector<std::string> two_;
  std::deque<v1::Exchange> logged_;  // and not confirmed
};

class GiftWriter final : public Writer {
 public:
  GiftWriter(std::string scheme, std::vector<std::string> two, Seed seed)
      : Writer("gift" + two[0].substr(two[0].size() - 6), seed), scheme_(std::move(scheme)), two_(std::move(two)) {}

 private:
  MessagePtr Next(const Client&) override {
    auto post = std::make_shared<v1::PostEntryRequest>();
    const size_t from = random_.Below(2);
    post->set_parent(scheme_);
    post->set_kind(v1::Entry::KIND_GIFT);
    post->set_from_account(MinutesOf(two_[from]));
    post->set_to_account(MinutesOf(two_[1 - from]));
    post->set_amount(random_.Between(1, 600));
    post->set_note(Unique());
    post->set_actor(two_[from]);
    return post;
  }

  const std::string scheme_;
  const std::vector<std::string> two_;
};

class MatchWriter final : public Writer {
 public:
  MatchWriter(std::string scheme, Seed seed) : Writer("match", seed), scheme_(std::move(scheme)) {}

 private:
  // Again and again: two givers, two receivers who pledge, a round, and every proposal taken to its start.
  MessagePtr Next(const Client& client) override {
    if (to_do_.empty() && !FindToDo(client)) return nullptr;
    return to_do_.front();
  }

  void Learn(const Message&, const Message& answer) override {
    to_do_.pop_front();
    if (const auto* made = dynamic_cast<const v1::CreateMemberResponse*>(&answer)) {
      if (made->member().needs_size() > 0) AddPledge(made->member().name());
    }
  }

  void AddMember(bool gives) {
    auto create = std::make_shared<v1::CreateMemberRequest>();
    create->set_parent(scheme_);
    create->mutable_member()->set_display_name(Unique());
    create->mutable_member()->add_languages("English");
    if (gives) {
      v1::Member::Offer& offer = *create->mutable_member()->add_offers();
      offer.set_category("company");
      offer.add_settings(v1::Member::SETTING_PHONE);
    } else {
      v1::Member::Need& need = *create->mutable_member()->add_needs();
      need.set_category("company");
      need.add_settings(v1::Member::SETTING_PHONE);
    }
    to_do_.push_back(create);
  }

  void AddPledge(const std::string& member) {
    auto pledge = std::make_shared<v1::MakePledgeRequest>();
    pledge->set_parent(scheme_);
    pledge->mutable_pledge()->set_member(member);
    to_do_.push_back(pledge);
  }

  void AddRound() {
    auto round = std::make_shared<v1::RunRoundRequest>();
    round->set_parent(scheme_);
    round->set_seed(++rounds_);
    to_do_.push_back(round);
  }

  void AddMatch(const v1::Match& match) {
    auto approve = std::make_shared<v1::ApproveMatchRequest>();
    approve->set_name(match.name());
    approve->set_actor("coordinators/cara");
    to_do_.push_back(approve);
    for (const std::string& person : {match.giver(), match.receiver()}) {
      auto accept = std::make_shared<v1::AcceptMatchRequest>();
      accept->set_name(match.name());
      accept->set_actor(person);
      to_do_.push_back(accept);
    }
  }

  bool FindToDo(const Client& client) {
    const int phase = phase_;
    phase_ = (phase_ + 1) % 3;
    if (phase == 2) return FindProposals(client);
    if (phase == 1) AddRound();
    for (bool gives : {true, true, false, false}) {
      if (phase == 0) AddMember(gives);
    }
    return true;
  }

  bool FindProposals(const Client& client) {
    v1::ListMatchesRequest request;
    request.set_parent(scheme_);
    request.set_filter("state = PROPOSED");
    const absl::Status listed = ListAll<v1::ListMatchesResponse>(client, request, [&](const auto& response) {
      for (const v1::Match& match : response.matches()) AddMatch(match);
    });
    EXPECT_TRUE(listed.ok() || absl::IsUnavailable(listed) || IsCutOff(listed)) << listed;
    if (listed.ok()) {
      EXPECT_FALSE(to_do_.empty()) << "a round proposed nobody";
      return !to_do_.empty();
    }
    to_do_.clear();
    phase_ = 2;
    return false;
  }

  const std::string scheme_;
  std::deque<MessagePtr> to_do_;
  uint64_t rounds_ = 0;
  int phase_ = 0;  // 0: people and pledges; 1: a round; 2: its matches
};

}  // namespace

std::unique_ptr<Writer> NewHoursWriter(const std::string& scheme, std::vector<std::string> two, Seed seed) {
  return std::make_unique<HoursWriter>(scheme, std::move(two), seed);
}

std::unique_ptr<Writer> NewGiftWriter(const std::string& scheme, std::vector<std::string> two, Seed seed) {
  return std::make_unique<GiftWriter>(scheme, std::move(two), seed);
}

std::unique_ptr<Writer> NewMatchWriter(const std::string& scheme, Seed seed) {
  return std::make_unique<MatchWriter>(scheme, seed);
}

absl::Status MakeScheme(const Client& client, const std::string& slug) {
  v1::CreateSchemeRequest request;
  request.set_scheme_id(slug);
  request.mutable_scheme()->set_display_name("Riverside");
  request.mutable_rule_set()->mutable_credit()->set_overdraft_minutes_max(int64_t{1} << 30);
  v1::CreateSchemeResponse response;
  return client.Call(request, response);
}

absl::StatusOr<std::vector<std::string>> MakeMembers(const Client& client, const std::string& slug, int count) {
  v1::ImportMembersRequest request;
  request.set_parent(absl::StrCat("schemes/", slug));
  for (int i = 0; i < count; ++i) {
    v1::Member& member = *request.add_members()->mutable_member();
    member.set_reference(absl::StrCat("member-", i));
    member.set_display_name(absl::StrCat("Member ", i));
  }
  v1::ImportMembersResponse response;
  if (const absl::Status status = client.Call(request, response); !status.ok()) return status;
  return std::vector<std::string>(response.names().begin(), response.names().end());
}

}  // namespace turnabout
