#include "tests/crash/audit.h"

#include <google/protobuf/util/message_differencer.h>

#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "base/status_macros.h"
#include "turnabout/v1/exchange_service.pb.h"
#include "turnabout/v1/matching_service.pb.h"
#include "turnabout/v1/member_service.pb.h"
#include "turnabout/v1/pledge_service.pb.h"
#include "turnabout/v1/server_service.pb.h"

namespace turnabout {
namespace {

template <typename Items, typename T>
void Take(const Items& items, std::vector<T>& out, Resources& all) {
  for (const auto& item : items) {
    out.push_back(item);
    EXPECT_TRUE(all.emplace(item.name(), std::make_shared<T>(item)).second) << item.name() << " was listed twice";
  }
}

// What the entries say of one account.
struct Sums {
  int64_t posted = 0;
  int64_t held_out = 0;
  int64_t held_in = 0;
  friend bool operator==(const Sums&, const Sums&) = default;
};

std::map<std::string, Sums> SumsOf(const std::vector<v1::Entry>& entries) {
  std::map<std::string, Sums> sums;
  for (const v1::Entry& entry : entries) {
    Sums& from = sums[entry.from_account()];
    Sums& to = sums[entry.to_account()];
    if (entry.state() == v1::Entry::STATE_POSTED) {
      from.posted -= entry.amount();
      to.posted += entry.amount();
    } else if (entry.state() == v1::Entry::STATE_HELD && entry.current_state() == v1::Entry::STATE_HELD) {
      from.held_out += entry.amount();
      to.held_in += entry.amount();
    }
  }
  return sums;
}

void ExpectBalances(const Contents& contents) {
  const std::map<std::string, Sums> sums = SumsOf(contents.entries);
  size_t with_entries = 0;
  for (const v1::Account& account : contents.accounts) {
    const auto at = sums.find(account.name());
    const Sums expected = at == sums.end() ? Sums{} : at->second;
    with_entries += at != sums.end();
    EXPECT_TRUE((Sums{account.posted(), account.held_out(), account.held_in()} == expected)) << account.DebugString();
  }
  EXPECT_EQ(with_entries, sums.size()) << "entries on accounts that are not there";
  EXPECT_EQ(contents.trial.sum_minutes(), 0);
  EXPECT_EQ(contents.trial.sum_turns(), 0);
  EXPECT_EQ(contents.trial.entry_count(), static_cast<int64_t>(contents.entries.size()));
}

// How many entries of a state each exchange and match has.
using Counts = std::map<std::pair<std::string, v1::Entry::State>, int>;

void ExpectOneHoldEach(const Contents& contents) {
  Counts counts;
  for (const v1::Entry& entry : contents.entries) ++counts[{entry.subject(), entry.state()}];
  for (const v1::Exchange& exchange : contents.exchanges) {
    const bool confirmed = exchange.state() == v1::Exchange::STATE_CONFIRMED;
    EXPECT_TRUE(confirmed || exchange.state() == v1::Exchange::STATE_LOGGED) << exchange.DebugString();
    EXPECT_EQ((counts[{exchange.name(), v1::Entry::STATE_HELD}]), 1) << exchange.name();
    EXPECT_EQ((counts[{exchange.name(), v1::Entry::STATE_POSTED}]), confirmed ? 1 : 0) << exchange.name();
  }
  std::set<std::pair<std::string, std::string>> pairs;
  for (const v1::Match& match : contents.matches) {
    const bool active = match.state() == v1::Match::STATE_ACTIVE;
    EXPECT_EQ((counts[{match.name(), v1::Entry::STATE_HELD}]), 1) << match.name();
    EXPECT_EQ((counts[{match.name(), v1::Entry::STATE_POSTED}]), active ? 1 : 0) << match.name();
    EXPECT_TRUE(pairs.emplace(match.giver(), match.receiver()).second) << "a pair twice: " << match.DebugString();
  }
}

// Every writer gives each of its writes a text of its own.
void ExpectNothingTwice(const Contents& contents) {
  std::set<std::string> notes;
  for (const v1::Entry& entry : contents.entries) {
    if (entry.kind() != v1::Entry::KIND_GIFT) continue;
    EXPECT_TRUE(notes.insert(entry.note()).second) << "a gift twice: " << entry.DebugString();
  }
  for (const v1::Exchange& exchange : contents.exchanges) {
    EXPECT_TRUE(notes.insert(exchange.note()).second) << "hours twice: " << exchange.DebugString();
  }
  std::set<uint64_t> seeds;
  for (const v1::Round& round : contents.rounds) {
    EXPECT_NE(round.state(), v1::Round::STATE_RUNNING) << round.DebugString();
    if (round.state() != v1::Round::STATE_DONE) continue;
    EXPECT_TRUE(seeds.insert(round.seed()).second) << "a round twice: " << round.DebugString();
  }
}

}  // namespace

absl::StatusOr<Contents> ReadContents(const Client& client, const std::string& scheme) {
  Contents contents;
  const auto ask = [&](auto request) {
    request.set_parent(scheme);
    return request;
  };
  std::vector<v1::Member> members;
  std::vector<v1::Pledge> pledges;
  Resources& all = contents.all;
  RETURN_IF_ERROR(ListAll<v1::ListEntriesResponse>(client, ask(v1::ListEntriesRequest()), [&](const auto& response) {
    Take(response.entries(), contents.entries, all);
  }));
  RETURN_IF_ERROR(ListAll<v1::ListAccountsResponse>(client, ask(v1::ListAccountsRequest()), [&](const auto& response) {
    Take(response.accounts(), contents.accounts, all);
  }));
  RETURN_IF_ERROR(ListAll<v1::ListExchangesResponse>(
      client, ask(v1::ListExchangesRequest()),
      [&](const auto& response) { Take(response.exchanges(), contents.exchanges, all); }));
  RETURN_IF_ERROR(ListAll<v1::ListMatchesResponse>(client, ask(v1::ListMatchesRequest()), [&](const auto& response) {
    Take(response.matches(), contents.matches, all);
  }));
  RETURN_IF_ERROR(ListAll<v1::ListRoundsResponse>(client, ask(v1::ListRoundsRequest()), [&](const auto& response) {
    Take(response.rounds(), contents.rounds, all);
  }));
  RETURN_IF_ERROR(ListAll<v1::ListPledgesResponse>(
      client, ask(v1::ListPledgesRequest()), [&](const auto& response) { Take(response.pledges(), pledges, all); }));
  v1::ListMembersRequest full;
  full.set_view(v1::MEMBER_VIEW_FULL);
  RETURN_IF_ERROR(ListAll<v1::ListMembersResponse>(
      client, ask(full), [&](const auto& response) { Take(response.members(), members, all); }));
  v1::GetTrialBalanceRequest trial;
  trial.set_name(scheme);
  RETURN_IF_ERROR(client.Call(trial, contents.trial));
  return contents;
}

void ExpectSound(const Contents& contents) {
  for (size_t i = 0; i < contents.entries.size(); ++i) {
    EXPECT_EQ(contents.entries[i].number(), static_cast<int64_t>(i + 1)) << contents.entries[i].DebugString();
  }
  ExpectBalances(contents);
  ExpectOneHoldEach(contents);
  ExpectNothingTwice(contents);
}

void ExpectAllThere(const Resources& expected, const Contents& contents) {
  google::protobuf::util::MessageDifferencer differencer;
  // What a member's pledges and matches change of them.
  for (const char* field : {"etag", "update_time", "waiting_since_time", "giving_count", "receiving_count"}) {
    differencer.IgnoreField(v1::Member::descriptor()->FindFieldByName(field));
  }
  for (const auto& [name, resource] : expected) {
    const auto at = contents.all.find(name);
    if (at == contents.all.end()) {
      ADD_FAILURE() << name << " was acknowledged and is not there:\n" << resource->DebugString();
    } else {
      EXPECT_TRUE(differencer.Compare(*resource, *at->second)) << "acknowledged:\n"
                                                               << resource->DebugString() << "there:\n"
                                                               << at->second->DebugString();
    }
  }
}

void ExpectVerified(const Client& client) {
  v1::VerifyJournalResponse verified;
  const absl::Status status = client.Call(v1::VerifyJournalRequest(), verified);
  EXPECT_TRUE(status.ok()) << status;
}

}  // namespace turnabout
