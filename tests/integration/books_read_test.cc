// Accounts as they were, and holds that are open.
#include <vector>

#include "tests/integration/books_support.h"

namespace turnabout {
namespace {

class BooksReadTest : public BooksTest {
 protected:
  BooksReadTest() {
    NewScheme("cardiff");
    NewScheme("leith");
    for (std::string* member : {&ana_, &ben_, &cara_}) *member = NewMember("cardiff");
  }

  std::string Movement(absl::string_view from, absl::string_view to, int64_t amount) const {
    return absl::StrCat("parent: 'schemes/cardiff' kind: KIND_GIFT from_account: '", AccountOf(from), "' to_account: '",
                        AccountOf(to), "' amount: ", amount, " ");
  }
  int64_t Give(absl::string_view from, absl::string_view to, int64_t amount) {
    return Must(Write(&turnabout::Books::PostEntry, Movement(from, to, amount))).entry().sequence();
  }
  v1::Entry Hold(absl::string_view from, absl::string_view to, int64_t amount, absl::string_view more = "") {
    return Must(Write(&turnabout::Books::HoldEntry, absl::StrCat(Movement(from, to, amount), more))).entry();
  }
  absl::StatusOr<v1::GetAccountResponse> TryAccount(absl::string_view owner, absl::string_view as_of) {
    return Read(&turnabout::Books::GetAccount, absl::StrCat("name: '", AccountOf(owner), "' ", as_of));
  }
  // "posted held_out held_in"
  std::string Had(absl::string_view owner, absl::string_view as_of) {
    const v1::Account account = Must(TryAccount(owner, as_of)).account();
    return absl::StrCat(account.posted(), " ", account.held_out(), " ", account.held_in());
  }
  std::vector<int64_t> Held(absl::string_view more) {
    std::vector<int64_t> amounts;
    const auto list = Must(Read(&turnabout::Books::ListHolds, absl::StrCat("parent: 'schemes/cardiff' ", more)));
    for (const v1::Entry& hold : list.holds()) amounts.push_back(hold.amount());
    return amounts;
  }
  std::string Time() const { return absl::StrCat("{ seconds: ", absl::ToUnixSeconds(clock_.Now()), " }"); }

  std::string ana_, ben_, cara_;
};

TEST_F(BooksReadTest, AnAccountIsAsItWasAtATimeAndAtASequence) {
  const std::string before = Time();
  clock_.Advance(absl::Hours(1));
  const int64_t first = Give(ana_, ben_, 10);
  const std::string then = Time();
  clock_.Advance(absl::Hours(1));
  Hold(ana_, ben_, 5);
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(Had(ana_, ""), "-10 5 0");
  EXPECT_EQ(Had(ana_, absl::StrCat("as_of_time ", Time())), "-10 5 0");
  EXPECT_EQ(Had(ana_, absl::StrCat("as_of_time ", then)), "-10 0 0");
  EXPECT_EQ(Had(ana_, absl::StrCat("as_of_time ", before)), "0 0 0");
  EXPECT_EQ(Had(ana_, absl::StrCat("as_of_sequence: ", first)), "-10 0 0");
  EXPECT_EQ(Had(ben_, absl::StrCat("as_of_sequence: ", first - 1)), "0 0 0");
  EXPECT_EQ(Had(ben_, "as_of_sequence: 0"), "0 0 0");
  EXPECT_TRUE(Must(TryAccount(ana_, "")).account().has_floor());
  EXPECT_FALSE(Must(TryAccount(ana_, absl::StrCat("as_of_time ", then))).account().has_floor());
}

TEST_F(BooksReadTest, WhatHasNotComeYetIsRefused) {
  EXPECT_EQ(ReasonIn(TryAccount(ana_, "as_of_sequence: 1000000").status()), "NOT_IN_JOURNAL");
  EXPECT_EQ(ReasonIn(TryAccount(ana_, "as_of_sequence: -1").status()), "BAD_FIELDS");
  EXPECT_EQ(ReasonIn(TryAccount(ana_, "as_of_time { seconds: 4000000000 }").status()), "BAD_FIELDS");
  EXPECT_EQ(ReasonIn(TryAccount(ana_, "as_of_time { seconds: -1 }").status()), "BAD_FIELDS");
  EXPECT_EQ(ReasonIn(TryAccount(ana_, "as_of_time { seconds: 1 nanos: -1 }").status()), "BAD_FIELDS");
}

TEST_F(BooksReadTest, EveryAccountAsItWasAddsUpToZero) {
  Give(ana_, ben_, 10);
  const int64_t then = Give(ben_, cara_, 25);
  Give(cara_, ana_, 7);
  const auto accounts =
      Must(Read(&turnabout::Books::ListAccounts,
                absl::StrCat("parent: 'schemes/cardiff' filter: 'unit = MINUTES' as_of_sequence: ", then)));
  int64_t sum = 0;
  int64_t cara = 0;
  for (const v1::Account& account : accounts.accounts()) {
    sum += account.posted();
    if (account.name() == AccountOf(cara_)) cara = account.posted();
  }
  EXPECT_EQ(sum, 0);
  EXPECT_EQ(cara, 25);
}

TEST_F(BooksReadTest, HoldsComeByTheirEndByAccountAndByPage) {
  Hold(ana_, ben_, 1);
  Hold(ana_, cara_, 2, "hold_for { seconds: 7200 }");
  Hold(ben_, cara_, 3, "hold_for { seconds: 3600 }");
  const v1::Entry voided = Hold(ana_, ben_, 4);
  Must(Write(&turnabout::Books::VoidHold, absl::StrCat("name: '", voided.name(), "'")));
  EXPECT_EQ(Held(""), (std::vector<int64_t>{3, 2, 1}));
  EXPECT_EQ(Held(absl::StrCat("account: '", AccountOf(ben_), "'")), (std::vector<int64_t>{3, 1}));
  const std::string before = absl::StrCat("{ seconds: ", absl::ToUnixSeconds(clock_.Now()) + 7200, " }");
  EXPECT_EQ(Held(absl::StrCat("expire_before_time ", before)), (std::vector<int64_t>{3}));
  std::vector<int64_t> paged;
  std::string token;
  do {
    const auto page = Must(Read(&turnabout::Books::ListHolds,
                                absl::StrCat("parent: 'schemes/cardiff' page_size: 1 page_token: '", token, "'")));
    ASSERT_EQ(page.holds_size(), 1);
    paged.push_back(page.holds(0).amount());
    token = page.next_page_token();
  } while (!token.empty());
  EXPECT_EQ(paged, (std::vector<int64_t>{3, 2, 1}));
  EXPECT_TRUE(Must(Read(&turnabout::Books::ListHolds, "parent: 'schemes/leith'")).holds().empty());
  const auto reason = [&](absl::string_view more) {
    return ReasonIn(Read(&turnabout::Books::ListHolds, absl::StrCat("parent: 'schemes/cardiff' ", more)).status());
  };
  EXPECT_EQ(reason("account: 'ana'"), "BAD_FIELDS");
  EXPECT_EQ(reason(absl::StrCat("account: '", AccountOf(ana_, "leith"), "'")), "OTHER_SCHEME");
  EXPECT_EQ(reason("account: 'schemes/cardiff/accounts/nobody.minutes'"), "ACCOUNT_NOT_FOUND");
  EXPECT_EQ(reason("page_token: 'AAAA'"), "BAD_PAGE_TOKEN");
}

}  // namespace
}  // namespace turnabout
