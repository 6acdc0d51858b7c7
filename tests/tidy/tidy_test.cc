#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/tidy/rules.h"
#include "tests/tidy/source.h"

namespace turnabout::tidy {
namespace {

// What `rule` says of a file at `path` that holds `text`, one finding a line.
template <typename Rule>
std::string Say(Rule rule, std::string path, std::string_view text) {
  std::ostringstream out;
  for (const Finding& finding : rule(MakeSource(std::move(path), text))) out << finding << "\n";
  return out.str();
}

// `lines` statements in a function, in a file of that text.
std::string FunctionOf(int lines, const std::string& opening) {
  std::string text = opening + "\n";
  for (int i = 0; i < lines - 2; ++i) text += "  Step({});\n";
  return text + "}\n";
}

TEST(Blank, LeavesCodeAndTakesCommentsAndLiterals) {
  EXPECT_EQ(BlankLiterals("a(\"b\\\"c\"); // d"), "a(\"    \");     ");
  EXPECT_EQ(BlankLiterals("a /* b\nc */ d"), "a     \n     d");
  EXPECT_EQ(BlankLiterals("1'000 + '{' + x"), "1'000 + ' ' + x");
  EXPECT_EQ(BlankLiterals("R\"j({\"a\"})j\" + b"), "             + b");
}

TEST(Includes, OnlyInTheDrawnDirections) {
  EXPECT_EQ(Say(CheckIncludes, "matcher/person.cc", "#include \"base/id.h\"\n#include \"store/store.h\"\n"),
            "matcher/person.cc:2: matcher may not include store/store.h; it may include base, matcher/clear\n");
  EXPECT_EQ(Say(CheckIncludes, "base/id.cc", "#include \"ledger/ledger.h\"\n"),
            "base/id.cc:1: base may not include ledger/ledger.h; it may include nothing of ours\n");
  EXPECT_NE(Say(CheckIncludes, "server/jobs/expiry.cc", "#include \"store/store.h\"\n"), "");
  EXPECT_NE(Say(CheckIncludes, "clients/cli/log.cc", "#include \"turnabout/storage/v1/rows.pb.h\"\n"), "");
  EXPECT_EQ(Say(CheckIncludes, "server/records/rows.cc", "#include \"turnabout/storage/v1/rows.pb.h\"\n"), "");
  EXPECT_EQ(Say(CheckIncludes, "clients/cli/clear_verbs.cc", "#include \"matcher/clear/solve.h\"\n"), "");
  EXPECT_NE(Say(CheckIncludes, "clients/cli/clear_verbs.cc", "#include \"matcher/matcher.h\"\n"), "");
  EXPECT_NE(Say(CheckIncludes, "matcher/clear/solve.cc", "#include \"matcher/matcher.h\"\n"), "");
  EXPECT_EQ(Say(CheckIncludes, "ledger/ledger.cc", "#include <vector>\n#include \"absl/time/time.h\"\n"), "");
}

TEST(Includes, NothingIncludesTestsAndTestsIncludeAnything) {
  EXPECT_NE(Say(CheckIncludes, "base/id.cc", "#include \"tests/tidy/source.h\"\n"), "");
  EXPECT_EQ(Say(CheckIncludes, "tests/unit/base/id_test.cc", "#include \"store/store.h\"\n"), "");
}

TEST(Includes, TheDaemonSeesTheWholeServer) {
  EXPECT_EQ(Say(CheckIncludes, "server/daemon/main.cc", "#include \"server/edge/gateway.h\"\n"), "");
  EXPECT_NE(Say(CheckIncludes, "server/app/app.cc", "#include \"server/edge/gateway.h\"\n"), "");
}

TEST(Includes, TheGatewaySharesHowAStatusLeavesButNoHandler) {
  EXPECT_EQ(Say(CheckIncludes, "server/edge/connect.cc", "#include \"server/services/status.h\"\n"), "");
  EXPECT_NE(Say(CheckIncludes, "server/edge/connect.cc", "#include \"server/services/ledger_service.h\"\n"), "");
  EXPECT_NE(Say(CheckIncludes, "server/edge/connect.cc", "#include \"server/app/app.h\"\n"), "");
  EXPECT_NE(Say(CheckIncludes, "server/services/status.cc", "#include \"server/app/app.h\"\n"), "");
}

TEST(Includes, EveryFolderIsInTheTable) { EXPECT_NE(Say(CheckIncludes, "misc/thing.cc", ""), ""); }

TEST(Backends, AreNamedWhereTheServerIsPutTogether) {
  constexpr std::string_view kText = "#include \"store/journal/rocksdb_journal.h\"\n";
  EXPECT_NE(Say(CheckBackends, "store/store.cc", kText), "");
  EXPECT_NE(Say(CheckBackends, "server/app/members.cc", kText), "");
  EXPECT_EQ(Say(CheckBackends, "server/daemon/backends.cc", kText), "");
  EXPECT_EQ(Say(CheckBackends, "store/journal/rocksdb_journal.cc", kText), "");
}

TEST(HeavyHeaders, StayInSourceFiles) {
  EXPECT_NE(Say(CheckHeavyHeaders, "store/store.h", "#include <rocksdb/db.h>\n"), "");
  EXPECT_NE(Say(CheckHeavyHeaders, "clients/cli/run.h", "#include \"turnabout/v1/ledger_service.grpc.pb.h\"\n"), "");
  EXPECT_NE(Say(CheckHeavyHeaders, "server/edge/gateway.h", "#include <boost/beast.hpp>\n"), "");
  EXPECT_EQ(Say(CheckHeavyHeaders, "store/store.cc", "#include <rocksdb/db.h>\n"), "");
  EXPECT_EQ(Say(CheckHeavyHeaders, "clients/cli/run.h", "#include \"turnabout/v1/ledger.pb.h\"\n"), "");
}

TEST(BannedCalls, NameWhatToUseInstead) {
  EXPECT_EQ(Say(CheckBannedCalls, "ledger/ledger.cc", "\nabsl::Time now = absl::Now();\n"),
            "ledger/ledger.cc:2: absl::Now( is not for here; use the Clock that was passed in (base/clock.h), or to "
            "measure, steady_clock\n");
  EXPECT_NE(Say(CheckBannedCalls, "base/id.cc", "std::random_device device;\n"), "");
  EXPECT_NE(Say(CheckBannedCalls, "tests/unit/a_test.cc", "int x = std::rand();\n"), "");
  EXPECT_NE(Say(CheckBannedCalls, "store/store.h", "absl::MutexLock lock(&m);\n"), "");
  EXPECT_NE(Say(CheckBannedCalls, "store/store.cc", "std::cout << 1;\n"), "");
  EXPECT_NE(Say(CheckBannedCalls, "matcher/round.cc", "printf(\"x\");\n"), "");
}

TEST(BannedCalls, HaveTheirOnePlace) {
  EXPECT_EQ(Say(CheckBannedCalls, "base/clock.cc", "return absl::Now();\n"), "");
  EXPECT_EQ(Say(CheckBannedCalls, "base/seed.cc", "std::random_device device;\n"), "");
  EXPECT_EQ(Say(CheckBannedCalls, "clients/cli/main.cc", "std::cout << 1;\n"), "");
}

TEST(BannedCalls, AreNotSeenInCommentsTextsOrLongerWords) {
  EXPECT_EQ(Say(CheckBannedCalls, "base/id.cc", "// absl::Now()\nLog(\"std::cout\");\nOperand(1); snprintf(a);\n"), "");
}

TEST(Words, AreTheFieldsOwn) {
  EXPECT_EQ(Say(CheckWords, "ledger/ledger.h", "int tenant_id;\n"),
            "ledger/ledger.h:1: the word is scheme, not tenant\n");
  EXPECT_NE(Say(CheckWords, "proto/turnabout/v1/member.proto", "message ServiceUser {}\n"), "");
  EXPECT_EQ(Say(CheckWords, "ledger/ledger.h", "// a tenant, elsewhere\nint scheme_id;\n"), "");
}

TEST(FunctionLength, EndsAtSeventyLines) {
  EXPECT_EQ(Say(CheckFunctionLength, "base/id.cc", FunctionOf(70, "int F(int a) {")), "");
  EXPECT_EQ(Say(CheckFunctionLength, "base/id.cc", "namespace a {\n" + FunctionOf(71, "int F(int a) {") + "}\n"),
            "base/id.cc:2: a function of 71 lines; split it so that each part is at most 70\n");
}

TEST(FunctionLength, FindsEveryShapeOfFunction) {
  for (const char* opening :
       {"template <typename T = int>\nint F(T a) {", "Foo::Foo(int a) : a_(a), b_{1}, c_{2} {", "TEST(A, B) {",
        "bool operator==(const A& a, const A& b) {", "auto F(A a = {1, 2}) -> std::vector<int> {",
        "class A {\n public:\n  int F() const override {"}) {
    EXPECT_NE(Say(CheckFunctionLength, "base/id.cc", FunctionOf(80, opening)), "") << opening;
  }
}

TEST(FunctionLength, LeavesTablesAndClassesAlone) {
  for (const char* opening :
       {"constexpr A kTable[] = {", "struct A {", "class A final : public B {", "namespace a {"}) {
    EXPECT_EQ(Say(CheckFunctionLength, "base/id.cc", FunctionOf(80, opening)), "") << opening;
  }
}

TEST(Size, OfLinesAndFiles) {
  EXPECT_EQ(Say(CheckSize, "base/id.cc", std::string(121, 'x')),
            "base/id.cc:1: a line of 121 characters; at most 120\n");
  EXPECT_NE(Say(CheckSize, "proto/turnabout/v1/a.proto", std::string(121, 'x')), "");
  std::string accents;
  for (int i = 0; i < 120; ++i) accents += "é";
  EXPECT_EQ(Say(CheckSize, "base/id.cc", accents), "");
  EXPECT_EQ(Say(CheckSize, "base/id.cc", std::string(500, '\n')), "");
  EXPECT_NE(Say(CheckSize, "base/id.cc", std::string(501, '\n')), "");
  EXPECT_EQ(Say(CheckSize, "base/id.h", std::string(300, '\n')), "");
  EXPECT_NE(Say(CheckSize, "base/id.h", std::string(301, '\n')), "");
}

TEST(HeaderOpening, IsACommentThenTheGuard) {
  constexpr std::string_view kGood =
      "// An Id names a thing.\n#ifndef TURNABOUT_BASE_ID_H_\n#define TURNABOUT_BASE_ID_H_\n"
      "#endif  // TURNABOUT_BASE_ID_H_\n";
  EXPECT_EQ(Say(CheckHeaderOpening, "base/id.h", kGood), "");
  EXPECT_NE(Say(CheckHeaderOpening, "base/id.h", kGood.substr(kGood.find('#'))), "");
  EXPECT_NE(Say(CheckHeaderOpening, "base/other.h", kGood), "");
  EXPECT_NE(Say(CheckHeaderOpening, "base/id.h", "// An Id names a thing.\n#pragma once\n"), "");
}

TEST(Marks, NoneIsLeft) {
  EXPECT_EQ(Say(CheckMarks, "docs/a.md", "a\tb\n"), "docs/a.md:1: a tab; use spaces\n");
  EXPECT_NE(Say(CheckMarks, "base/id.cc", "int a; \n"), "");
  EXPECT_NE(Say(CheckMarks, "base/id.cc",
                "// TO"
                "DO: later\n"),
            "");
  EXPECT_NE(Say(CheckMarks, "dev.sh",
                "# FIX"
                "ME\n"),
            "");
}

// The rules above, over the tree this test was built from.
TEST(Tree, KeepsTheHouseRules) {
  std::vector<Source> sources = ReadTree(".");
  ASSERT_GT(sources.size(), 30u) << "run this from the root of the tree";
  std::ostringstream found;
  for (const Source& source : sources) {
    for (const Finding& finding : CheckAll(source)) found << finding << "\n";
  }
  if (!found.str().empty()) FAIL() << "./dev fmt mends long lines; the rest is for you:\n" << found.str();
}

}  // namespace
}  // namespace turnabout::tidy
