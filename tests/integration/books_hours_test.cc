// Reports of help, and what they must not tell.
#include <map>
#include <vector>

#include "base/seed.h"
#include "server/app/books_suppression.h"
#include "tests/integration/books_support.h"

namespace turnabout {
namespace {

class HoursTest : public BooksTest {
 protected:
  HoursTest() {
    NewScheme("cardiff");
    Must(Send(*schemes_, &Schemes::ImportPlaces,
              Parse<v1::ImportPlacesRequest>("parent: 'schemes/cardiff' places { code: 'CF10' } places { code: 'CF24' "
                                             "latitude_microdegrees: 51480000 }")));
    for (int i = 0; i < 12; ++i) people_.push_back(NewMember("cardiff", i % 2 == 0 ? "CF10" : "CF24"));
  }

  // The name of the entry.
  std::string Help(size_t giver, size_t receiver, int64_t minutes, absl::string_view category, absl::string_view day) {
    const auto batch =
        Must(Write(&turnabout::Books::BatchWriteEntries,
                   absl::StrCat("parent: 'schemes/cardiff' items { kind: KIND_ACTIVITY from_account: '",
                                AccountOf(people_[receiver]), "' to_account: '", AccountOf(people_[giver]),
                                "' amount: ", minutes, " category: '", category, "' happened_on_date: '", day, "' }")));
    EXPECT_EQ(batch.written_count(), 1) << batch.ShortDebugString();
    return batch.results(0).entry().name();
  }
  absl::StatusOr<v1::SummariseHoursResponse> Try(absl::string_view text) {
    return Read(&turnabout::Books::SummariseHours, absl::StrCat("parent: 'schemes/cardiff' ", text));
  }
  // "key minutes entries people", or "key -" where it is suppressed; the total last.
  std::vector<std::string> Hours(absl::string_view text) {
    const auto report = Must(Try(text));
    std::vector<std::string> lines;
    const auto add = [&](absl::string_view key, const v1::HoursCell& cell) {
      lines.push_back(cell.suppressed()
                          ? absl::StrCat(key, " -")
                          : absl::StrCat(key, " ", cell.minutes(), " ", cell.entry_count(), " ", cell.people_count()));
    };
    for (const v1::HoursCell& cell : report.cells()) add(cell.key(), cell);
    add("all", report.total());
    return lines;
  }

  std::vector<std::string> people_;
};

TEST_F(HoursTest, AddsUpByCategoryMonthAndPlaceWithoutWhatWasReversed) {
  Help(0, 1, 30, "shopping", "2026-02-10");
  Help(2, 3, 20, "gardening", "2026-02-20");
  Help(4, 1, 10, "shopping", "2026-03-01");
  const std::string wrong = Help(5, 6, 500, "pets", "2026-02-20");
  Must(Write(&turnabout::Books::ReverseEntry, absl::StrCat("name: '", wrong, "' reason: 'not so'")));
  const std::string all = " show_small_counts: true actor: 'coordinators/cara'";
  using Lines = std::vector<std::string>;
  EXPECT_EQ(Hours("group_by: GROUP_BY_CATEGORY" + all), (Lines{"shopping 40 2 3", "gardening 20 1 2", "all 60 3 5"}));
  EXPECT_EQ(Hours("group_by: GROUP_BY_MONTH" + all), (Lines{"2026-02 50 2 4", "2026-03 10 1 2", "all 60 3 5"}));
  EXPECT_EQ(Hours("group_by: GROUP_BY_GIVER_PLACE" + all), (Lines{"CF10 60 3 5", "all 60 3 5"}));
  EXPECT_EQ(Hours("group_by: GROUP_BY_RECEIVER_PLACE" + all), (Lines{"CF24 60 3 5", "all 60 3 5"}));
  EXPECT_EQ(Hours("group_by: GROUP_BY_MONTH start_date: '2026-02-20' end_date: '2026-03-01'" + all),
            (Lines{"2026-02 20 1 2", "all 20 1 2"}));
  const auto pairs = Must(Try("group_by: GROUP_BY_PAIR page_size: 2" + all));
  ASSERT_EQ(pairs.cells_size(), 2);
  EXPECT_EQ(pairs.cells(0).giver(), "schemes/cardiff/members/" + people_[0]);
  EXPECT_EQ(pairs.cells(0).receiver(), "schemes/cardiff/members/" + people_[1]);
  const auto rest =
      Must(Try(absl::StrCat("group_by: GROUP_BY_PAIR page_size: 2 page_token: '", pairs.next_page_token(), "'", all)));
  EXPECT_EQ(rest.cells_size(), 1);
  EXPECT_EQ(rest.cells(0).minutes(), 10);
  EXPECT_EQ(rest.total().minutes(), 60);
  EXPECT_EQ(rest.next_page_token(), "");
}

TEST_F(HoursTest, SmallCountsAreSuppressedAndCannotBeWorkedOut) {
  using Lines = std::vector<std::string>;
  for (size_t i = 0; i < 5; ++i) Help(i, i + 5, 10, "shopping", "2026-02-10");
  for (size_t i = 0; i < 3; ++i) Help(i, i + 5, 10, "gardening", "2026-02-10");
  EXPECT_EQ(Hours("group_by: GROUP_BY_CATEGORY"), (Lines{"shopping 50 5 10", "gardening 30 3 6", "all 80 8 10"}));
  Help(10, 11, 15, "pets", "2026-02-10");
  // Pets alone would be the total less the others: the smaller of the others goes too.
  EXPECT_EQ(Hours("group_by: GROUP_BY_CATEGORY"), (Lines{"shopping 50 5 10", "gardening -", "pets -", "all 95 9 12"}));
  EXPECT_EQ(Hours("group_by: GROUP_BY_CATEGORY start_date: '2026-03-01'"), (Lines{"all 0 0 0"}));
  Help(0, 1, 5, "lifts", "2026-03-01");
  EXPECT_EQ(Hours("group_by: GROUP_BY_CATEGORY start_date: '2026-03-01'"), (Lines{"lifts -", "all -"}));
}

TEST_F(HoursTest, OnlyACoordinatorSeesSmallCounts) {
  const auto reason = [&](absl::string_view text) { return ReasonIn(Try(text).status()); };
  EXPECT_EQ(reason(""), "BAD_FIELDS");
  EXPECT_EQ(reason("group_by: GROUP_BY_PAIR"), "BAD_FIELDS");
  EXPECT_EQ(reason("group_by: GROUP_BY_PAIR show_small_counts: true"), "BAD_FIELDS");
  EXPECT_EQ(reason(absl::StrCat("group_by: GROUP_BY_MONTH show_small_counts: true actor: 'schemes/cardiff/members/",
                                people_[0], "'")),
            "BAD_FIELDS");
  EXPECT_EQ(reason("group_by: GROUP_BY_MONTH start_date: 'March'"), "BAD_FIELDS");
  EXPECT_EQ(reason("group_by: GROUP_BY_MONTH page_token: 'AAAA'"), "BAD_PAGE_TOKEN");
}

// Whatever the parts, what a reader gets by subtraction covers two parts and five people, or nothing.
TEST(SuppressionTest, WhatIsHiddenIsNeverOnePartOrFewPeople) {
  Random random(Seed{5});
  for (int round = 0; round < 2000; ++round) {
    std::vector<HoursPart> parts(1 + random.Below(6));
    std::vector<HoursPart*> all;
    for (HoursPart& part : parts) {
      for (uint64_t people = random.Below(9); people > 0; --people) {
        part.people.insert(SchemeOwner(static_cast<uint8_t>(random.Below(30))));
      }
      all.push_back(&part);
    }
    const bool no_total = SuppressSmall(all);
    absl::flat_hash_set<OwnerId> hidden;
    size_t count = 0;
    for (const HoursPart& part : parts) {
      ASSERT_TRUE(part.suppressed || part.people.size() >= kPeopleMin);
      if (part.suppressed) hidden.insert(part.people.begin(), part.people.end());
      count += part.suppressed ? 1 : 0;
    }
    ASSERT_EQ(no_total, count > 0 && (count < 2 || hidden.size() < kPeopleMin));
    ASSERT_TRUE(!no_total || count == parts.size());
  }
}

}  // namespace
}  // namespace turnabout
