#include "server/daemon/config.h"

#include <gtest/gtest.h>

#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace turnabout {
namespace {

using Environment = std::map<std::string, std::string>;

absl::StatusOr<Config> Read(const std::vector<std::string>& arguments, const Environment& environment = {}) {
  return ReadConfig(arguments, [&](const std::string& name) -> std::optional<std::string> {
    const auto at = environment.find(name);
    return at == environment.end() ? std::nullopt : std::make_optional(at->second);
  });
}

// What is said of arguments that cannot be used; "" when they can.
std::string ProblemOf(const std::vector<std::string>& arguments, const Environment& environment = {}) {
  const absl::StatusOr<Config> config = Read(arguments, environment);
  if (config.ok()) return "";
  EXPECT_TRUE(absl::IsInvalidArgument(config.status())) << config.status();
  return std::string(config.status().message());
}

TEST(Config, HasTheDefaultsThatHelpStates) {
  const absl::StatusOr<Config> config = Read({"--data-dir", "x"});
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->data_dir, "x");
  EXPECT_FALSE(config->ephemeral);
  EXPECT_EQ(absl::StrCat(config->grpc.host, ":", config->grpc.port), "127.0.0.1:50051");
  EXPECT_EQ(absl::StrCat(config->http.host, ":", config->http.port), "127.0.0.1:8080");
  EXPECT_EQ(config->ready_file, "");
  EXPECT_EQ(config->drain, absl::Seconds(10));
  EXPECT_EQ(config->log, Severity::kInfo);
  for (const char* text : {"[127.0.0.1:50051]", "[127.0.0.1:8080]", "[10]", "[info]", "--data-dir DIR"}) {
    EXPECT_TRUE(absl::StrContains(ConfigHelp(), text)) << text;
  }
}

TEST(Config, EveryFlagIsReadEitherWay) {
  for (const bool equals : {true, false}) {
    std::vector<std::string> arguments;
    for (const auto& [flag, value] : {std::pair{"data-dir", "d"},
                                      {"grpc", "[::1]:7"},
                                      {"http", "localhost:0"},
                                      {"ready-file", "r"},
                                      {"drain", "0"},
                                      {"log", "error"}}) {
      arguments.push_back(absl::StrCat("--", flag, equals ? absl::StrCat("=", value) : ""));
      if (!equals) arguments.push_back(value);
    }
    const absl::StatusOr<Config> config = Read(arguments);
    ASSERT_TRUE(config.ok()) << config.status();
    EXPECT_EQ(config->data_dir, "d");
    EXPECT_EQ(absl::StrCat(config->grpc.host, " ", config->grpc.port), "::1 7");
    EXPECT_EQ(absl::StrCat(config->http.host, " ", config->http.port), "127.0.0.1 0");
    EXPECT_EQ(config->ready_file, "r");
    EXPECT_EQ(config->drain, absl::ZeroDuration());
    EXPECT_EQ(config->log, Severity::kError);
  }
  EXPECT_TRUE(Read({"--ephemeral"})->ephemeral);
  EXPECT_TRUE(Read({"--ephemeral=yes"})->ephemeral);
  EXPECT_FALSE(Read({"--ephemeral=false", "--data-dir", "x"})->ephemeral);
}

TEST(Config, EveryFlagIsAVariableAndTheFlagWins) {
  const Environment environment = {{"TURNABOUT_DATA_DIR", "e"},       {"TURNABOUT_GRPC", "127.0.0.2:1"},
                                   {"TURNABOUT_HTTP", "127.0.0.1:2"}, {"TURNABOUT_READY_FILE", "ready"},
                                   {"TURNABOUT_DRAIN", "3"},          {"TURNABOUT_LOG", "debug"}};
  const absl::StatusOr<Config> alone = Read({}, environment);
  ASSERT_TRUE(alone.ok()) << alone.status();
  EXPECT_EQ(alone->data_dir, "e");
  EXPECT_EQ(alone->grpc.host, "127.0.0.2");
  EXPECT_EQ(alone->http.port, 2);
  EXPECT_EQ(alone->ready_file, "ready");
  EXPECT_EQ(alone->drain, absl::Seconds(3));
  EXPECT_EQ(alone->log, Severity::kDebug);
  const absl::StatusOr<Config> both = Read({"--data-dir=f", "--drain=4", "--drain=5"}, environment);
  ASSERT_TRUE(both.ok()) << both.status();
  EXPECT_EQ(both->data_dir, "f");
  EXPECT_EQ(both->drain, absl::Seconds(5));
  EXPECT_EQ(both->http.port, 2);
  EXPECT_TRUE(Read({}, {{"TURNABOUT_EPHEMERAL", "true"}})->ephemeral);
  EXPECT_TRUE(absl::StrContains(ProblemOf({"--ephemeral"}, {{"TURNABOUT_DRAIN", "soon"}}), "--drain"));
}

TEST(Config, AFlagForTheJournalSetsAsideTheVariables) {
  const Environment kept = {{"TURNABOUT_DATA_DIR", "e"}};
  const Environment lost = {{"TURNABOUT_EPHEMERAL", "true"}};
  EXPECT_TRUE(Read({"--ephemeral"}, kept)->ephemeral);
  EXPECT_EQ(Read({"--ephemeral"}, kept)->data_dir, "");
  EXPECT_FALSE(Read({"--data-dir=f"}, lost)->ephemeral);
  EXPECT_EQ(Read({"--ephemeral=false"}, kept)->data_dir, "e");
  EXPECT_TRUE(absl::StrContains(ProblemOf({"--ephemeral=false"}, lost), "--data-dir DIR"));
  EXPECT_TRUE(
      absl::StrContains(ProblemOf({}, {{"TURNABOUT_DATA_DIR", "e"}, {"TURNABOUT_EPHEMERAL", "1"}}), "not both"));
}

TEST(Config, SaysWhatIsWrongAndWhatToDo) {
  const std::pair<std::vector<std::string>, const char*> kCases[] = {
      {{}, "--data-dir DIR, or --ephemeral"},
      {{"--data-dir="}, "--data-dir DIR, or --ephemeral"},
      {{"--data-dir"}, "--data-dir takes a value"},
      {{"--data-dir", "--log"}, "--data-dir takes a value"},
      {{"--data-dri", "x"}, "did you mean --data-dir?"},
      {{"--ephemerl"}, "did you mean --ephemeral?"},
      {{"--htp=127.0.0.1:1"}, "did you mean --http?"},
      {{"--colour"}, "there is no flag --colour"},
      {{"--"}, "there is no flag --"},
      {{"serve"}, "\"serve\" is not a flag"},
      {{"-d", "x"}, "\"-d\" is not a flag"},
      {{"--ephemeral=perhaps"}, "--ephemeral takes true or false"},
      {{"--drain=-1"}, "whole seconds"},
      {{"--drain=1h"}, "whole seconds"},
      {{"--drain=99999999999"}, "whole seconds"},
      {{"--log=loud"}, "debug, info, warning or error"},
      {{"--grpc=50051"}, "write one as 127.0.0.1:50051"},
      {{"--data-dir=x", "--ephemeral"}, "not both"},
  };
  for (const auto& [arguments, expected] : kCases) {
    EXPECT_TRUE(absl::StrContains(ProblemOf(arguments), expected)) << expected << "; got: " << ProblemOf(arguments);
  }
  EXPECT_FALSE(absl::StrContains(ProblemOf({"--colour"}), "did you mean"));
}

TEST(ParseAddress, TakesLoopbackAndNothingElse) {
  for (const char* text : {"127.0.0.1:0", "127.0.0.1:65535", "127.1.2.3:80", "[::1]:80", "localhost:80"}) {
    EXPECT_TRUE(ParseAddress(text).ok()) << text;
  }
  for (const char* text : {"",
                           ":",
                           ":80",
                           "127.0.0.1",
                           "127.0.0.1:",
                           "127.0.0.1:65536",
                           "127.0.0.1:-1",
                           "127.0.0.1:x",
                           "0.0.0.0:80",
                           "[::]:80",
                           "10.0.0.1:80",
                           "192.168.0.1:80",
                           "example.org:80",
                           "127.0.0.1.example.org:80",
                           "127.example.org:80",
                           "127.0.0.256:80",
                           "127.:80",
                           "127.0.0.1 :80",
                           "[::ffff:10.0.0.1]:80",
                           "unix:/tmp/x",
                           "localhost.example.org:1"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseAddress(text).status())) << text;
  }
}

}  // namespace
}  // namespace turnabout
