// A file of movements, read.
#include "clients/cli/entry_batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace turnabout::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

absl::StatusOr<std::string> Find(absl::string_view whose) {
  if (whose == "nobody") return absl::NotFoundError("there is no nobody");
  return absl::StrCat("accounts/", whose);
}

absl::StatusOr<std::vector<v1::BatchItem>> Read(absl::string_view text, std::vector<int>& lines) {
  const absl::StatusOr<CsvTable> table = ParseCsv(text);
  if (!table.ok()) return table.status();
  return ReadBatch(*table, Find, lines);
}

TEST(EntryBatch, ReadsEveryColumnInAnyOrder) {
  std::vector<int> lines;
  const auto items = Read(
      "from;to;kind;time;Note;group;request_id;category;date\n"
      "opening;ana;Opening;2h;welcome;;o-1;;\n\n"
      "ana;ben;activity;1h30;\"choir; late\";7;;company;2026-03-01\n",
      lines);
  ASSERT_TRUE(items.ok()) << items.status();
  EXPECT_THAT(lines, ElementsAre(2, 4));
  EXPECT_EQ(items->at(0).ShortDebugString(),
            "kind: KIND_OPENING from_account: \"accounts/opening\" to_account: \"accounts/ana\" amount: 120 note: "
            "\"welcome\" request_id: \"o-1\"");
  EXPECT_EQ(items->at(1).ShortDebugString(),
            "kind: KIND_ACTIVITY from_account: \"accounts/ana\" to_account: \"accounts/ben\" amount: 90 note: "
            "\"choir; late\" category: \"company\" happened_on_date: \"2026-03-01\" group: 7");
}

TEST(EntryBatch, SaysEverythingThatIsWrongByItsLine) {
  std::vector<int> lines;
  const auto items = Read("kind,from,to,time,group\nloan,ana,ben,1h,\ngift,nobody,,soon,x\n", lines);
  const std::string message(items.status().message());
  EXPECT_THAT(message, HasSubstr("Line 2, kind: write activity"));
  EXPECT_THAT(message, HasSubstr("Line 3, from: there is no nobody"));
  EXPECT_THAT(message, HasSubstr("Line 3, to: say whose account"));
  EXPECT_THAT(message, HasSubstr("Line 3, time: write it as"));
  EXPECT_THAT(message, HasSubstr("Line 3, group: write a whole number"));
}

TEST(EntryBatch, RefusesColumnsThatItDoesNotKnowOrMisses) {
  std::vector<int> lines;
  EXPECT_THAT(std::string(Read("kind,from,to,time,colour\n", lines).status().message()), HasSubstr("\"colour\""));
  EXPECT_THAT(std::string(Read("kind,from,to\n", lines).status().message()), HasSubstr("no column \"time\""));
}

}  // namespace
}  // namespace turnabout::cli
