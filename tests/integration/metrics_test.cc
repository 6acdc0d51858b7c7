// The metrics of a whole server, read over HTTP as Prometheus reads them.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/clock.h"
#include "base/reason.h"
#include "server/daemon/server.h"
#include "server/services/services.h"
#include "tests/integration/gateway_client.h"
#include "tests/support/exposition.h"
#include "tests/support/status.h"
#include "tests/support/temporary_folder.h"
#include "turnabout/v1/ledger_service.grpc.pb.h"

namespace turnabout {
namespace {

constexpr char kListedIn[] = "docs/operate/metrics.md";

std::string Contents(const std::string& path) {
  const std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// What is between `before` and the next double quote.
std::string Between(absl::string_view text, absl::string_view before) {
  const size_t at = text.find(before);
  if (at == absl::string_view::npos) return "";
  text.remove_prefix(at + before.size());
  return std::string(text.substr(0, text.find('"')));
}

class MetricsServerTest : public testing::Test {
 protected:
  void SetUp() override { Start(); }

  void Start() {
    Config config;
    config.data_dir = folder_.path() + "/data";
    config.grpc.port = 0;
    config.http.port = 0;
    config.ballast_mib = 0;
    config.low_water_mib = 1;
    server_.reset();
    absl::StatusOr<std::unique_ptr<Server>> server = Server::Start(config, clock_, Seed{1}, [](const absl::Status&) {});
    ASSERT_TRUE(IsOk(server));
    server_ = *std::move(server);
  }

  HttpReply Call(absl::string_view method, absl::string_view json) {
    return HttpConnection(server_->http_port()).Call(method, json);
  }
  std::string MustCall(absl::string_view method, absl::string_view json) {
    const HttpReply reply = Call(method, json);
    EXPECT_EQ(reply.status, 200) << method << reply.body;
    return reply.body;
  }

  Exposition Page() {
    const HttpReply reply = HttpConnection(server_->http_port()).Ask("GET", "/metrics");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header.at("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    absl::StatusOr<Exposition> page = ReadExposition(reply.body);
    EXPECT_TRUE(IsOk(page)) << reply.body;
    return page.ok() ? *page : Exposition();
  }

  void MakeScheme() {
    MustCall("SchemeService/CreateScheme", R"({"schemeId":"cardiff","scheme":{"displayName":"Cardiff"}})");
  }
  std::string NewMember(absl::string_view display_name) {
    const std::string body =
        MustCall("MemberService/CreateMember",
                 absl::StrCat(R"({"parent":"schemes/cardiff","member":{"displayName":")", display_name, R"("}})"));
    return Between(body, "\"name\":\"schemes/cardiff/members/");
  }
  static std::string Item(absl::string_view from, absl::string_view to, int64_t amount) {
    return absl::StrCat(R"({"kind":"KIND_GIFT","fromAccount":"schemes/cardiff/accounts/)", from,
                        R"(.minutes","toAccount":"schemes/cardiff/accounts/)", to, R"(.minutes","amount":)", amount,
                        "}");
  }
  static std::string Batch(const std::vector<std::string>& items) {
    return absl::StrCat(R"({"parent":"schemes/cardiff","items":[)", absl::StrJoin(items, ","), "]}");
  }

  const SystemClock clock_;
  const TemporaryFolder folder_{FastPlace()};
  std::unique_ptr<Server> server_;
};

TEST_F(MetricsServerTest, CountersRiseByWhatWasDone) {
  MakeScheme();
  const std::string ana = NewMember("Ana");
  const std::string ben = NewMember("Ben");
  const Exposition before = Page();
  MustCall("LedgerService/BatchWriteEntries", Batch({Item(ana, ben, 10), Item(ana, ben, 20)}));
  MustCall("MemberService/GetMember", absl::StrCat(R"({"name":"schemes/cardiff/members/)", ana, R"("})"));
  EXPECT_EQ(Call("MemberService/GetMember", R"({"name":"schemes/cardiff/members/nobody"})").status, 400);
  EXPECT_EQ(Call("SchemeService/GetScheme", R"({"name":"schemes/leith"})").status, 404);
  const Exposition after = Page();
  std::map<std::string, double> rose;
  for (const auto& [name, family] : after.families) {
    if (family.type != "counter" || absl::StrContains(name, "_process_") || absl::StrContains(name, "_shelf_")) {
      continue;
    }
    for (const auto& [series, value] : after.series) {
      const bool of_family = series == name || absl::StartsWith(series, absl::StrCat(name, "{"));
      const double by = of_family ? value - before.Value(series).value_or(0) : 0;
      if (by != 0) rose[series] = by;
    }
  }
  // The clock's own command, once a second, is what comes in between.
  const double commands = rose["turnabout_commands_total"];
  EXPECT_GE(commands, 1);
  EXPECT_GT(rose["turnabout_journal_bytes_written_total"], 0);
  rose.erase("turnabout_commands_total");
  rose.erase("turnabout_journal_bytes_written_total");
  const std::map<std::string, double> expected = {
      {R"(turnabout_calls_total{code="OK",method="BatchWriteEntries"})", 1},
      {R"(turnabout_calls_total{code="OK",method="GetMember"})", 1},
      {R"(turnabout_calls_total{code="INVALID_ARGUMENT",method="GetMember"})", 1},
      {R"(turnabout_calls_total{code="NOT_FOUND",method="GetScheme"})", 1},
      {R"(turnabout_refusals_total{of="call",reason="BAD_FIELDS"})", 1},
      {R"(turnabout_refusals_total{of="call",reason="SCHEME_NOT_FOUND"})", 1},
      {"turnabout_entries_total", 2},
      {"turnabout_journal_records_written_total", 2},
  };
  EXPECT_EQ(rose, expected);
  EXPECT_EQ(*after.Value("turnabout_journal_revision"), *before.Value("turnabout_journal_revision") + 2);
  EXPECT_EQ(*after.Value("turnabout_journal_head_block"), *before.Value("turnabout_journal_head_block") + 1);
}

TEST_F(MetricsServerTest, ItemsOfABatchThatAreRefusedCountByTheirReason) {
  MakeScheme();
  const std::string ana = NewMember("Ana");
  const std::string ben = NewMember("Ben");
  const std::string body =
      MustCall("LedgerService/BatchWriteEntries",
               Batch({Item(ana, ben, 10), Item(ana, ana, 10), Item(ana, "nobody", 1), Item(ben, ben, 3)}));
  EXPECT_EQ(Between(body, "\"reason\":\""), "SAME_ACCOUNT") << body;
  const Exposition page = Page();
  EXPECT_EQ(page.Value(R"(turnabout_refusals_total{of="item",reason="SAME_ACCOUNT"})"), 2);
  EXPECT_EQ(page.Value(R"(turnabout_refusals_total{of="item",reason="ACCOUNT_NOT_FOUND"})"), 1);
  EXPECT_EQ(page.Value(R"(turnabout_refusals_total{of="call",reason="SAME_ACCOUNT"})"), 0);
  EXPECT_EQ(page.Value(R"(turnabout_calls_total{code="OK",method="BatchWriteEntries"})"), 1);
  EXPECT_EQ(page.Value("turnabout_entries_total"), 1);
}

TEST_F(MetricsServerTest, AStreamCountsOnceAndEachOfItsRefusedItems) {
  MakeScheme();
  const std::string ana = NewMember("Ana");
  const std::string ben = NewMember("Ben");
  const auto channel =
      grpc::CreateChannel(absl::StrCat("127.0.0.1:", server_->grpc_port()), grpc::InsecureChannelCredentials());
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  const auto stream = v1::LedgerService::NewStub(channel)->WriteEntries(&context);
  for (int number = 1; number <= 3; ++number) {
    v1::WriteEntriesRequest request;
    if (number == 1) request.set_parent("schemes/cardiff");
    request.set_client_sequence(number);
    for (const std::string& to : {ana, ben}) {
      v1::BatchItem& item = *request.add_items();
      item.set_kind(v1::Entry::KIND_GIFT);
      item.set_from_account(absl::StrCat("schemes/cardiff/accounts/", ana, ".minutes"));
      item.set_to_account(absl::StrCat("schemes/cardiff/accounts/", to, ".minutes"));
      item.set_amount(1);
    }
    EXPECT_TRUE(stream->Write(request));
  }
  stream->WritesDone();
  v1::WriteEntriesResponse response;
  int answers = 0;
  while (stream->Read(&response)) ++answers;
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(answers, 3);
  const Exposition page = Page();
  EXPECT_EQ(page.Value(R"(turnabout_refusals_total{of="item",reason="SAME_ACCOUNT"})"), 3);
  EXPECT_EQ(page.Value(R"(turnabout_calls_total{code="OK",method="WriteEntries"})"), 1);
  EXPECT_EQ(page.Value(R"(turnabout_call_duration_seconds_count{method="WriteEntries"})"), 1);
  EXPECT_EQ(page.Value("turnabout_entries_total"), 3);
}

// What the ledger has is said at once by a server that starts again; what was counted begins anew.
TEST_F(MetricsServerTest, TheBooksAreSaidAfterAStart) {
  MakeScheme();
  const std::string ana = NewMember("Ana");
  MustCall("LedgerService/BatchWriteEntries", Batch({Item(ana, NewMember("Ben"), 10)}));
  const Exposition before = Page();
  Start();
  const Exposition after = Page();
  for (const absl::string_view kept : {"turnabout_entries_total", "turnabout_accounts", "turnabout_journal_revision",
                                       "turnabout_journal_head_block", "turnabout_journal_head_timestamp_seconds"}) {
    EXPECT_GT(after.Value(kept), 0) << kept;
    EXPECT_EQ(after.Value(kept), before.Value(kept)) << kept;
  }
  EXPECT_EQ(after.Value("turnabout_journal_records_written_total"), 0);
  EXPECT_EQ(after.Value("turnabout_disk_low_water_bytes"), 1 << 20);
  EXPECT_GT(after.Value("turnabout_disk_free_bytes"), 0);
}

TEST_F(MetricsServerTest, CanBeReadWhileWritersRun) {
  constexpr int kWriters = 3;
  constexpr int kCalls = 60;
  constexpr int kItems = 20;
  MakeScheme();
  const std::string ana = NewMember("Ana");
  const std::string ben = NewMember("Ben");
  std::atomic<int> running{kWriters};
  std::vector<std::thread> writers;
  for (int w = 0; w < kWriters; ++w) {
    writers.emplace_back([&, w] {
      HttpConnection connection(server_->http_port());
      // There and back. Ana may reach her floor; what is refused then is counted too.
      const std::vector<std::string> items(kItems, w % 2 == 0 ? Item(ana, ben, 1) : Item(ben, ana, 1));
      for (int i = 0; i < kCalls; ++i) {
        EXPECT_EQ(connection.Call("LedgerService/BatchWriteEntries", Batch(items)).status, 200);
      }
      --running;
    });
  }
  Exposition last = Page();
  int pages = 0;
  for (; running > 0; ++pages) {
    Exposition page = Page();
    for (const auto& [series, value] : last.series) {
      if (!absl::StrContains(series, "_total") && !absl::StrContains(series, "_bucket")) continue;
      EXPECT_GE(page.Value(series).value_or(-1), value) << series << " went back";
    }
    last = std::move(page);
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_GT(pages, 1);
  const Exposition end = Page();
  EXPECT_EQ(end.Value(R"(turnabout_calls_total{code="OK",method="BatchWriteEntries"})"), kWriters * kCalls);
  EXPECT_EQ(end.Value(R"(turnabout_call_duration_seconds_count{method="BatchWriteEntries"})"), kWriters * kCalls);
  const double refused = *end.Value(R"(turnabout_refusals_total{of="item",reason="CREDIT_LIMIT_REACHED"})");
  EXPECT_EQ(*end.Value("turnabout_entries_total") + refused, kWriters * kCalls * kItems);
  EXPECT_EQ(end.Value("turnabout_write_queue_depth"), 0);
}

// Each label is one of a short list, whoever calls and whatever is written; and no page grows with members.
TEST_F(MetricsServerTest, NobodyIsNamedAndLabelsAreFew) {
  MakeScheme();
  NewMember("Zerlina Quist");
  const size_t before = Page().series.size();
  std::vector<std::string> members;
  for (int i = 0; i < 100; ++i) members.push_back(NewMember(absl::StrCat("Zerlina Quist ", i)));
  for (const std::string& member : members) {
    MustCall("MemberService/GetMember", absl::StrCat(R"({"name":"schemes/cardiff/members/)", member, R"("})"));
  }
  Call("MemberService/Zerlina", "{}");
  const Exposition page = Page();
  EXPECT_LE(page.series.size(), before + 20) << "one method more, and no more than that";

  std::set<std::string> codes, reasons;
  for (int code = 0; code <= 16; ++code) codes.insert(absl::StatusCodeToString(static_cast<absl::StatusCode>(code)));
  for (const ReasonInfo& info : AllReasons()) reasons.insert(std::string(info.name));
  const std::vector<std::string> methods = MethodNames();
  const std::map<std::string, std::set<std::string>> allowed = {
      {"code", codes},          {"reason", reasons},      {"method", {methods.begin(), methods.end()}},
      {"of", {"call", "item"}}, {"journal", {"rocksdb"}},
  };
  for (const auto& [name, family] : page.families) {
    for (const ExposedSample& sample : family.samples) {
      for (const auto& [label, value] : sample.labels) {
        if (label == "le" || label == "version") continue;
        ASSERT_EQ(allowed.count(label), 1u) << name << " has the label " << label;
        EXPECT_EQ(allowed.at(label).count(value), 1u) << name << " " << label << "=" << value;
      }
    }
  }
}

// "| `name` | type | labels | unit | what |": the name, its type, and the labels in order of their names.
std::map<std::string, std::string> Listed(const std::string& text) {
  std::map<std::string, std::string> listed;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    if (!absl::StartsWith(line, "| `turnabout_")) continue;
    const std::vector<std::string> cells = absl::StrSplit(line, '|');
    const auto cell = [&](size_t at) { return std::string(absl::StripAsciiWhitespace(cells.at(at))); };
    const std::string name = cell(1).substr(1, cell(1).size() - 2);
    EXPECT_TRUE(listed.emplace(name, absl::StrCat(cell(2), " ", cell(3))).second) << name << " is listed twice";
    EXPECT_FALSE(cell(4).empty() || cell(5).empty()) << name;
  }
  return listed;
}

TEST_F(MetricsServerTest, TheListInTheDocsIsWhatIsServed) {
  MakeScheme();
  Call("SchemeService/GetScheme", R"({"name":"schemes/leith"})");
  std::map<std::string, std::string> served;
  const Exposition page = Page();
  for (const auto& [name, family] : page.families) {
    std::set<std::string> labels;
    for (const ExposedSample& sample : family.samples) {
      for (const auto& [label, value] : sample.labels) {
        if (label != "le") labels.insert(absl::StrCat("`", label, "`"));
      }
    }
    served[name] = absl::StrCat(family.type, " ", absl::StrJoin(labels, ", "));
  }
  EXPECT_EQ(Listed(Contents(kListedIn)), served);
}

TEST_F(MetricsServerTest, WhatTheDocsWatchIsServed) {
  MakeScheme();
  const Exposition page = Page();
  const std::string text = Contents(kListedIn);
  const std::regex name("turnabout_[a-z_]+");
  int names = 0;
  for (std::sregex_iterator at(text.begin(), text.end(), name), end; at != end; ++at, ++names) {
    std::string family = at->str();
    for (const absl::string_view part : {"_bucket", "_sum", "_count"}) {
      if (page.families.count(family) == 0) family = std::string(absl::StripSuffix(family, part));
    }
    EXPECT_EQ(page.families.count(family), 1u) << at->str();
  }
  EXPECT_GT(names, 30);
}

// The package that the library comes with has an HTTP server, which nobody mends; ours is the gateway.
TEST(Metrics, NoOtherHttpServerIsLinkedIn) {
  const std::string maps = Contents("/proc/self/maps");
  EXPECT_TRUE(absl::StrContains(maps, "prometheus-cpp-core")) << maps;
  EXPECT_FALSE(absl::StrContains(maps, "prometheus-cpp-pull"));
  EXPECT_FALSE(absl::StrContains(maps, "civetweb"));
}

}  // namespace
}  // namespace turnabout
