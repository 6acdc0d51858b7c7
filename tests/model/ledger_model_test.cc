// The ledger against the auditor: random operations, every answer foretold, every figure compared after every step.
//
//   TURNABOUT_SEED=7 ledger_model_test    one seed again
//   TURNABOUT_FULL=1 ledger_model_test    a million steps
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/seed.h"
#include "tests/model/auditor.h"
#include "tests/support/books.h"
#include "tests/support/seed.h"
#include "tests/support/temporary_folder.h"

namespace turnabout {
namespace {

constexpr uint64_t kPeople = 6;
constexpr size_t kOpenHoldsMost = 60;

class Model {
 public:
  // With a folder for a shelf, what is durable leaves memory as soon as it can.
  Model(Seed seed, const std::string& shelf_folder) : random_(seed), books_(NewMemoryJournal(), shelf_folder) {
    for (uint64_t i = 0; i < kPeople; ++i) owners_.push_back(books_.ids.Next<MemberId>().bytes());
    owners_.push_back(kPot);
    Draw();
  }

  // One random operation, foretold and compared. False once something differs.
  bool Step(int64_t steps_until_reopen) {
    using Operation = std::string (Model::*)();
    constexpr std::array<Operation, kOperations> operations = {
        &Model::SetLimits, &Model::Post,    &Model::Hold,    &Model::PostPart,   &Model::PostWhole, &Model::Void,
        &Model::Lapse,     &Model::Reverse, &Model::DropAll, &Model::FailToSync, &Model::DryRun};
    before_ = auditor_.All();
    may_pass_limits_ = false;
    size_t next = Pick();
    if (auditor_.OpenHolds() > kOpenHoldsMost) next = 5;
    what_ = (this->*operations[next])();
    if (steps_until_reopen == 0) {
      books_.ExpectSound();
      books_.Reopen();
    }
    Compare();
    return !testing::Test::HasFailure();
  }

  // A new mix: each operation left out, rare or common.
  void Draw() {
    for (uint64_t& weight : weights_) weight = std::array<uint64_t, 4>{0, 1, 4, 12}[random_.Below(4)];
    weights_[1] += 1;
  }

  const std::string& what() const { return what_; }
  void ExpectSound() const { books_.ExpectSound(); }
  const std::map<std::string, int>& answers() const { return answers_; }

 private:
  static constexpr size_t kOperations = 11;

  size_t Pick() {
    uint64_t sum = 0;
    for (const uint64_t weight : weights_) sum += weight;
    uint64_t at = random_.Below(sum);
    for (size_t i = 0;; ++i) {
      if (at < weights_[i]) return i;
      at -= weights_[i];
    }
  }

  static std::string NameOfAccount(const AccountKey& key) {
    return absl::StrCat(key.scheme, key.unit == Unit::kTurns ? "/turns/" : "/minutes/", IdBytesToText(key.owner));
  }
  static Auditor::Line LineOf(const Draft& draft) {
    return {draft.id.ToString(), NameOfAccount({draft.scheme, draft.unit, draft.from}),
            NameOfAccount({draft.scheme, draft.unit, draft.to}), draft.amount, draft.overridden};
  }
  static std::vector<Auditor::Line> LinesOf(const std::vector<Draft>& drafts) {
    std::vector<Auditor::Line> lines;
    for (const Draft& draft : drafts) lines.push_back(LineOf(draft));
    return lines;
  }
  static std::string AnswerOf(const absl::Status& status) {
    const std::optional<Refusal> refusal = RefusalOf(status);
    if (refusal.has_value()) return std::string(InfoOf(refusal->reason).name);
    return status.ok() ? "" : status.ToString();
  }

  // The ledger must answer as foretold; true when that is yes.
  bool Agrees(const std::string& foretold, const absl::Status& status) {
    EXPECT_EQ(AnswerOf(status), foretold);
    ++answers_[foretold];
    return foretold.empty() && status.ok();
  }

  AccountKey RandomAccount() {
    return {static_cast<uint32_t>(random_.Between(1, 2)), random_.OneIn(1, 2) ? Unit::kMinutes : Unit::kTurns,
            owners_[random_.Below(owners_.size())]};
  }
  int64_t RandomAmount(Unit unit) {
    if (random_.OneIn(1, 40)) return random_.Between(-1, 0);
    if (random_.OneIn(1, 60)) return kEntryAmountMax + random_.Between(0, 1);
    return unit == Unit::kTurns ? 1 : random_.Between(1, 120);
  }
  // A chain, sometimes closed to a ring, sometimes with a fault.
  std::vector<Draft> RandomDrafts() {
    const AccountKey first = RandomAccount();
    std::vector<Draft> drafts;
    OwnerId receiver = first.owner;
    const uint64_t count = random_.OneIn(1, 2) ? 1 : random_.Between(2, 4);
    for (uint64_t i = 0; i < count; ++i) {
      const bool closes = i + 1 == count && random_.OneIn(1, 2);
      const OwnerId giver = closes && count > 1 ? first.owner : owners_[random_.Below(owners_.size())];
      Draft draft = books_.Help(giver, receiver, RandomAmount(first.unit));
      draft.scheme = first.scheme;
      draft.unit = first.unit;
      draft.overridden = random_.OneIn(1, 15);
      may_pass_limits_ = may_pass_limits_ || draft.overridden;
      drafts.push_back(draft);
      receiver = giver;
    }
    return drafts;
  }
  EntryId RandomOf(const std::vector<EntryId>& ids) {
    if (ids.empty() || random_.OneIn(1, 30)) return books_.ids.Next<EntryId>();
    const uint64_t recent = std::min<uint64_t>(ids.size(), random_.OneIn(1, 4) ? ids.size() : 40);
    return ids[ids.size() - 1 - random_.Below(recent)];
  }

  std::string SetLimits() {
    const AccountKey key = RandomAccount();
    const int64_t floor = random_.OneIn(1, 6) ? kNoFloor : -random_.Between(0, key.unit == Unit::kTurns ? 3 : 600);
    const int64_t ceiling = random_.OneIn(1, 2) ? kNoCeiling : random_.Between(0, key.unit == Unit::kTurns ? 3 : 600);
    may_pass_limits_ = true;
    books_.Limit(key.owner, key.unit, floor, ceiling, key.scheme);
    auditor_.Limit(NameOfAccount(key), floor, ceiling);
    return absl::StrCat("limits of ", NameOfAccount(key), ": ", floor, " to ", ceiling);
  }

  std::string Post() {
    const std::vector<Draft> drafts = RandomDrafts();
    const std::string foretold = auditor_.JudgeLines(LinesOf(drafts));
    if (Agrees(foretold, books_.Post(drafts).status())) {
      for (const Draft& draft : drafts) {
        auditor_.Post(LineOf(draft));
        entries_.push_back(draft.id);
      }
    }
    return absl::StrCat("post ", drafts.size(), ": ", foretold);
  }

  std::string Hold() {
    const std::vector<Draft> drafts = RandomDrafts();
    const std::string foretold = auditor_.JudgeLines(LinesOf(drafts));
    const int64_t seconds = random_.OneIn(1, 4) ? 0 : random_.Between(1, 500);
    const absl::Time lapses_at = books_.clock.Now() + absl::Seconds(seconds);
    if (Agrees(foretold,
               books_.Hold(drafts, seconds == 0 ? absl::InfiniteDuration() : absl::Seconds(seconds)).status())) {
      auditor_.Hold(LinesOf(drafts), seconds == 0 ? 0 : absl::ToUnixMicros(lapses_at));
      for (const Draft& draft : drafts) holds_.push_back(draft.id);
    }
    return absl::StrCat("hold ", drafts.size(), ": ", foretold);
  }

  std::string PostPart() {
    const EntryId hold = RandomOf(random_.OneIn(1, 10) ? entries_ : holds_);
    const int64_t amount = random_.OneIn(1, 2) ? 0 : random_.Between(-1, 130);
    const std::string foretold = auditor_.JudgePart(hold.ToString(), amount);
    const auto posted = books_.PostHold(hold, amount);
    if (Agrees(foretold, posted.status())) {
      auditor_.PostPart(hold.ToString(), amount, posted->id.ToString());
      entries_.push_back(posted->id);
    }
    return absl::StrCat("post ", amount, " of a hold: ", foretold);
  }

  std::string Resolve(const EntryId& hold, EntryState how) {
    const std::string foretold = auditor_.JudgeWhole(hold.ToString());
    const size_t size = auditor_.SetSize(hold.ToString());
    const auto resolved = books_.Resolve(hold, how);
    if (Agrees(foretold, resolved.status())) {
      EXPECT_EQ(resolved->size(), size);
      std::vector<std::string> ids;
      for (const Entry& entry : *resolved) {
        ids.push_back(entry.id.ToString());
        entries_.push_back(entry.id);
      }
      if (how == EntryState::kPosted) {
        auditor_.PostWhole(hold.ToString(), ids);
      } else {
        auditor_.Release(hold.ToString(), ids);
      }
    }
    return absl::StrCat(NameOf(how), " set of ", size, ": ", foretold);
  }
  std::string PostWhole() { return Resolve(RandomOf(holds_), EntryState::kPosted); }
  std::string Void() { return Resolve(RandomOf(holds_), EntryState::kVoided); }

  // Moves the clock; what is up expires, as the server's own sweep does it.
  std::string Lapse() {
    books_.clock.Advance(absl::Seconds(random_.Between(0, 200)));
    const absl::Time now = books_.clock.Now();
    std::vector<std::string> lapsed;
    const std::vector<EntryId> due = books_.Durable([&] { return books_.book->LapsedHolds(now, 10'000); });
    for (const EntryId& id : due) lapsed.push_back(id.ToString());
    EXPECT_EQ(lapsed, auditor_.Lapsed(absl::ToUnixMicros(now)));
    for (const EntryId& id : due) Resolve(id, EntryState::kExpired);
    return absl::StrCat("expire ", due.size());
  }

  std::string Reverse() {
    const EntryId entry = RandomOf(random_.OneIn(1, 10) ? holds_ : entries_);
    const bool overridden = random_.OneIn(1, 8);
    may_pass_limits_ = overridden;
    const std::string foretold = auditor_.JudgeReversal(entry.ToString(), overridden);
    const auto reversal = books_.Reverse(entry, overridden);
    if (Agrees(foretold, reversal.status())) {
      auditor_.Reverse(entry.ToString(), reversal->id.ToString());
      entries_.push_back(reversal->id);
    }
    return absl::StrCat("reverse: ", foretold);
  }

  // A command that writes entries and is then refused, for a reason of somebody else's.
  std::string DropAll() {
    const std::vector<Draft> one = RandomDrafts(), two = RandomDrafts();
    const EntryId hold = RandomOf(holds_);
    EXPECT_TRUE(IsRefused(books_.Do([&](Txn& txn) {
      static_cast<void>(books_.ledger->Post(one, txn));
      static_cast<void>(books_.ledger->Hold(two, absl::Seconds(5), txn));
      static_cast<void>(books_.ledger->ResolveSet(
          hold, EntryState::kPosted, [&] { return books_.ids.Next<EntryId>(); }, txn));
      txn.Put("row", "value");
      return Refuse(Reason::kEtagMismatch);
    }),
                          Reason::kEtagMismatch));
    return "written and refused";
  }

  std::string FailToSync() {
    const std::vector<Draft> drafts = RandomDrafts();
    const std::string foretold = auditor_.JudgeLines(LinesOf(drafts));
    books_.script->before_append = [](const Block&) { return Refuse(Reason::kDiskFull); };
    Agrees(foretold.empty() ? "DISK_FULL" : foretold, books_.Hold(drafts, absl::Seconds(5)).status());
    books_.script->before_append = nullptr;
    return "the disk is full";
  }

  std::string DryRun() {
    const std::vector<Draft> drafts = RandomDrafts();
    const std::string foretold = auditor_.JudgeLines(LinesOf(drafts));
    Agrees(foretold, books_.Do([&](Txn& txn) { return books_.ledger->Post(drafts, txn); }, true).status());
    return absl::StrCat("dry run: ", foretold);
  }

  void Compare() {
    const std::map<std::string, Auditor::Figures> all = auditor_.All();
    std::map<std::string, int64_t> sums;
    for (const uint32_t scheme : {1, 2}) {
      for (const Unit unit : {Unit::kMinutes, Unit::kTurns}) {
        for (const OwnerId& owner : owners_) CompareOne({scheme, unit, owner}, all);
      }
      EXPECT_EQ(books_.EntryCount(scheme), auditor_.EntriesOf(absl::StrCat(scheme)));
    }
    for (const auto& [name, figures] : all) sums[name.substr(0, name.rfind('/'))] += figures.posted;
    for (const auto& [name, sum] : sums) EXPECT_EQ(sum, 0) << name;
  }

  void CompareOne(const AccountKey& key, const std::map<std::string, Auditor::Figures>& all) {
    const std::string name = NameOfAccount(key);
    const auto expected = all.find(name);
    const Account* account = books_.book->FindAccount(key, Layer::kDurable);
    ASSERT_EQ(account != nullptr, expected != all.end()) << name;
    if (account == nullptr) return;
    const Auditor::Figures figures{account->posted,   account->held_out,     account->held_in,       account->given,
                                   account->received, account->limits.floor, account->limits.ceiling};
    EXPECT_EQ(figures, expected->second) << name;
    const auto before = before_.find(name);
    if (may_pass_limits_ || before == before_.end()) return;
    // Nothing gets worse past a limit, whoever judged it.
    const int64_t lowest = figures.posted - figures.held_out, highest = figures.posted + figures.held_in;
    EXPECT_GE(lowest, std::min(figures.floor, before->second.posted - before->second.held_out)) << name;
    EXPECT_LE(highest, std::max(figures.ceiling, before->second.posted + before->second.held_in)) << name;
  }

  Random random_;
  Books books_;
  Auditor auditor_;
  std::vector<OwnerId> owners_;
  std::vector<EntryId> holds_, entries_;
  std::array<uint64_t, kOperations> weights_{};
  std::map<std::string, Auditor::Figures> before_;
  std::map<std::string, int> answers_;
  bool may_pass_limits_ = false;
  std::string what_;
};

// Runs `steps` steps in ten mixes; the answers that were given, counted.
std::map<std::string, int> RunModel(Seed seed, int64_t steps) {
  SCOPED_TRACE(RerunWith(seed));
  // Every other one keeps in memory only what its shelf does not have yet.
  const TemporaryFolder folder(FastPlace());
  Model model(seed, seed.value % 2 == 1 ? folder.path() : "");
  for (int64_t step = 0; step < steps; ++step) {
    if (step % (steps / 10) == 0) model.Draw();
    if (!model.Step((step + 1) % (steps / 5))) {
      ADD_FAILURE() << "at step " << step << ", " << model.what();
      break;
    }
  }
  model.ExpectSound();
  return model.answers();
}

TEST(LedgerModel, AgreesWithTheAuditorStepByStep) {
  if (HasTestSeed()) {
    RunModel(TestSeed(0), IsFullRun() ? 1'000'000 : 20'000);
    return;
  }
  const int64_t steps = IsFullRun() ? 100'000 : 5'000;
  std::map<std::string, int> answers;
  for (uint64_t seed = 1; seed <= 10 && !testing::Test::HasFailure(); ++seed) {
    for (const auto& [answer, count] : RunModel(Seed{seed}, steps)) answers[answer] += count;
  }
  // Every way to be refused was met, so that none is agreed on for want of trying.
  for (const char* answer :
       {"", "ACCOUNT_NOT_FOUND", "SAME_ACCOUNT", "AMOUNT_NOT_POSITIVE", "AMOUNT_OVER_LIMIT", "ENTRY_NOT_FOUND",
        "NOT_REVERSIBLE", "ALREADY_REVERSED", "HOLD_ALREADY_RESOLVED", "HOLD_LINKED", "PART_OVER_HOLD",
        "CREDIT_LIMIT_REACHED", "PLEDGE_NEEDED", "TURN_NEEDED", "CEILING_REACHED", "DISK_FULL"}) {
    EXPECT_GE(answers[answer], 5) << answer;
  }
}

}  // namespace
}  // namespace turnabout
