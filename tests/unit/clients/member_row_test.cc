#include "clients/cli/member_row.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace turnabout::cli {
namespace {

using google::protobuf::util::MessageDifferencer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using v1::Member;

constexpr absl::CivilDay kToday(2026, 8, 6);

Vocabulary Words() {
  Vocabulary words;
  words.categories = {"shopping", "phone-calls", "visiting", "company"};
  words.services = {"stroke-ward", "cardiac"};
  words.languages = {"English", "Welsh", "British Sign Language"};
  words.checks = {"dbs", "references"};
  words.places = {"CF10", "CF11"};
  return words;
}

MemberRows Read(absl::string_view csv, const Vocabulary& words = Words()) {
  const absl::StatusOr<CsvTable> table = ParseCsv(csv);
  EXPECT_TRUE(table.ok()) << table.status();
  return ParseMemberRows(*table, words, kToday);
}

// One row with a value in one column.
MemberRows ReadCell(absl::string_view column, absl::string_view value) {
  return Read(absl::StrCat("reference,name,", column, "\nben,Ben Pugh,\"", value, "\"\n"));
}

std::string Sentences(const MemberRows& rows) {
  return absl::StrJoin(rows.problems, "\n", [](std::string* out, const RowProblem& problem) {
    absl::StrAppend(out, ProblemSentence(problem));
  });
}

TEST(MemberRow, ReadsEveryColumn) {
  const MemberRows rows = Read(
      "Reference,Name,kind,phone,email,journeys,offers,needs,place,travel_km,languages,availability,gender,wants,not_"
      "with,"
      "checks,capacity,buddies_wanted,pledged,deferred,waiting_since,plan\n"
      "ana,Ana F,person,029 2018 0001,ana@example.org,\"stroke-ward:current:today+9; cardiac:former\","
      "\"shopping@home (fruit; and veg); phone-calls@phone|online\",\"visiting@ward!urgent (soon, please); "
      "company\",cf10,2.5,"
      "\"welsh; British sign language\",mon-am tue-pm sat,woman,woman; non-binary,ben; cal,\"dbs:2027-03-01; "
      "references:1/1/2027\","
      "2,1,today-6,yes,2026-07-01,\"To be home.\"\n");
  ASSERT_TRUE(rows.problems.empty()) << Sentences(rows);
  ASSERT_EQ(rows.rows.size(), 1u);
  const v1::ImportedMember& row = rows.rows[0].member;
  const Member& member = row.member();
  EXPECT_EQ(member.reference(), "ana");
  EXPECT_EQ(member.kind(), Member::KIND_PERSON);
  EXPECT_EQ(member.contact().email(), "ana@example.org");
  ASSERT_EQ(member.journeys_size(), 2);
  EXPECT_EQ(member.journeys(0).expected_discharge_date(), "2026-08-15");
  EXPECT_EQ(member.journeys(1).stage(), Member::STAGE_FORMER);
  ASSERT_EQ(member.offers_size(), 2);
  EXPECT_EQ(member.offers(0).words(), "fruit; and veg");
  EXPECT_THAT(member.offers(1).settings(), ElementsAre(Member::SETTING_PHONE, Member::SETTING_ONLINE));
  ASSERT_EQ(member.needs_size(), 2);
  EXPECT_EQ(member.needs(0).urgency(), Member::URGENCY_URGENT);
  EXPECT_EQ(member.needs(0).words(), "soon, please");
  EXPECT_EQ(member.needs(1).category(), "company");
  EXPECT_EQ(member.place(), "CF10") << "in the scheme's own spelling";
  EXPECT_EQ(member.travel_metres(), 2500);
  EXPECT_THAT(member.languages(), ElementsAre("Welsh", "British Sign Language"));
  ASSERT_EQ(member.availability_size(), 3);
  EXPECT_EQ(member.availability(2).parts_size(), 3);
  EXPECT_THAT(member.wanted_genders(), ElementsAre(Member::GENDER_WOMAN, Member::GENDER_NON_BINARY));
  EXPECT_THAT(member.excluded_members(), ElementsAre("ben", "cal"));
  EXPECT_EQ(member.checks(1).valid_until_date(), "2027-01-01");
  EXPECT_EQ(member.capacity(), 2);
  EXPECT_EQ(row.pledged_date(), "2026-07-31");
  EXPECT_TRUE(row.deferred_until_discharge());
  EXPECT_EQ(row.waiting_since_date(), "2026-07-01");
  EXPECT_EQ(member.plan(), "To be home.");
}

TEST(MemberRow, NamesEveryKindOfMistakeByLineAndColumn) {
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {"kind", "robot", "Line 2, column C (kind): found \"robot\"; expected person or organisation."},
      {"email", "ana", "expected an email address with an \"@\"."},
      {"journeys", "stroke-ward", "expected service:stage, the stage being current, former or neighbour."},
      {"journeys", "strok-ward:current",
       "found \"strok-ward\"; expected one of the scheme's services; perhaps \"stroke-ward\"."},
      {"journeys", "cardiac:current:soon", "found \"soon\"; expected a date such as 2026-08-06 or today+90."},
      {"offers", "shoping@home", "perhaps \"shopping\"."},
      {"offers", "shopping@space", "found \"space\"; expected home, ward, phone or online after \"@\"."},
      {"offers", "shopping (open", "expected a closing bracket after the words in brackets."},
      {"needs", "shopping!now", "found \"now\"; expected urgent, soon or whenever after \"!\"."},
      {"place", "CF99", "expected one of the scheme's places"},
      {"travel_km", "far", "expected kilometres from 0 to 200, such as 5 or 2.5."},
      {"travel_km", "-1", "expected kilometres from 0 to 200"},
      {"travel_km", "nan", "expected kilometres from 0 to 200"},
      {"travel_metres", "200001", "expected whole metres from 0 to 200000."},
      {"languages", "Klingon", "expected one of the scheme's languages: English, Welsh, British Sign Language."},
      {"availability", "mon-noon", "expected days and parts such as \"mon-am tue-pm sat\", or any."},
      {"gender", "x", "expected woman, man or non-binary."},
      {"wants", "kind", "expected woman, man or non-binary; empty for anyone."},
      {"not_with", "ben", "expected somebody else's reference."},
      {"checks", "dbs", "expected check:date, such as dbs:2027-03-01."},
      {"checks", "dbs:31/02/2027", "expected a date"},
      {"capacity", "1.5", "expected a whole number from 0 to 1000."},
      {"buddies_wanted", "-1", "expected a whole number from 0 to 1000."},
      {"pledged", "maybe", "expected a date"},
      {"deferred", "perhaps", "expected yes or no."},
      {"deferred", "yes", "expected a date in the column pledged too."},
      {"waiting_since", "31/04/2026", "expected a date"},
  };
  for (const auto& [column, value, sentence] : cases) {
    const MemberRows rows = ReadCell(column, value);
    EXPECT_THAT(Sentences(rows), HasSubstr(sentence)) << column;
    EXPECT_THAT(Sentences(rows), HasSubstr("Line 2")) << column;
    EXPECT_TRUE(rows.rows.empty()) << column;
  }
}

TEST(MemberRow, FindsEveryBadRowAtOnceAndKeepsTheGoodOnes) {
  const MemberRows rows = Read(
      "reference,name,capacity,place\n"
      "ben,Ben,x,CF99\n"
      "ana,Ana,1,CF10\n"
      ",Nobody,1,CF10\n"
      "BEN,Other,1,CF10\n"
      "cal,,1,CF10,,extra\n");
  EXPECT_EQ(rows.problems.size(), 6u) << Sentences(rows);
  ASSERT_EQ(rows.rows.size(), 1u);
  EXPECT_EQ(rows.rows[0].line, 3);
  EXPECT_THAT(
      Sentences(rows),
      HasSubstr("Line 5, column A (reference): found \"BEN\"; expected a reference of its own; line 2 has the same."));
  EXPECT_THAT(Sentences(rows),
              HasSubstr("Line 6, column F: found \"extra\"; expected no more cells than the 4 columns."));
}

TEST(MemberRow, SaysWhichColumnsItIgnoresAndWhatWasPerhapsMeant) {
  const MemberRows rows = Read("reference,name,langauges,shoe size\nben,Ben,Welsh,9\n");
  EXPECT_THAT(rows.notes, ElementsAre("Column C (langauges) is ignored. Perhaps \"languages\" was meant.",
                                      "Column D (shoe size) is ignored."));
}

TEST(MemberRow, NeedsAReferenceAndANameAndEachColumnOnce) {
  EXPECT_THAT(Sentences(Read("name\nBen\n")), HasSubstr("expected a column called reference."));
  EXPECT_THAT(Sentences(Read("reference,name,name\nben,Ben,Ben\n")), HasSubstr("expected each column only once."));
}

TEST(MemberRow, FindsTheColumnOfAFieldThatTheServerNames) {
  const CsvRow header{1, {"name", "reference", "travel_metres", "pledged"}};
  EXPECT_EQ(ColumnOfField("members[3].member.display_name", header).letter, "A");
  EXPECT_EQ(ColumnOfField("members[3].member.travel_metres", header).name, "travel_metres");
  EXPECT_EQ(ColumnOfField("members[3].pledged_date", header).letter, "D");
  EXPECT_EQ(ColumnOfField("members[3].member.offers[0].category", header).letter, "");
}

TEST(MemberRow, WritesWhatItReads) {
  const char* rows[] = {
      "ana,Ana F,person,,a@b,stroke-ward:current:2026-12-10; cardiac:former,shopping@home|phone (a \\(b\\) \\\\ "
      "c),visiting@ward!soon,"
      "CF10,2.5,Welsh; English,mon-am sat,woman,woman; "
      "man,ben,dbs:2027-03-01,2,0,2026-08-01,yes,2026-07-01,\"Two\nlines, \"\"quoted\"\"\"",
      "cafe,Cwtch Café,organisation,'+44 29,,,company,,CF11,0.123,English,any,,,,,,,,,,",
  };
  for (const char* row : rows) {
    const MemberRows read = Read(absl::StrCat(absl::StrJoin(MemberColumns(), ","), "\n", row, "\n"));
    ASSERT_EQ(read.rows.size(), 1u) << Sentences(read);
    const std::string written = FormatCsvRow(MemberColumns()) + FormatCsvRow(FormatMemberRow(read.rows[0].member));
    const MemberRows again = Read(written);
    ASSERT_EQ(again.rows.size(), 1u) << Sentences(again) << written;
    EXPECT_TRUE(MessageDifferencer::Equals(read.rows[0].member, again.rows[0].member)) << written;
  }
}

TEST(MemberRow, LetsAnyWordThroughWhenNobodyAskedTheScheme) {
  const MemberRows rows = Read("reference,name,offers,place\nben,Ben,juggling,Atlantis\n", Vocabulary());
  ASSERT_EQ(rows.rows.size(), 1u) << Sentences(rows);
  EXPECT_EQ(rows.rows[0].member.member().offers(0).category(), "juggling");
}

}  // namespace
}  // namespace turnabout::cli
