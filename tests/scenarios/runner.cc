#include "tests/scenarios/runner.h"

#include <map>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/minutes.h"

namespace turnabout {
namespace {

using Words = std::vector<std::string>;
using Settings = std::map<std::string, std::string>;

// One line, taken apart: "hold Ben->Ana 2h as=lift refused REASON limit=-5h Ana=0".
struct Line {
  std::string verb;
  Words arguments;
  Settings settings;
  std::string reason;  // "" when it must be accepted
  Settings expected;   // facts and figures
};

std::pair<std::string, std::string> SplitAtEquals(absl::string_view word) {
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(word, absl::MaxSplits('=', 1));
  return {std::string(parts.first), std::string(parts.second)};
}

Line ParseLine(absl::string_view text) {
  Line line;
  bool answered = false;
  const Words words = absl::StrSplit(text, absl::ByAnyChar(" \t\r"), absl::SkipEmpty());
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (i == 0) {
      line.verb = word;
      answered = word == "check";
    } else if (!answered && (word == "ok" || word == "refused")) {
      answered = true;
      if (word == "refused" && i + 1 < words.size()) line.reason = words[++i];
    } else if (absl::StrContains(word, "=")) {
      (answered ? line.expected : line.settings).insert(SplitAtEquals(word));
    } else {
      line.arguments.push_back(word);
    }
  }
  return line;
}

// "-10h30", "45m", "1", "0".
std::optional<int64_t> AmountIn(absl::string_view text) {
  const bool below = absl::ConsumePrefix(&text, "-");
  const absl::StatusOr<Minutes> minutes = ParseMinutes(text);
  if (!minutes.ok()) return std::nullopt;
  return below ? -minutes->count() : minutes->count();
}

// "3d", "2h".
absl::Duration DurationIn(absl::string_view text) {
  int64_t days = 0;
  if (absl::ConsumeSuffix(&text, "d") && absl::SimpleAtoi(text, &days)) return absl::Hours(24 * days);
  return absl::Minutes(AmountIn(text).value_or(0));
}

class Runner {
 public:
  explicit Runner(Books& books) : books_(books) {
    for (const Unit unit : {Unit::kMinutes, Unit::kTurns}) books_.Limit(kPot, unit, kNoFloor);
    people_["Pot"] = kPot;
  }

  // What is wrong with the line, or "".
  std::string Run(const Line& line) {
    problem_.clear();
    const absl::Status answer = Act(line);
    const std::optional<Refusal> refusal = RefusalOf(answer);
    const std::string reason = answer.ok() ? "" : refusal ? std::string(InfoOf(refusal->reason).name) : "no reason";
    if (!problem_.empty()) return problem_;
    if (reason != line.reason) {
      return absl::StrCat("the books say ", answer.ok() ? "ok" : answer.message(), answer.ok() ? "" : " ", reason);
    }
    for (const auto& [name, value] : line.expected) Compare(name, value, refusal);
    if (const absl::Status sound = books_.Durable([&] { return books_.book->Check(); }); !sound.ok())
      Problem(sound.message());
    return problem_;
  }

 private:
  void Problem(absl::string_view text) {
    if (problem_.empty()) problem_ = std::string(text);
  }

  absl::Status Act(const Line& line) {
    if (line.verb == "member" || line.verb == "limits") return SetLimits(line);
    if (line.verb == "log" || line.verb == "override") return Log(line);
    if (line.verb == "hold" || line.verb == "propose") return Hold(line);
    if (line.verb == "confirm") return Confirm(line);
    if (line.verb == "start") return ResolveAll(line, EntryState::kPosted);
    if (line.verb == "withdraw") return ResolveAll(line, EntryState::kVoided);
    if (line.verb == "reverse") return Reverse(line);
    if (line.verb == "wait") return Wait(line);
    if (line.verb == "reopen") books_.Reopen();
    if (line.verb != "reopen" && line.verb != "check") Problem(absl::StrCat("no line begins with \"", line.verb, "\""));
    return absl::OkStatus();
  }

  std::string Argument(const Line& line, size_t at) {
    if (at < line.arguments.size()) return line.arguments[at];
    Problem("something is missing");
    return "";
  }
  // The entry or hold that was given a name; an unknown one is an entry that there is not.
  EntryId Named(const Line& line) {
    const auto found = holds_.find(Argument(line, 0));
    return found == holds_.end() ? books_.ids.Next<EntryId>() : found->second;
  }
  int64_t SettingOr(const Line& line, const std::string& name, int64_t otherwise) {
    const auto found = line.settings.find(name);
    if (found == line.settings.end()) return otherwise;
    const std::optional<int64_t> amount = AmountIn(found->second);
    if (!amount.has_value()) Problem(absl::StrCat("\"", found->second, "\" is no amount"));
    return amount.value_or(0);
  }

  absl::Status SetLimits(const Line& line) {
    for (const std::string& name : line.arguments) {
      const bool joins = line.verb == "member";
      if (joins == people_.contains(name)) Problem(absl::StrCat(name, joins ? " is here already" : " is not here"));
      if (!problem_.empty()) return absl::OkStatus();
      if (joins) people_[name] = books_.ids.Next<MemberId>().bytes();
      const OwnerId& owner = people_[name];
      const AccountLimits minutes = joins ? AccountLimits{} : books_.At(owner).limits;
      const AccountLimits turns = joins ? AccountLimits{0, kNoCeiling} : books_.At(owner, Unit::kTurns).limits;
      books_.Limit(owner, Unit::kMinutes, SettingOr(line, "limit", minutes.floor),
                   SettingOr(line, "ceiling", minutes.ceiling));
      books_.Limit(owner, Unit::kTurns, -SettingOr(line, "allowance", -turns.floor), turns.ceiling);
    }
    return absl::OkStatus();
  }

  // "Ben->Ana": Ben helps Ana. Somebody unknown has no account.
  Draft DraftOf(const std::string& text, bool is_turn) {
    const Words names = absl::StrSplit(text, "->");
    if (names.size() != 2) Problem(absl::StrCat("\"", text, "\" is not giver->receiver"));
    const OwnerId stranger = books_.ids.Next<MemberId>().bytes();
    const auto owner = [&](const std::string& name) { return people_.contains(name) ? people_[name] : stranger; };
    return is_turn ? books_.Turn(owner(names.front()), owner(names.back()))
                   : books_.Help(owner(names.front()), owner(names.back()), 0);
  }
  int64_t AmountAt(const Line& line, size_t at) {
    const std::optional<int64_t> amount = AmountIn(Argument(line, at));
    if (!amount.has_value()) Problem("an amount is missing, such as 1h30 or 45m");
    return amount.value_or(0);
  }
  void Name(const Line& line, const EntryId& id) {
    const auto name = line.settings.find("as");
    if (name == line.settings.end()) return;
    holds_[name->second] = id;
    posted_.erase(name->second);
  }

  absl::Status Log(const Line& line) {
    Draft draft = DraftOf(Argument(line, 0), false);
    draft.amount = AmountAt(line, 1);
    draft.overridden = line.verb == "override";
    const auto posted = books_.Post({draft});
    if (posted.ok()) Name(line, draft.id);
    return posted.status();
  }

  absl::Status Hold(const Line& line) {
    std::vector<Draft> drafts;
    if (line.verb == "hold") {
      drafts.push_back(DraftOf(Argument(line, 0), false));
      drafts.front().amount = AmountAt(line, 1);
    } else {
      for (const std::string& pair : line.arguments) drafts.push_back(DraftOf(pair, true));
    }
    if (drafts.empty()) Problem("nobody is proposed");
    if (!problem_.empty()) return absl::OkStatus();
    const auto until = line.settings.find("for");
    const auto held =
        books_.Hold(drafts, until == line.settings.end() ? absl::InfiniteDuration() : DurationIn(until->second));
    if (held.ok()) Name(line, drafts.front().id);
    return held.status();
  }

  absl::Status Confirm(const Line& line) {
    const auto posted = books_.PostHold(Named(line), line.arguments.size() > 1 ? AmountAt(line, 1) : 0);
    if (posted.ok()) posted_[line.arguments.front()] = {posted->id};
    return posted.status();
  }

  absl::Status ResolveAll(const Line& line, EntryState how) {
    const auto resolved = books_.Resolve(Named(line), how);
    if (!resolved.ok()) return resolved.status();
    for (const Entry& entry : *resolved) posted_[line.arguments.front()].push_back(entry.id);
    return absl::OkStatus();
  }

  absl::Status Reverse(const Line& line) {
    const bool overridden = line.arguments.size() > 1 && line.arguments[1] == "override";
    const auto posted = posted_.find(Argument(line, 0));
    const std::vector<EntryId> entries = posted == posted_.end() ? std::vector<EntryId>{Named(line)} : posted->second;
    return books_.Do([&](Txn& txn) -> absl::Status {
      for (const EntryId& entry : entries) {
        const auto reversed = books_.ledger->Reverse(entry, books_.ids.Next<EntryId>(), overridden, txn);
        if (!reversed.ok()) return reversed.status();
      }
      return absl::OkStatus();
    });
  }

  absl::Status Wait(const Line& line) {
    books_.clock.Advance(DurationIn(Argument(line, 0)));
    for (const EntryId& hold : books_.Durable([&] { return books_.book->LapsedHolds(books_.clock.Now(), 1000); })) {
      static_cast<void>(books_.Resolve(hold, EntryState::kExpired));
    }
    return absl::OkStatus();
  }

  // "Ana", "Ana.held", "Ana.turns.coming", or the name of a fact.
  void Compare(const std::string& name, const std::string& value, const std::optional<Refusal>& refusal) {
    const Words parts = absl::StrSplit(name, '.');
    const bool is_figure = people_.contains(parts.front());
    if (!is_figure && !refusal.has_value()) return Problem(absl::StrCat(parts.front(), " is not here"));
    const std::string found = is_figure ? absl::StrCat(FigureOf(parts)) : std::string(refusal->fact(name));
    const std::optional<int64_t> amount = AmountIn(value);
    if (found == (amount.has_value() ? absl::StrCat(*amount) : value)) return;
    int64_t minutes = 0;
    const bool is_minutes = absl::SimpleAtoi(found, &minutes) && !absl::StrContains(name, "turns");
    Problem(absl::StrCat(name, " is ", is_minutes ? FormatMinutesShort(Minutes(minutes)) : found, ", not ", value));
  }

  int64_t FigureOf(const Words& parts) {
    const bool turns = parts.size() > 1 && parts[1] == "turns";
    const Account account = books_.At(people_.at(parts.front()), turns ? Unit::kTurns : Unit::kMinutes);
    const size_t at = turns ? 2 : 1;
    if (parts.size() == at) return account.posted;
    if (parts[at] == "held") return account.held_out;
    if (parts[at] == "coming") return account.held_in;
    Problem(absl::StrCat("there is no figure called ", parts[at]));
    return 0;
  }

  Books& books_;
  std::map<std::string, OwnerId> people_;
  std::map<std::string, EntryId> holds_;                // what `as=` named
  std::map<std::string, std::vector<EntryId>> posted_;  // what it was resolved by
  std::string problem_;
};

}  // namespace

std::vector<ScenarioProblem> RunScenario(absl::string_view text, Books& books) {
  std::vector<ScenarioProblem> problems;
  Runner runner(books);
  int number = 0;
  for (absl::string_view each : absl::StrSplit(text, '\n')) {
    ++number;
    const Line line = ParseLine(each.substr(0, each.find('#')));
    if (line.verb.empty()) continue;
    std::string problem = runner.Run(line);
    if (!problem.empty()) problems.push_back({number, absl::StrCat(problem, "\n  ", each)});
  }
  const absl::StatusOr<Verified> verified = books.store->Verify();
  if (!verified.ok()) problems.push_back({number, std::string(verified.status().message())});
  return problems;
}

}  // namespace turnabout
