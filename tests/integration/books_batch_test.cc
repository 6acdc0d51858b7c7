// Many movements in one call: each answered for itself, groups together, nothing twice.
#include <algorithm>
#include <vector>

#include "tests/integration/books_support.h"

namespace turnabout {
namespace {

class BatchTest : public BooksTest {
 protected:
  BatchTest() {
    NewScheme("cardiff");
    for (std::string* member : {&ana_, &ben_, &cara_}) *member = NewMember("cardiff");
  }

  std::string Item(absl::string_view kind, absl::string_view from, absl::string_view to, int64_t amount,
                   absl::string_view more = "") const {
    return absl::StrCat("items { kind: KIND_", kind, " from_account: '", AccountOf(from), "' to_account: '",
                        AccountOf(to), "' amount: ", amount, " ", more, " }\n");
  }
  absl::StatusOr<v1::BatchWriteEntriesResponse> TryBatch(absl::string_view text) {
    return Write(&turnabout::Books::BatchWriteEntries, absl::StrCat("parent: 'schemes/cardiff' ", text));
  }
  v1::BatchWriteEntriesResponse Batch(absl::string_view text) { return Must(TryBatch(text)); }

  std::string ana_, ben_, cara_;
};

TEST_F(BatchTest, EveryItemIsAnsweredInOrderAndARefusedOneStopsNoOther) {
  const auto batch = Batch(Item("OPENING", "opening", ana_, 100) + Item("DONATION", ana_, "pot", 300) +
                           Item("DONATION", ana_, "pot", 9000) + Item("GRANT", "pot", ben_, 200, "note: 'for lunch'") +
                           Item("GIFT", ben_, ben_, 5) + Item("EXCHANGE", ana_, ben_, 5) +
                           Item("GIFT", ben_, cara_, 5, "category: 'flying'") + Item("GIFT", ben_, "nobody", 5) +
                           Item("EXPIRY", ben_, "expiry", 1));
  std::vector<std::string> outcomes;
  for (const v1::BatchItemResult& result : batch.results()) {
    outcomes.push_back(result.has_entry() ? absl::StrCat(result.entry().amount()) : result.refusal().reason());
  }
  EXPECT_EQ(outcomes, (std::vector<std::string>{"100", "300", "CREDIT_LIMIT_REACHED", "200", "SAME_ACCOUNT",
                                                "BAD_FIELDS", "UNKNOWN_CATEGORY", "ACCOUNT_NOT_FOUND", "1"}));
  EXPECT_EQ(batch.written_count(), 4);
  EXPECT_EQ(batch.refused_count(), 5);
  EXPECT_EQ(batch.results(2).refusal().code(), static_cast<int>(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(batch.results(2).refusal().metadata().at("limit"), "-600");
  EXPECT_FALSE(batch.results(2).has_because_of_item());
  EXPECT_EQ(BalanceOf(ana_), -200);
  EXPECT_EQ(BalanceOf(ben_), 199);
  const auto grant =
      Must(Read(&turnabout::Books::GetEntry, absl::StrCat("name: '", batch.results(3).entry().name(), "'")));
  EXPECT_EQ(grant.entry().note(), "for lunch");
}

TEST_F(BatchTest, AGroupStandsOrFallsTogetherAndIsJudgedByWhatItComesTo) {
  // Ben cannot pay 700 alone; together with what he gets he can.
  const auto stands = Batch(Item("ACTIVITY", ben_, cara_, 700, "group: 1 category: 'company'") +
                            Item("ACTIVITY", ana_, ben_, 300, "group: 1 happened_on_date: '2026-03-01'"));
  EXPECT_EQ(stands.written_count(), 2);
  EXPECT_EQ(stands.results(1).entry().happened_on_date(), "2026-03-01");
  const auto falls = Batch(Item("GIFT", cara_, ana_, 10, "group: 7") + Item("GIFT", cara_, ben_, 1, "group: 8") +
                           Item("GIFT", ana_, ben_, 1000, "group: 7") + Item("GIFT", cara_, ben_, 2));
  EXPECT_EQ(falls.written_count(), 2);
  EXPECT_EQ(falls.results(2).refusal().reason(), "CREDIT_LIMIT_REACHED");
  EXPECT_FALSE(falls.results(2).has_because_of_item());
  EXPECT_EQ(falls.results(0).refusal().reason(), "CREDIT_LIMIT_REACHED");
  EXPECT_EQ(falls.results(0).because_of_item(), 2);
  EXPECT_EQ(BalanceOf(cara_), 697);
}

TEST_F(BatchTest, ARepeatGivesTheFirstEntryWhereverItComes) {
  const std::string text = Item("GIFT", ana_, ben_, 10, "request_id: 'a'") +
                           Item("GIFT", ana_, ben_, 10, "request_id: 'a'") +
                           Item("GIFT", ana_, ben_, 9000, "request_id: 'b'") + Item("GIFT", ana_, ben_, 20);
  const auto first = Batch("request_id: 'call' " + text);
  EXPECT_EQ(first.written_count(), 2);
  EXPECT_EQ(first.repeated_count(), 1);
  EXPECT_EQ(first.results(1).entry().name(), first.results(0).entry().name());
  Open();
  const auto again = Batch("request_id: 'call' " + text);
  EXPECT_EQ(again.written_count(), 0);
  EXPECT_EQ(again.repeated_count(), 3);
  EXPECT_EQ(again.results(3).entry().name(), first.results(3).entry().name());
  EXPECT_EQ(again.results(2).refusal().reason(), "CREDIT_LIMIT_REACHED");
  const auto grouped = Batch(Item("GIFT", ana_, ben_, 10, "request_id: 'a' group: 3") +
                             Item("GIFT", ana_, cara_, 1, "request_id: 'c' group: 3") +
                             Item("GIFT", ana_, cara_, 1, "request_id: 'c' group: 3"));
  EXPECT_EQ(grouped.repeated_count(), 2);
  EXPECT_EQ(grouped.results(1).entry().name(), grouped.results(2).entry().name());
  const auto other = Batch(Item("GIFT", ana_, ben_, 11, "request_id: 'a'"));
  EXPECT_EQ(other.results(0).refusal().reason(), "REQUEST_ID_REUSED");
  EXPECT_EQ(other.results(0).refusal().metadata().at("fields"), "amount");
  EXPECT_EQ(BalanceOf(ana_), -31);
}

// `march/1` is the item at place 1 of the call `march`, however it is asked for.
TEST_F(BatchTest, AnItemIsTheSameByItsPlaceAndByItsName) {
  const std::string one = Item("GIFT", ana_, ben_, 1);
  const std::string two = Item("GIFT", ana_, ben_, 2);
  const std::string much = Item("GIFT", ana_, ben_, 9000);
  const auto outcomes = [&](absl::string_view text) {
    std::vector<std::string> all;
    const v1::BatchWriteEntriesResponse batch = Batch(text);
    for (const v1::BatchItemResult& result : batch.results()) {
      all.push_back(result.has_refusal() ? result.refusal().reason()
                                         : absl::StrCat(result.repeated() ? "again " : "", result.entry().number()));
    }
    return all;
  };
  using All = std::vector<std::string>;
  const auto named = [&](absl::string_view id, int64_t amount) {
    return Item("GIFT", ana_, ben_, amount, absl::StrCat("request_id: '", id, "'"));
  };
  EXPECT_EQ(outcomes("request_id: 'march' " + one + two + much), (All{"1", "2", "CREDIT_LIMIT_REACHED"}));
  Open();
  // A longer call of the same name writes what is new, and remembers that too.
  for (const std::string again : {"", "again "}) {
    EXPECT_EQ(outcomes("request_id: 'march' " + one + two + much + one),
              (All{"again 1", "again 2", "CREDIT_LIMIT_REACHED", again + "3"}));
  }
  EXPECT_EQ(outcomes("request_id: 'march' " + one + one), (All{"again 1", "REQUEST_ID_REUSED"}));
  EXPECT_EQ(outcomes(named("march/1", 2) + named("march/1", 1) + named("march/3", 1)),
            (All{"again 2", "REQUEST_ID_REUSED", "again 3"}));
  EXPECT_EQ(outcomes(named("march/01", 2) + named("march/", 2) + named("/1", 2) + named("march/-1", 2)),
            (All{"4", "5", "6", "7"}));
  // The other way round, and both in one call.
  EXPECT_EQ(outcomes(named("may/0", 1)), (All{"8"}));
  EXPECT_EQ(outcomes("request_id: 'may' " + one + two), (All{"again 8", "9"}));
  EXPECT_EQ(outcomes("request_id: 'june' " + one + named("june/0", 1) + named("june/3", 2) + two),
            (All{"10", "again 10", "11", "again 11"}));
  EXPECT_EQ(outcomes("request_id: 'june' " + one + named("june/0", 1) + named("june/3", 2) + two),
            (All{"again 10", "again 10", "again 11", "again 11"}));
  EXPECT_EQ(outcomes("validate_only: true request_id: 'july' " + one), (All{"12"}));
  EXPECT_EQ(outcomes("request_id: 'july' " + one), (All{"12"}));
}

TEST_F(BatchTest, HoldsAreHeldAndADryRunWritesNothing) {
  const std::string text = Item("GIFT", ana_, ben_, 10, "held: true hold_for { seconds: 60 }") +
                           Item("GIFT", ana_, ben_, 10, "held: true group: 1") +
                           Item("OPENING", "opening", ben_, 10, "held: true") +
                           Item("GIFT", ana_, ben_, 10, "hold_for { seconds: 60 }");
  const uint64_t before = store_->revision();
  EXPECT_EQ(Batch("validate_only: true " + text).written_count(), 1);
  EXPECT_EQ(store_->revision(), before);
  const auto batch = Batch(text);
  EXPECT_EQ(batch.results(0).entry().state(), v1::Entry::STATE_HELD);
  EXPECT_EQ(batch.refused_count(), 3);
  EXPECT_EQ(BalanceOf(ana_), 0);
}

TEST_F(BatchTest, TheWholeCallIsRefusedForWhatIsWrongWithAllOfIt) {
  EXPECT_EQ(ReasonIn(TryBatch("").status()), "BAD_FIELDS");
  const std::string item = Item("GIFT", ana_, ben_, 1);
  EXPECT_EQ(ReasonIn(TryBatch(item + "actor: 'somebody'").status()), "BAD_FIELDS");
  EXPECT_EQ(ReasonIn(Write(&turnabout::Books::BatchWriteEntries, "parent: 'schemes/leith' " + item).status()),
            "SCHEME_NOT_FOUND");
  std::string many;
  for (int i = 0; i < 8191; ++i) many += item;
  EXPECT_EQ(ReasonIn(TryBatch(many).status()), "BAD_FIELDS");
}

TEST_F(BatchTest, AsManyAsThereMayBeGoIntoOneBlock) {
  NewScheme("leith", "credit { overdraft_minutes_max: 1000000 balance_minutes_max: 1000000 }");
  const std::string zoe = AccountOf(NewMember("leith"), "leith");
  const std::string yan = AccountOf(NewMember("leith"), "leith");
  v1::BatchWriteEntriesRequest request;
  request.set_parent("schemes/leith");
  request.set_request_id("import");
  for (int i = 0; i < 8190; ++i) {
    v1::BatchItem& item = *request.add_items();
    item.set_kind(v1::Entry::KIND_ACTIVITY);
    item.set_from_account(i % 2 == 0 ? zoe : yan);
    item.set_to_account(i % 2 == 0 ? yan : zoe);
    item.set_amount(1 + i);
    item.set_note("a session");
    item.set_group(i < 200 ? 1 : 0);
  }
  const uint64_t blocks = store_->head().number;
  const absl::Time start = SystemClock().Now();
  const auto batch = Must(Send(*books_, &turnabout::Books::BatchWriteEntries, request));
  RecordProperty("milliseconds", static_cast<int>(absl::ToInt64Milliseconds(SystemClock().Now() - start)));
  RecordProperty("answer_bytes", static_cast<int>(batch.ByteSizeLong()));
  EXPECT_EQ(batch.written_count(), 8190);
  EXPECT_EQ(store_->head().number, blocks + 1);
  for (int i = 0; i < 8190; ++i) ASSERT_EQ(batch.results(i).entry().amount(), 1 + i);
  EXPECT_EQ(Must(Send(*books_, &turnabout::Books::BatchWriteEntries, request)).repeated_count(), 8190);
}

}  // namespace
}  // namespace turnabout
