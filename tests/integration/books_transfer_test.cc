// Minutes that cross from one scheme to another.
#include "tests/integration/books_support.h"

namespace turnabout {
namespace {

class TransferTest : public BooksTest {
 protected:
  TransferTest() {
    NewScheme("cardiff", "credit { clearing_balance_minutes_max: 100 }");
    NewScheme("leith", "credit { clearing_overdraft_minutes_max: 70 clearing_balance_minutes_max: 30 }");
    NewScheme("home");
    ana_ = NewMember("cardiff");
    zoe_ = NewMember("leith");
    hal_ = NewMember("home");
  }

  absl::StatusOr<v1::TransferBetweenSchemesResponse> Try(absl::string_view from, absl::string_view to, int64_t amount,
                                                         absl::string_view more = "") {
    return Write(&turnabout::Books::TransferBetweenSchemes,
                 absl::StrCat("from_account: '", from, "' to_account: '", to, "' amount: ", amount, " ", more));
  }
  std::string ReasonFor(absl::string_view from, absl::string_view to, int64_t amount) {
    return ReasonIn(Try(from, to, amount).status());
  }
  int64_t SumOf(absl::string_view slug) {
    const std::string name = absl::StrCat("name: 'schemes/", slug, "'");
    return Must(Read(&turnabout::Books::GetTrialBalance, name)).sum_minutes();
  }

  std::string ana_, zoe_, hal_;
};

TEST_F(TransferTest, MovesInBothSchemesAndEachStillSumsToZero) {
  const std::string more = "note: 'a lift to the ward' actor: 'coordinators/cara' request_id: 'r'";
  Must(Try(AccountOf(ana_), AccountOf(zoe_, "leith"), 60, "validate_only: true"));
  EXPECT_EQ(BalanceOf(ana_), 0);
  const auto moved = Must(Try(AccountOf(ana_), AccountOf(zoe_, "leith"), 60, more));
  EXPECT_EQ(moved.from_entry().to_account(), AccountOf("clearing"));
  EXPECT_EQ(moved.to_entry().from_account(), AccountOf("clearing", "leith"));
  EXPECT_EQ(moved.from_entry().kind(), v1::Entry::KIND_INTER_SCHEME);
  EXPECT_EQ(moved.from_entry().counterpart(), moved.to_entry().name());
  EXPECT_EQ(moved.to_entry().counterpart(), moved.from_entry().name());
  EXPECT_EQ(moved.to_entry().note(), "a lift to the ward");
  EXPECT_EQ(moved.to_entry().subject(), "");
  EXPECT_EQ(BalanceOf(ana_), -60);
  EXPECT_EQ(BalanceOf("clearing"), 60);
  EXPECT_EQ(BalanceOf("clearing", "leith"), -60);
  EXPECT_EQ(BalanceOf(zoe_, "leith"), 60);
  EXPECT_EQ(SumOf("cardiff"), 0);
  EXPECT_EQ(SumOf("leith"), 0);
  const auto again = Must(Try(AccountOf(ana_), AccountOf(zoe_, "leith"), 60, more));
  EXPECT_EQ(again.to_entry().name(), moved.to_entry().name());
  EXPECT_EQ(BalanceOf(ana_), -60);
}

TEST_F(TransferTest, EachSchemeLimitsWhatCrossesAndNothingIsLeftOfARefusal) {
  const std::string ana = AccountOf(ana_);
  const std::string zoe = AccountOf(zoe_, "leith");
  const uint64_t before = store_->revision();
  EXPECT_EQ(ReasonFor(ana, zoe, 71), "CREDIT_LIMIT_REACHED");                     // of Leith's clearing
  EXPECT_EQ(ReasonFor(ana, zoe, 101), "CEILING_REACHED");                         // of Cardiff's clearing
  EXPECT_EQ(ReasonFor(ana, zoe, 601), "CREDIT_LIMIT_REACHED");                    // Ana's own
  EXPECT_EQ(ReasonFor(zoe, ana, 1), "CREDIT_LIMIT_REACHED");                      // nothing went out of Cardiff yet
  EXPECT_EQ(ReasonFor(ana, AccountOf(hal_, "home"), 1), "CREDIT_LIMIT_REACHED");  // takes no part
  EXPECT_EQ(ReasonFor(AccountOf(hal_, "home"), zoe, 1), "CEILING_REACHED");
  EXPECT_EQ(ReasonFor(ana, zoe, 0), "AMOUNT_NOT_POSITIVE");
  EXPECT_EQ(ReasonFor(ana, ana, 1), "BAD_FIELDS");
  EXPECT_EQ(ReasonFor(AccountOf("pot"), zoe, 1), "BAD_FIELDS");
  EXPECT_EQ(ReasonFor(ana, AccountOf(ana_, "leith"), 1), "ACCOUNT_NOT_FOUND");
  EXPECT_EQ(ReasonFor(ana, AccountOf(zoe_, "nowhere"), 1), "SCHEME_NOT_FOUND");
  EXPECT_EQ(store_->revision(), before);
  Must(Try(ana, zoe, 70));
  Must(Try(zoe, ana, 70));  // what went out may come back
  EXPECT_EQ(ReasonFor(zoe, ana, 1), "CREDIT_LIMIT_REACHED");
  EXPECT_EQ(BalanceOf("clearing"), 0);
}

TEST_F(TransferTest, ReversingOneHalfReversesBoth) {
  const auto moved = Must(Try(AccountOf(ana_), AccountOf(zoe_, "leith"), 60));
  const auto reverse = [&](const std::string& name) {
    return Write(&turnabout::Books::ReverseEntry, absl::StrCat("name: '", name, "' reason: 'logged twice'"));
  };
  const auto reversed = Must(reverse(moved.to_entry().name()));
  EXPECT_EQ(reversed.entry().reverses(), moved.to_entry().name());
  EXPECT_EQ(reversed.entry().subject(), "");
  for (const int64_t balance : {BalanceOf(ana_), BalanceOf("clearing"), BalanceOf(zoe_, "leith")}) {
    EXPECT_EQ(balance, 0);
  }
  EXPECT_EQ(ReasonIn(reverse(moved.from_entry().name()).status()), "ALREADY_REVERSED");
}

}  // namespace
}  // namespace turnabout
