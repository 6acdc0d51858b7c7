// The catalogue of reasons: the same for clients as for the server, and every one of them reached, or said why not.
#include <fstream>
#include <map>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/reason.h"
#include "tests/integration/support.h"

namespace turnabout {
namespace {

// Those that no request to the application can be refused for. Each has a test where it arises.
const std::map<std::string, std::string>& Elsewhere() {
  static const auto* const elsewhere = new std::map<std::string, std::string>{
      {"BAD_ID", "a name with a bad id is a wrong field; base_test reads ids alone"},
      {"BAD_DURATION", "minutes come as numbers; base_test reads durations"},
      {"AMOUNT_OVERFLOW", "amounts are limited before they are added; base_test adds them"},
      {"DATE_IN_FUTURE", "a wrong date is a wrong field"},
      {"DATE_TOO_OLD", "a wrong date is a wrong field"},
      {"BAD_JSON", "of the gateway: gateway_test"},
      {"BAD_INSTANCE", "of files that the matcher reads: matcher_test"},
      {"UNKNOWN_PLACE", "an unknown place is a wrong field"},
      {"UNKNOWN_LANGUAGE", "an unknown language is a wrong field"},
      {"HOLD_LINKED", "turns that are linked are resolved by their match, FORBIDDEN_MOVE; ledger_test"},
      {"ACCOUNT_CLOSED", "no account is ever closed yet"},
      {"QUEUE_FULL", "needs 65,536 writes waiting: store_test"},
      {"DISK_FULL", "needs a full disk: journal_test"},
      {"COMMAND_TOO_LARGE", "requests are limited before they are that large: store_test"},
      {"BODY_TOO_LARGE", "of the gateway: gateway_test"},
      {"METHOD_NOT_FOUND", "of the gateway: gateway_test; gRPC says UNIMPLEMENTED itself"},
      {"BAD_CONTENT_TYPE", "of the gateway: gateway_test"},
      {"INTERNAL", "a mistake of ours: status_test"},
      {"JOURNAL_DAMAGED", "needs a damaged journal: store_test"},
      {"BOOKS_DISAGREE", "needs wrong books: ledger_test"},
      {"WRITER_DEPOSED", "needs a second writer: journal_test"},
      {"JOURNAL_UNAVAILABLE", "needs a disk that fails: journal_test"},
      {"SHELF_DAMAGED", "needs a damaged shelf: store_test"},
      {"FORMAT_UNKNOWN", "said before anything is served: journal_test"},
      {"FOLDER_IN_USE", "said before anything is served: journal_test"},
      {"NOT_PROVEN", "no call's: matcher_test"},
  };
  return *elsewhere;
}

// Runs after every test of this program, when none was left out.
class EveryReasonIsReached : public testing::Environment {
  void TearDown() override {
    const testing::UnitTest& all = *testing::UnitTest::GetInstance();
    if (all.test_to_run_count() != all.total_test_count() || all.failed_test_count() > 0) return;
    const std::set<std::string> seen = ReasonsSeen();
    for (const ReasonInfo& info : AllReasons()) {
      const std::string name(info.name);
      const bool elsewhere = Elsewhere().contains(name);
      EXPECT_NE(seen.contains(name), elsewhere)
          << name << (elsewhere ? " was reached after all: take it out of the list" : " was reached by no test");
    }
  }
};

const testing::Environment* const kEveryReasonIsReached = testing::AddGlobalTestEnvironment(new EveryReasonIsReached);

TEST(Reasons, TheListElsewhereNamesReasonsOfTheCatalogue) {
  std::set<std::string> names;
  for (const ReasonInfo& info : AllReasons()) names.insert(std::string(info.name));
  for (const auto& [name, why] : Elsewhere()) EXPECT_TRUE(names.contains(name)) << name;
}

// "FAILED_PRECONDITION"
std::string WireName(absl::StatusCode code) {
  const std::string name = absl::StatusCodeToString(code);
  return name;
}

TEST(Reasons, ClientsHaveTheSameCatalogue) {
  std::ifstream file("proto/turnabout/v1/reasons.proto");
  std::stringstream text;
  text << file.rdbuf();
  std::vector<std::string> lines = absl::StrSplit(text.str(), '\n');
  std::vector<std::string> found;
  std::string comment;
  for (absl::string_view line : lines) {
    line = absl::StripAsciiWhitespace(line);
    if (absl::ConsumePrefix(&line, "//")) {
      absl::StrAppend(&comment, comment.empty() ? "" : " ", absl::StripAsciiWhitespace(line));
      continue;
    }
    const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
    if (words.size() == 3 && absl::StartsWith(line, "REASON_") && words[0] != "REASON_UNSPECIFIED") {
      found.push_back(
          absl::StrCat(absl::StripPrefix(words[0], "REASON_"), " ", absl::StripSuffix(words[2], ";"), " ", comment));
    }
    comment.clear();
  }
  std::vector<std::string> expected;
  for (const ReasonInfo& info : AllReasons()) {
    expected.push_back(
        absl::StrCat(info.name, " ", static_cast<int>(info.reason), " ", WireName(info.code), ". ", info.sentence));
  }
  EXPECT_EQ(found, expected);
}

TEST(Reasons, EveryDeclaredRpcIsServedByTheApplication) {
  const std::vector<std::string> served = EveryRpc();
  const std::set<std::string> declared = DeclaredRpcs();
  EXPECT_EQ(std::set<std::string>(served.begin(), served.end()), declared);
}

}  // namespace
}  // namespace turnabout
