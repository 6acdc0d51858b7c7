#include "clients/cli/flags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/cli/files.h"
#include "clients/cli/run.h"
#include "clients/cli/text.h"

namespace turnabout::cli {
namespace {

using ::testing::HasSubstr;
using Words = std::vector<std::string>;

const CommandLine& Line() {
  static const auto* const line =
      new CommandLine({{.path = "pledge make",
                        .summary = "Agree.",
                        .example = "turnabout pledge make ben",
                        .arguments = {{"member", "Who."}},
                        .flags = {{"until", "DATE", "When."}, {"deferred", "", "Later."}}},
                       {.path = "log",
                        .summary = "Log time.",
                        .example = "turnabout log",
                        .flags = {{"time", "TIME", "How long.", "", "1h"}}},
                       {.path = "matches approve",
                        .summary = "Say yes.",
                        .example = "turnabout matches approve",
                        .arguments = {{"match", "Which.", Takes::kMany}}}},
                      {{"server", "ADDRESS", "Where.", "TURNABOUT_SERVER", "127.0.0.1:50051"}});
  return *line;
}

absl::StatusOr<Command> Read(const Words& words, const std::map<std::string, std::string>& environment = {}) {
  return Line().Read(words, [&](absl::string_view name) {
    const auto found = environment.find(std::string(name));
    return found == environment.end() ? std::string() : found->second;
  });
}

std::string Problem(const Words& words) {
  const absl::StatusOr<Command> command = Read(words);
  EXPECT_EQ(command.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(command.status().message());
}

TEST(Flags, ReadsFlagsAnywhere) {
  for (const Words& words :
       {Words{"pledge", "make", "ben", "--until", "today", "--deferred"},
        Words{"--server=x:1", "pledge", "--until=today", "make", "--deferred", "ben"},
        Words{"--server", "x:1", "pledge", "make", "--deferred", "--until", "today", "--", "ben"}}) {
    const absl::StatusOr<Command> command = Read(words);
    ASSERT_TRUE(command.ok()) << command.status();
    EXPECT_EQ(command->verb().path, "pledge make");
    EXPECT_EQ(command->argument(), "ben");
    EXPECT_EQ(command->flag("until"), "today");
    EXPECT_TRUE(command->has("deferred"));
  }
}

TEST(Flags, FlagBeatsEnvironmentBeatsDefault) {
  EXPECT_EQ(Read({"log"})->flag("server"), "127.0.0.1:50051");
  EXPECT_EQ(Read({"log"}, {{"TURNABOUT_SERVER", "a:1"}})->flag("server"), "a:1");
  EXPECT_EQ(Read({"log", "--server", "b:2"}, {{"TURNABOUT_SERVER", "a:1"}})->flag("server"), "b:2");
  EXPECT_EQ(Read({"log"})->flag("time"), "1h");
}

TEST(Flags, TakesAnyNumberOfArgumentsWhereTheVerbDoes) {
  EXPECT_EQ(Read({"matches", "approve", "a", "b", "c"})->arguments(), (Words{"a", "b", "c"}));
  EXPECT_TRUE(Read({"matches", "approve"}).ok());
}

TEST(Flags, ReadsMinusNumbersAsArguments) { EXPECT_EQ(Read({"matches", "approve", "-5"})->argument(), "-5"); }

TEST(Flags, SaysWhatIsWrongAndWhatWasPerhapsMeant) {
  EXPECT_THAT(Problem({}), HasSubstr("turnabout --help"));
  EXPECT_THAT(Problem({"lgo"}), HasSubstr("Perhaps: turnabout log"));
  EXPECT_THAT(Problem({"pledge"}), HasSubstr("\"pledge\" needs a second word."));
  EXPECT_THAT(Problem({"pledge", "mak", "ben"}), HasSubstr("Perhaps: turnabout pledge make"));
  EXPECT_THAT(Problem({"pledge", "make"}), HasSubstr("needs MEMBER: Who."));
  EXPECT_THAT(Problem({"pledge", "make", "ben", "ana"}), HasSubstr("\"ana\" is one word too many."));
  EXPECT_THAT(Problem({"log", "--tiem", "1h"}), HasSubstr("Perhaps: --time"));
  EXPECT_THAT(Problem({"log", "--time"}), HasSubstr("--time needs a value."));
  EXPECT_THAT(Problem({"pledge", "make", "ben", "--deferred=yes"}), HasSubstr("--deferred takes no value."));
  EXPECT_THAT(Problem({"log", "-x"}), HasSubstr("has no flag -x"));
}

TEST(Flags, HelpStartsWithAnExample) {
  EXPECT_EQ(Line().HelpAsked({"pledge", "make", "ben"}), "");
  EXPECT_EQ(Line().HelpAsked({"pledge", "make", "--help"}),
            "Example:\n"
            "  $ turnabout pledge make ben\n"
            "\n"
            "Agree.\n"
            "\n"
            "Usage: turnabout pledge make MEMBER [flags]\n"
            "\n"
            "  MEMBER                  Who.\n"
            "\n"
            "Flags:\n"
            "  --until DATE            When.\n"
            "  --deferred              Later.\n"
            "\n"
            "Flags for every verb:\n"
            "  --server ADDRESS        Where. Otherwise 127.0.0.1:50051. (TURNABOUT_SERVER)\n");
  EXPECT_THAT(Line().HelpAsked({"pledge", "-h"}), HasSubstr("Verbs:\n  pledge make"));
  EXPECT_THAT(Line().HelpAsked({"help", "log"}), HasSubstr("Usage: turnabout log [flags]"));
  EXPECT_THAT(Line().HelpAsked({}), HasSubstr("Start here:"));
}

TEST(TheCommandLine, EveryVerbHasAnExampleThatReadsAndHelpThatFits) {
  for (const VerbSpec& verb : TheCommandLine().verbs()) {
    EXPECT_NE(verb.run, nullptr) << verb.path;
    EXPECT_FALSE(verb.summary.empty()) << verb.path;
    EXPECT_EQ(verb.example.rfind("turnabout " + verb.path, 0), 0u) << verb.path;
    std::vector<std::string> words = absl::StrSplit(verb.path, ' ');
    words.push_back("--help");
    for (absl::string_view line : absl::StrSplit(TheCommandLine().HelpAsked(words), '\n')) {
      EXPECT_LE(DisplayWidth(line), 120) << line;
    }
  }
}

TEST(TheCommandLine, EveryVerbIsInTheReference) {
  const absl::StatusOr<std::string> page = ReadFile("docs/reference/cli.md");
  ASSERT_TRUE(page.ok()) << page.status();
  for (const VerbSpec& verb : TheCommandLine().verbs()) {
    EXPECT_THAT(*page, HasSubstr(absl::StrCat("### ", verb.path, "\n\n", verb.summary, "\n")));
    for (const FlagSpec& flag : verb.flags) EXPECT_THAT(*page, HasSubstr(absl::StrCat("`--", flag.name))) << verb.path;
  }
}

}  // namespace
}  // namespace turnabout::cli
