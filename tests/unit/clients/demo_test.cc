#include "clients/demo/demo.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <set>

#include "clients/cli/importer.h"
#include "clients/cli/member_row.h"
#include "clients/demo/demo_data.h"
#include "clients/demo/figures.h"
#include "turnabout/v1/rule_set.pb.h"

namespace turnabout::demo {
namespace {

cli::Vocabulary DemoWords() {
  v1::RuleSet rules;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(std::string(RulesJson()), &rules).ok());
  cli::Vocabulary words;
  for (const auto& category : rules.categories()) words.categories.push_back(category.id());
  for (const auto& service : rules.services()) words.services.push_back(service.id());
  words.languages.assign(rules.languages().begin(), rules.languages().end());
  words.checks.assign(rules.checks().begin(), rules.checks().end());
  const absl::StatusOr<cli::CsvTable> places = cli::ParseCsv(PlacesCsv());
  EXPECT_TRUE(places.ok());
  std::vector<cli::RowProblem> problems;
  for (const v1::Place& place : cli::ParsePlaces(*places, problems)) {
    words.places.push_back(place.code());
    EXPECT_GT(place.latitude_microdegrees(), 51'300'000) << place.code();
    EXPECT_LT(place.latitude_microdegrees(), 51'800'000) << place.code();
    EXPECT_GT(place.longitude_microdegrees(), -3'750'000) << place.code();
    EXPECT_LT(place.longitude_microdegrees(), -3'100'000) << place.code();
  }
  EXPECT_TRUE(problems.empty());
  return words;
}

TEST(DemoData, EveryMemberReadsWithTheSchemesOwnWords) {
  const absl::StatusOr<cli::CsvTable> table = cli::ParseCsv(MembersCsv());
  ASSERT_TRUE(table.ok()) << table.status();
  const cli::MemberRows rows = cli::ParseMemberRows(*table, DemoWords(), absl::CivilDay(2026, 8, 6));
  for (const cli::RowProblem& problem : rows.problems) ADD_FAILURE() << cli::ProblemSentence(problem);
  EXPECT_TRUE(rows.notes.empty());
  EXPECT_GE(rows.rows.size(), 120u);
  std::set<std::string> references;
  for (const cli::MemberRow& row : rows.rows) references.insert(row.member.member().reference());
  for (const cli::MemberRow& row : rows.rows) {
    for (const std::string& other : row.member.member().excluded_members())
      EXPECT_EQ(references.count(other), 1u) << other;
  }
}

TEST(DemoOptions, ReadsFlags) {
  const absl::StatusOr<DemoOptions> options =
      ReadDemoOptions({"--once", "--json", "f.json", "--people=50", "--seed", "9"});
  ASSERT_TRUE(options.ok());
  EXPECT_TRUE(options->once);
  EXPECT_EQ(options->json, "f.json");
  EXPECT_EQ(options->people, 50);
  EXPECT_EQ(options->seed, 9u);
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--people", "0"}, {"--people", "x"}, {"--json"}, {"--twice"}, {"--seed=-1"}}) {
    EXPECT_EQ(ReadDemoOptions(words).status().code(), absl::StatusCode::kInvalidArgument) << words[0];
  }
}

TEST(Figures, AreAJsonObjectWithTheAgreedNames) {
  google::protobuf::Struct parsed;
  Figures figures;
  figures.members = 129;
  figures.verify = "ok";
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(FiguresJson(figures), &parsed).ok());
  for (const char* name :
       {"members", "waiting", "proposals", "served", "greedy_served", "left_out", "approved", "refused_without_pledge",
        "entries", "minutes_posted", "sum_minutes", "sum_turns", "verify", "digest"}) {
    EXPECT_EQ(parsed.fields().count(name), 1u) << name;
  }
  EXPECT_EQ(parsed.fields_size(), 14);
  EXPECT_EQ(parsed.fields().at("members").number_value(), 129);
}

}  // namespace
}  // namespace turnabout::demo
