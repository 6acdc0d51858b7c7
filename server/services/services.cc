#include "server/services/services.h"

#include <google/protobuf/descriptor.h>
#include <grpcpp/grpcpp.h>

#include <utility>

#include "server/services/serve.h"
#include "server/services/streams.h"
#include "turnabout/v1/exchange_service.grpc.pb.h"
#include "turnabout/v1/journal_service.grpc.pb.h"
#include "turnabout/v1/ledger_service.grpc.pb.h"
#include "turnabout/v1/matching_service.grpc.pb.h"
#include "turnabout/v1/member_service.grpc.pb.h"
#include "turnabout/v1/pledge_service.grpc.pb.h"
#include "turnabout/v1/rule_set_service.grpc.pb.h"
#include "turnabout/v1/scheme_service.grpc.pb.h"
#include "turnabout/v1/server_service.grpc.pb.h"

namespace turnabout {
namespace {

// One rpc: the application's method of the same name, on the component that has it.
#define TURNABOUT_RPC(METHOD, COMPONENT, TYPE)                                                               \
  grpc::ServerUnaryReactor* METHOD(grpc::CallbackServerContext* context, const v1::METHOD##Request* request, \
                                   v1::METHOD##Response* response) override {                                \
    return Serve(app_, Arrival{#METHOD}, context, *request, response, app_.COMPONENT, &TYPE::METHOD);        \
  }

class SchemeService final : public v1::SchemeService::CallbackService {
 public:
  explicit SchemeService(App& app) : app_(app) {}
  TURNABOUT_RPC(CreateScheme, schemes, Schemes)
  TURNABOUT_RPC(GetScheme, schemes, Schemes)
  TURNABOUT_RPC(ListSchemes, schemes, Schemes)
  TURNABOUT_RPC(UpdateScheme, schemes, Schemes)
  TURNABOUT_RPC(ImportPlaces, schemes, Schemes)
  TURNABOUT_RPC(ListPlaces, schemes, Schemes)

 private:
  App& app_;
};

class RuleSetService final : public v1::RuleSetService::CallbackService {
 public:
  explicit RuleSetService(App& app) : app_(app) {}
  TURNABOUT_RPC(GetRuleSet, schemes, Schemes)
  TURNABOUT_RPC(ListRuleSets, schemes, Schemes)

 private:
  App& app_;
};

class MemberService final : public v1::MemberService::CallbackService {
 public:
  explicit MemberService(App& app) : app_(app) {}
  TURNABOUT_RPC(CreateMember, members, Members)
  TURNABOUT_RPC(GetMember, members, Members)
  TURNABOUT_RPC(ListMembers, members, Members)
  TURNABOUT_RPC(UpdateMember, members, Members)
  TURNABOUT_RPC(ImportMembers, members, Members)
  TURNABOUT_RPC(DischargeMember, members, Members)
  TURNABOUT_RPC(RemoveMember, members, Members)
  TURNABOUT_RPC(GetStanding, members, Members)

 private:
  App& app_;
};

class PledgeService final : public v1::PledgeService::CallbackService {
 public:
  explicit PledgeService(App& app) : app_(app) {}
  TURNABOUT_RPC(MakePledge, pledges, Pledges)
  TURNABOUT_RPC(GetPledge, pledges, Pledges)
  TURNABOUT_RPC(ListPledges, pledges, Pledges)
  TURNABOUT_RPC(WithdrawPledge, pledges, Pledges)
  TURNABOUT_RPC(WaivePledge, pledges, Pledges)
  TURNABOUT_RPC(GrantWaiver, pledges, Pledges)

 private:
  App& app_;
};

class LedgerService final : public v1::LedgerService::CallbackService {
 public:
  explicit LedgerService(App& app) : app_(app) {}
  TURNABOUT_RPC(GetAccount, books, Books)
  TURNABOUT_RPC(ListAccounts, books, Books)
  TURNABOUT_RPC(GetEntry, books, Books)
  TURNABOUT_RPC(ListEntries, books, Books)
  TURNABOUT_RPC(PostEntry, books, Books)
  TURNABOUT_RPC(HoldEntry, books, Books)
  TURNABOUT_RPC(PostHold, books, Books)
  TURNABOUT_RPC(VoidHold, books, Books)
  TURNABOUT_RPC(ReverseEntry, books, Books)
  TURNABOUT_RPC(GetStatement, books, Books)
  TURNABOUT_RPC(GetTrialBalance, books, Books)
  TURNABOUT_RPC(BatchWriteEntries, books, Books)
  TURNABOUT_RPC(TransferBetweenSchemes, books, Books)
  TURNABOUT_RPC(SummariseHours, books, Books)
  TURNABOUT_RPC(ListHolds, books, Books)
  grpc::ServerBidiReactor<v1::WriteEntriesRequest, v1::WriteEntriesResponse>* WriteEntries(
      grpc::CallbackServerContext*) override {
    return ServeWriteEntries(app_);
  }

 private:
  App& app_;
};

class ExchangeService final : public v1::ExchangeService::CallbackService {
 public:
  explicit ExchangeService(App& app) : app_(app) {}
  TURNABOUT_RPC(LogExchange, exchanges, Exchanges)
  TURNABOUT_RPC(GetExchange, exchanges, Exchanges)
  TURNABOUT_RPC(ListExchanges, exchanges, Exchanges)
  TURNABOUT_RPC(ConfirmExchange, exchanges, Exchanges)
  TURNABOUT_RPC(DisputeExchange, exchanges, Exchanges)
  TURNABOUT_RPC(SettleExchange, exchanges, Exchanges)

 private:
  App& app_;
};

class MatchingService final : public v1::MatchingService::CallbackService {
 public:
  explicit MatchingService(App& app) : app_(app) {}
  TURNABOUT_RPC(RunRound, rounds, Rounds)
  TURNABOUT_RPC(GetRound, rounds, Rounds)
  TURNABOUT_RPC(ListRounds, rounds, Rounds)
  TURNABOUT_RPC(ListLeftOut, rounds, Rounds)
  TURNABOUT_RPC(SuggestBuddies, rounds, Rounds)
  TURNABOUT_RPC(ProposeMatch, matches, Matches)
  TURNABOUT_RPC(GetMatch, matches, Matches)
  TURNABOUT_RPC(ListMatches, matches, Matches)
  TURNABOUT_RPC(ApproveMatch, matches, Matches)
  TURNABOUT_RPC(AcceptMatch, matches, Matches)
  TURNABOUT_RPC(DeclineMatch, matches, Matches)
  TURNABOUT_RPC(EndMatch, matches, Matches)

 private:
  App& app_;
};

class ServerService final : public v1::ServerService::CallbackService {
 public:
  explicit ServerService(App& app) : app_(app) {}
  TURNABOUT_RPC(GetServerInfo, verification, Verification)
  TURNABOUT_RPC(VerifyJournal, verification, Verification)

 private:
  App& app_;
};

class JournalService final : public v1::JournalService::CallbackService {
 public:
  explicit JournalService(App& app) : app_(app) {}
  TURNABOUT_RPC(GetHead, journal, JournalAccess)
  TURNABOUT_RPC(GetEntryProof, journal, JournalAccess)
  TURNABOUT_RPC(ListBlockHeaders, journal, JournalAccess)
  TURNABOUT_RPC(CreateBackup, journal, JournalAccess)
  grpc::ServerWriteReactor<v1::WatchJournalResponse>* WatchJournal(grpc::CallbackServerContext*,
                                                                   const v1::WatchJournalRequest* request) override {
    return ServeWatchJournal(app_, *request);
  }

 private:
  App& app_;
};

#undef TURNABOUT_RPC

}  // namespace

std::vector<std::unique_ptr<grpc::Service>> NewServices(App& app) {
  std::vector<std::unique_ptr<grpc::Service>> services;
  services.push_back(std::make_unique<SchemeService>(app));
  services.push_back(std::make_unique<RuleSetService>(app));
  services.push_back(std::make_unique<MemberService>(app));
  services.push_back(std::make_unique<PledgeService>(app));
  services.push_back(std::make_unique<LedgerService>(app));
  services.push_back(std::make_unique<ExchangeService>(app));
  services.push_back(std::make_unique<MatchingService>(app));
  services.push_back(std::make_unique<JournalService>(app));
  services.push_back(std::make_unique<ServerService>(app));
  return services;
}

std::vector<std::string> ServiceNames() {
  return {v1::SchemeService::service_full_name(),   v1::RuleSetService::service_full_name(),
          v1::MemberService::service_full_name(),   v1::PledgeService::service_full_name(),
          v1::LedgerService::service_full_name(),   v1::ExchangeService::service_full_name(),
          v1::MatchingService::service_full_name(), v1::JournalService::service_full_name(),
          v1::ServerService::service_full_name()};
}

std::vector<std::string> MethodNames() {
  std::vector<std::string> names;
  for (const std::string& name : ServiceNames()) {
    const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    for (int i = 0; i < service->method_count(); ++i) names.push_back(service->method(i)->name());
  }
  return names;
}

}  // namespace turnabout
