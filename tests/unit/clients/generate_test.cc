#include "clients/generate/generate.h"

#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "clients/cli/csv.h"
#include "clients/cli/member_row.h"

namespace turnabout::generate {
namespace {

std::string AsText(const GeneratedScheme& scheme) {
  std::string text = scheme.rule_set.SerializeAsString();
  for (const auto& place : scheme.places) text += place.SerializeAsString();
  for (const auto& member : scheme.members) text += member.SerializeAsString();
  return text;
}

TEST(Generate, TheSameSeedGivesTheSameScheme) {
  EXPECT_EQ(AsText(GenerateScheme({.people = 200, .seed = Seed{1}})),
            AsText(GenerateScheme({.people = 200, .seed = Seed{1}})));
  EXPECT_NE(AsText(GenerateScheme({.people = 200, .seed = Seed{1}})),
            AsText(GenerateScheme({.people = 200, .seed = Seed{2}})));
}

TEST(Generate, MakesAsManyAsAskedAtEverySize) {
  for (int people : {1, 2, 12, 1000, 7000}) {
    const GeneratedScheme scheme = GenerateScheme({.people = people, .seed = Seed{3}});
    EXPECT_EQ(scheme.members.size(), static_cast<size_t>(people));
    std::set<std::string> places, references;
    for (const auto& place : scheme.places) EXPECT_TRUE(places.insert(place.code()).second) << place.code();
    EXPECT_LE(scheme.places.size(), 10'000u);
    for (const auto& row : scheme.members) {
      EXPECT_EQ(places.count(row.member().place()), 1u);
      EXPECT_TRUE(references.insert(row.member().reference()).second);
      for (const std::string& other : row.member().excluded_members()) EXPECT_NE(other, row.member().reference());
    }
  }
}

TEST(Generate, ImportsWithoutAProblem) {
  const GeneratedScheme scheme = GenerateScheme({.people = 500, .seed = Seed{4}});
  cli::Vocabulary words;
  for (const auto& category : scheme.rule_set.categories()) words.categories.push_back(category.id());
  for (const auto& service : scheme.rule_set.services()) words.services.push_back(service.id());
  words.languages.assign(scheme.rule_set.languages().begin(), scheme.rule_set.languages().end());
  words.checks.assign(scheme.rule_set.checks().begin(), scheme.rule_set.checks().end());
  for (const auto& place : scheme.places) words.places.push_back(place.code());
  std::string csv = cli::FormatCsvRow(cli::MemberColumns());
  for (const auto& row : scheme.members) absl::StrAppend(&csv, cli::FormatCsvRow(cli::FormatMemberRow(row)));
  const absl::StatusOr<cli::CsvTable> table = cli::ParseCsv(csv);
  ASSERT_TRUE(table.ok()) << table.status();
  const cli::MemberRows rows = cli::ParseMemberRows(*table, words, absl::CivilDay(2026, 8, 6));
  EXPECT_TRUE(rows.problems.empty()) << cli::ProblemSentence(rows.problems[0]);
  EXPECT_EQ(rows.rows.size(), 500u);
}

}  // namespace
}  // namespace turnabout::generate
