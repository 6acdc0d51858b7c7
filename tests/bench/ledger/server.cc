#include "tests/bench/ledger/server.h"

#include <grpcpp/grpcpp.h>

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "base/check.h"
#include "base/limits.h"
#include "tests/bench/common/files.h"
#include "turnabout/v1/ledger_service.grpc.pb.h"
#include "turnabout/v1/member_service.grpc.pb.h"
#include "turnabout/v1/scheme_service.grpc.pb.h"
#include "turnabout/v1/server_service.grpc.pb.h"

namespace turnabout::bench {
namespace {

constexpr absl::Duration kReadyTime = absl::Minutes(5);
constexpr absl::Duration kReadyPause = absl::Milliseconds(1);

// Waits until the process has written its address, {"grpc":"127.0.0.1:1234",...}, and returns it.
std::string WaitForAddress(Process& process, const std::string& ready_file, const std::string& log) {
  const std::string opening = "\"grpc\":\"";
  for (const absl::Time until = absl::Now() + kReadyTime; absl::Now() < until; absl::SleepFor(kReadyPause)) {
    const std::string ready = TextOf(ready_file);
    const size_t at = ready.find(opening);
    if (at != std::string::npos) {
      const size_t begin = at + opening.size();
      return ready.substr(begin, ready.find('"', begin) - begin);
    }
    if (!process.Alive()) break;
  }
  std::fprintf(stderr, "bench_ledger: a server did not start:\n%s\n", TextOf(log).c_str());
  std::exit(1);
}

std::shared_ptr<grpc::Channel> ChannelTo(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

// Calls `method` and returns its answer; the benchmark ends when there is none.
template <typename Stub, typename Request, typename Response>
Response Ask(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
             const Request& request) {
  grpc::ClientContext context;
  context.set_wait_for_ready(true);
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) std::fprintf(stderr, "bench_ledger: %s\n", status.error_message().c_str());
  TURNABOUT_CHECK(status.ok());
  return response;
}

v1::CreateSchemeRequest SchemeRequest() {
  v1::CreateSchemeRequest request;
  request.set_scheme_id("bench");
  request.mutable_scheme()->set_display_name("A benchmark");
  request.mutable_rule_set()->mutable_credit()->set_overdraft_minutes_max(kBalanceMax);
  request.mutable_rule_set()->mutable_credit()->set_balance_minutes_max(kBalanceMax);
  return request;
}

v1::ImportMembersRequest MembersRequest(int first) {
  v1::ImportMembersRequest request;
  request.set_parent(kScheme);
  for (int i = first; i < first + kImportRowsMax && i < kAccounts; ++i) {
    v1::Member& member = *request.add_members()->mutable_member();
    member.set_reference(absl::StrCat("member-", i));
    member.set_display_name(absl::StrCat("Member ", i));
  }
  return request;
}

}  // namespace

LedgerServer::LedgerServer(const std::string& folder) : folder_(folder), data_dir_(absl::StrCat(folder, "/turnabout")) {
  Start();
  MakeScheme();
  client_ = std::make_unique<LedgerClient>(address_, accounts_);
}

absl::Duration LedgerServer::Start() {
  const std::string base = absl::StrCat(folder_, "/turnaboutd-", ++starts_);
  const std::string ready = absl::StrCat(base, ".ready");
  const std::string log = absl::StrCat(base, ".log");
  const absl::Time start = absl::Now();
  process_ = std::make_unique<Process>(
      std::vector<std::string>{TURNABOUTD, "serve", "--data-dir", data_dir_, "--grpc", "127.0.0.1:0", "--http",
                               "127.0.0.1:0", "--ballast-mib", "0", "--ready-file", ready},
      ProcessOptions{.output = log});
  address_ = WaitForAddress(*process_, ready, log);
  if (accounts_.empty()) return absl::Now() - start;
  v1::GetAccountRequest request;
  request.set_name(accounts_.front());
  v1::LedgerService::Stub stub(ChannelTo(address_));
  Ask(stub, &v1::LedgerService::Stub::GetAccount, request);
  const absl::Duration took = absl::Now() - start;
  client_ = std::make_unique<LedgerClient>(address_, accounts_);
  return took;
}

void LedgerServer::MakeScheme() {
  v1::SchemeService::Stub schemes(ChannelTo(address_));
  v1::MemberService::Stub members(ChannelTo(address_));
  Ask(schemes, &v1::SchemeService::Stub::CreateScheme, SchemeRequest());
  for (int first = 0; first < kAccounts; first += kImportRowsMax) {
    const v1::ImportMembersResponse made = Ask(members, &v1::MemberService::Stub::ImportMembers, MembersRequest(first));
    for (const std::string& name : made.names()) {
      accounts_.push_back(absl::StrCat(absl::StrReplaceAll(name, {{"/members/", "/accounts/"}}), ".minutes"));
    }
  }
  TURNABOUT_CHECK(accounts_.size() == kAccounts);
}

void LedgerServer::Stop() {
  client_.reset();
  TURNABOUT_CHECK(process_->Stop(SIGTERM) == 0);
}

void LedgerServer::Kill() {
  client_.reset();
  process_->Stop(SIGKILL);
}

Audit LedgerServer::CountEntries() const {
  v1::LedgerService::Stub ledger(ChannelTo(address_));
  v1::GetTrialBalanceRequest request;
  request.set_name(kScheme);
  const v1::GetTrialBalanceResponse books = Ask(ledger, &v1::LedgerService::Stub::GetTrialBalance, request);
  return {books.entry_count(), books.sum_minutes(), absl::ZeroDuration()};
}

Audit LedgerServer::Verify() const {
  v1::ServerService::Stub server(ChannelTo(address_));
  const absl::Time start = absl::Now();
  Ask(server, &v1::ServerService::Stub::VerifyJournal, v1::VerifyJournalRequest());
  const absl::Duration took = absl::Now() - start;
  Audit audit = CountEntries();
  audit.took = took;
  return audit;
}

EchoServer::EchoServer(const std::string& folder) {
  const std::string ready = absl::StrCat(folder, "/echo.ready");
  const std::string log = absl::StrCat(folder, "/echo.log");
  process_ = std::make_unique<Process>(std::vector<std::string>{"/proc/self/exe", "--serve-echo", ready},
                                       ProcessOptions{.output = log});
  client_ = std::make_unique<LedgerClient>(WaitForAddress(*process_, ready, log), InventedAccounts());
}

}  // namespace turnabout::bench
