// A Model foretells what a store with a ledger must answer. It is the list of everything that was ever written, in
// order, one fact for each record of the journal; beside it, for each name, the places in that list that concern it.
// What a name stands at is the last of them; as it was at a revision, the last one up to there; and what never became
// durable is taken back by cutting the list. It shares nothing with the ledger's book, and is slow.
//
//   Model model;
//   model.SetLimits({1, Unit::kMinutes, 4}, -600, kNone);
//   model.Post(lines, now, &refused);       // "" and done, or "CREDIT_LIMIT_REACHED" and nothing done
//   model.AccountAt({1, Unit::kMinutes, 4}, model.size())->posted;
#ifndef TURNABOUT_TESTS_SIM_MODEL_H_
#define TURNABOUT_TESTS_SIM_MODEL_H_

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/sim/facts.h"

namespace turnabout::sim {

struct Figures {
  int64_t posted = 0;
  int64_t held_out = 0;
  int64_t held_in = 0;
  int64_t given = 0;
  int64_t received = 0;
  int64_t floor = 0;
  int64_t ceiling = 0;
  friend bool operator==(const Figures&, const Figures&) = default;
};

// What became of an entry.
struct Course {
  EntryState current = EntryState::kPosted;
  Name resolution = 0;
  Name reversal = 0;
};

// How much a scheme has.
struct SchemeSums {
  int64_t entries = 0;
  int64_t minutes_of_help = 0;
};

// Not thread-safe. "At" is a revision: how many facts of the list count.
class Model {
 public:
  // `forgets` is a reason that this model never gives, or "HOLDS" when it does not count what is held: a model that
  // foretells wrongly, for tests of the simulator. "" for the one that is right.
  explicit Model(std::string forgets = "") : forgets_(std::move(forgets)) {}

  size_t size() const { return facts_.size(); }
  const Fact& fact(size_t place) const { return facts_[place - 1]; }  // from 1, as records are numbered
  // The facts after the first `size` never were.
  void Truncate(size_t size);

  // Operations: "" and done, or why not and nothing done. Times are microseconds since 1970.
  void SetLimits(const AccountName& account, int64_t floor, int64_t ceiling);
  absl::string_view CheckFloor(const AccountName& account) const;
  // `refused` is set as Ledger::Post sets it.
  absl::string_view Post(const std::vector<Line>& lines, int64_t time, size_t* refused);
  // Without seconds, for good.
  absl::string_view Hold(const std::vector<Line>& lines, std::optional<int64_t> seconds, int64_t time);
  absl::string_view PostHold(Name hold, int64_t amount, Name id, int64_t time);
  // New entries are called first_id, first_id + 1 and so on.
  absl::string_view ResolveSet(Name hold, EntryState how, Name first_id, int64_t time);
  absl::string_view Reverse(Name entry, Name id, bool overridden, int64_t time);
  void SetRow(const std::string& key, std::optional<std::string> value);
  void Remember(const RequestFact& request);

  // Questions.
  const Figures* AccountAt(const AccountName& account, size_t at) const;
  SchemeSums SchemeAt(uint32_t scheme, size_t at) const;
  // The scheme's accounts as they were opened, and of all schemes.
  std::vector<AccountName> AccountsOf(uint32_t scheme, size_t at) const;
  std::vector<AccountName> Accounts(size_t at) const;
  // The place of an entry's own fact; nothing when there is none.
  std::optional<size_t> FindEntry(Name entry, size_t at) const;
  const EntryFact& EntryAt(size_t place) const { return std::get<EntryFact>(fact(place)); }
  Course CourseOf(Name entry, size_t at) const;
  // Places of a scheme's entries by number, and of an account's entries, the first first.
  std::vector<size_t> EntriesOf(uint32_t scheme, size_t at) const;
  std::vector<size_t> StatementOf(const AccountName& account, size_t at) const;
  // Places of the holds that are open, as they were made.
  std::vector<size_t> OpenHolds(size_t at) const;
  // Those whose time is up, by time and then by id.
  std::vector<Name> Lapsed(int64_t now, size_t at) const;
  // The last place up to which everything was written at `time` or before; `at` when that is all.
  size_t PlaceAtTime(int64_t time, size_t at) const;
  const std::string* RowAt(const std::string& key, size_t at) const;
  std::vector<std::pair<std::string, std::string>> RowsAt(const std::string& begin, const std::string& end,
                                                          size_t at) const;
  const RequestFact* RequestAt(const std::string& request, size_t at) const;

 private:
  template <typename Value>
  struct Dated {
    size_t place;
    Value value;
  };
  template <typename Value>
  using History = std::vector<Dated<Value>>;

  template <typename Value>
  static const Value* At(const History<Value>& history, size_t at);

  // `reason`, unless this model has forgotten it.
  absl::string_view Why(absl::string_view reason) const { return reason == forgets_ ? absl::string_view() : reason; }

  bool AreNew(const std::vector<Name>& ids) const;
  absl::string_view JudgeShape(const Line& line) const;
  absl::string_view JudgeLimits(const AccountName& account, int64_t change) const;
  absl::string_view JudgeLines(const std::vector<Line>& lines, size_t* refused) const;
  absl::string_view JudgeHold(Name hold, EntryState how, int64_t time) const;
  std::vector<Name> Linked(Name set) const;
  void Write(EntryFact fact, int64_t time);
  void WriteResolution(Name hold, EntryState how, std::optional<int64_t> amount, Name id, int64_t time);
  Figures FiguresNow(const AccountName& account) const;
  void CountHolds(const AccountName& account, Figures& figures) const;

  void TakeBack(const LimitsFact& fact);
  void TakeBack(const EntryFact& fact);
  void TakeBack(const RowFact& fact);
  void TakeBack(const RequestFact& fact);

  const std::string forgets_;
  std::vector<Fact> facts_;
  std::map<AccountName, History<Figures>> accounts_;
  std::map<Name, std::vector<size_t>> entries_;  // its own fact, then those of what resolved or reversed it
  std::map<Name, size_t> open_;                  // holds, as things are at the end
  std::map<uint32_t, History<SchemeSums>> schemes_;
  std::map<std::string, std::vector<size_t>> rows_;
  std::map<std::string, std::vector<size_t>> requests_;
};

}  // namespace turnabout::sim

#endif  // TURNABOUT_TESTS_SIM_MODEL_H_
