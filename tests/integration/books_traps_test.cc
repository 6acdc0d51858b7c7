// Mistakes that ledgers are known to make with requests that are sent twice, each as a test under its own name.
#include <functional>
#include <set>
#include <thread>
#include <vector>

#include "tests/integration/books_support.h"
#include "tests/support/seed.h"

namespace turnabout {
namespace {

class TrapsTest : public BooksTest {
 protected:
  TrapsTest() {
    NewScheme("cardiff", "credit { overdraft_minutes_max: 100000 }");
    ana_ = NewMember("cardiff");
    ben_ = NewMember("cardiff");
  }

  std::string Gift(int64_t amount, absl::string_view request_id) const {
    return absl::StrCat("parent: 'schemes/cardiff' kind: KIND_GIFT amount: ", amount, " from_account: '",
                        AccountOf(ana_), "' to_account: '", AccountOf(ben_), "' request_id: '", request_id, "'");
  }
  int64_t Entries() const { return book_->FindScheme(1, Layer::kDurable).entries; }

  std::string ana_;
  std::string ben_;
};

// What a write did: the text of its answer without the revision, or the reason for which it was refused.
template <typename Response>
std::string TextOf(absl::StatusOr<Response> answer) {
  if (!answer.ok()) return ReasonIn(answer.status());
  answer->clear_revision();
  return answer->ShortDebugString();
}

// The mistake: that a request was carried out is kept apart from what it did, and a crash falls between the two. Then
// it is carried out twice, or never and reported as done. Here the crash comes at every write of every kind, before it
// reached the disk and after it did and nobody was told.
TEST_F(TrapsTest, ACrashAtAnyWriteLeavesARequestDoneAndRememberedOrNeither) {
  std::vector<std::string> gifts, holds;
  for (int i = 0; i < 4; ++i) {
    gifts.push_back(Must(Write(&turnabout::Books::PostEntry, Gift(50, absl::StrCat("g", i)))).entry().name());
    holds.push_back(Must(Write(&turnabout::Books::HoldEntry, Gift(30, absl::StrCat("h", i)))).entry().name());
  }
  const auto about = [](const std::string& name, const std::string& id) {
    return absl::StrCat("name: '", name, "' request_id: '", id, "' ");
  };
  // Each is done twice, to things of its own.
  using Act = std::function<std::string(int time, const std::string& id)>;
  const std::vector<Act> acts = {
      [&](int, const std::string& id) { return TextOf(Write(&turnabout::Books::PostEntry, Gift(10, id))); },
      [&](int, const std::string& id) { return TextOf(Write(&turnabout::Books::HoldEntry, Gift(20, id))); },
      [&](int time, const std::string& id) {
        return TextOf(Write(&turnabout::Books::PostHold, about(holds[time], id) + "amount: 7"));
      },
      [&](int time, const std::string& id) {
        return TextOf(Write(&turnabout::Books::VoidHold, about(holds[2 + time], id)));
      },
      [&](int time, const std::string& id) {
        return TextOf(Write(&turnabout::Books::ReverseEntry, about(gifts[time], id) + "reason: 'mistaken'"));
      },
  };
  for (size_t act = 0; act < acts.size(); ++act) {
    for (const int reached_the_disk : {0, 1}) {
      const std::string id = absl::StrCat("request-", act, "-", reached_the_disk);
      const int64_t before = Entries();
      script_->before_append = [&](const Block& block) {
        EXPECT_TRUE(reached_the_disk == 0 || script_->inner->Append(block).ok());
        return Refuse(Reason::kJournalUnavailable, {{"verb", "written"}, {"problem", "the machine stopped"}});
      };
      EXPECT_EQ(acts[act](reached_the_disk, id), "JOURNAL_UNAVAILABLE");
      script_->before_append = nullptr;
      Open();
      EXPECT_EQ(Entries(), before + reached_the_disk) << id;
      const std::string first = acts[act](reached_the_disk, id);
      EXPECT_NE(first.find("entry"), std::string::npos) << id << first;
      EXPECT_EQ(Entries(), before + 1) << id << " was carried out twice";
      Open();
      EXPECT_EQ(acts[act](reached_the_disk, id), first) << "another answer to the same request";
      EXPECT_EQ(Entries(), before + 1) << id;
    }
  }
}

// The mistake: two copies of one request arrive at once, both find no trace of the other, and both are carried out.
TEST_F(TrapsTest, OfManyCopiesOfOneRequestAtOnceOneIsCarriedOutAndAllGetItsAnswer) {
  constexpr int kCopies = 6;
  for (int round = 0; round < (IsFullRun() ? 1000 : 40); ++round) {
    const int64_t before = Entries();
    const std::string text = Gift(10, absl::StrCat("copied-", round));
    std::vector<std::string> answers(kCopies);
    std::vector<std::thread> threads;
    for (std::string& answer : answers) {
      threads.emplace_back([&] { answer = TextOf(Write(&turnabout::Books::PostEntry, text)); });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(std::set<std::string>(answers.begin(), answers.end()).size(), 1u);
    EXPECT_EQ(Entries(), before + 1);
  }
}

// The mistake: a request id that was used for something else gets that answer, as if it had been done.
TEST_F(TrapsTest, OfManyWhoUseOneRequestIdForOtherThingsAtOnceOneIsCarriedOut) {
  constexpr int kOthers = 6;
  for (int round = 0; round < (IsFullRun() ? 1000 : 40); ++round) {
    const int64_t before = Entries();
    std::vector<std::string> answers(kOthers);
    std::vector<std::thread> threads;
    for (int i = 0; i < kOthers; ++i) {
      threads.emplace_back([&, i] {
        answers[i] = TextOf(Write(&turnabout::Books::PostEntry, Gift(10 + i, absl::StrCat("used-", round))));
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(std::count(answers.begin(), answers.end(), "REQUEST_ID_REUSED"), kOthers - 1);
    EXPECT_EQ(Entries(), before + 1);
  }
}

// The mistake: a refusal is remembered, and the request stays refused when it would be right; or it is not, and what
// the caller gave up on is carried out behind their back. Here a refusal leaves nothing: the same id may be tried
// again.
TEST_F(TrapsTest, ARefusedRequestIsNotRemembered) {
  const std::string text = Gift(100'001, "large");
  EXPECT_EQ(ReasonIn(Write(&turnabout::Books::PostEntry, text).status()), "CREDIT_LIMIT_REACHED");
  Open();
  EXPECT_EQ(Entries(), 0);
  EXPECT_EQ(ReasonIn(Write(&turnabout::Books::PostEntry, Gift(10, "large")).status()), "OK");
  EXPECT_EQ(Entries(), 1);
}

}  // namespace
}  // namespace turnabout
