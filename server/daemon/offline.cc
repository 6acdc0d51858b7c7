#include "server/daemon/offline.h"

#include <algorithm>
#include <chrono>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "ledger/book/book.h"
#include "store/journal/folder_journal.h"
#include "store/journal/posix_file.h"
#include "store/shelf/shelf.h"

namespace turnabout {
namespace {

constexpr int kOk = 0;
constexpr int kFailed = 1;
constexpr int kUsage = 2;
constexpr int kBroken = 4;

struct OfflineFlag {
  absl::string_view name;
  bool takes_value = true;
};

struct OfflineVerb {
  absl::string_view path;
  absl::string_view usage;
  absl::string_view help;
  std::vector<OfflineFlag> flags;
  absl::Status (*run)(const OfflineCall&);
};

const std::vector<OfflineVerb>& Verbs() {
  static const auto* const verbs = new std::vector<OfflineVerb>{
      {"verify",
       "--data-dir DIR [--json]",
       "prove that the journal is whole and the books are right; exit 4 and the place when not",
       {{"data-dir"}, {"json", false}},
       RunVerify},
      {"inspect",
       "--data-dir DIR [--json]",
       "what is in a data folder: format, head, blocks, records, bytes, times",
       {{"data-dir"}, {"json", false}},
       RunInspect},
      {"journal dump",
       "--data-dir DIR [--from N] [--to N] [--values] [--json]",
       "every record of blocks N to N, one a line; what rows hold only with --values",
       {{"data-dir"}, {"from"}, {"to"}, {"values", false}, {"json", false}},
       RunJournalDump},
      {"backup verify",
       "DIR [--json]",
       "prove that a backup is whole; exit 4 and the place when not",
       {{"json", false}},
       RunBackupVerify},
      {"restore",
       "--from DIR --data-dir NEW [--json]",
       "make a new data folder from a backup, and prove that it holds the same",
       {{"from"}, {"data-dir"}, {"json", false}},
       RunRestore},
      {"export",
       "--data-dir DIR --csv DIR2 | --sql FILE",
       "entries and accounts as tables: CSV files, or SQL for PostgreSQL",
       {{"data-dir"}, {"csv"}, {"sql"}},
       RunExport},
  };
  return *verbs;
}

// The verb that `arguments` begin with, and how many words it has.
const OfflineVerb* FindVerb(const std::vector<std::string>& arguments, size_t& words) {
  for (const OfflineVerb& verb : Verbs()) {
    const std::vector<std::string> path = absl::StrSplit(verb.path, ' ');
    if (arguments.size() < path.size() || !std::equal(path.begin(), path.end(), arguments.begin())) continue;
    words = path.size();
    return &verb;
  }
  return nullptr;
}

const OfflineFlag* FindFlag(const OfflineVerb& verb, absl::string_view name) {
  for (const OfflineFlag& flag : verb.flags) {
    if (flag.name == name) return &flag;
  }
  return nullptr;
}

absl::Status ReadArguments(const OfflineVerb& verb, const std::vector<std::string>& words,
                           std::map<std::string, std::string>& flags, std::vector<std::string>& arguments) {
  for (size_t i = 0; i < words.size(); ++i) {
    if (!absl::StartsWith(words[i], "--")) {
      arguments.push_back(words[i]);
      continue;
    }
    const std::pair<std::string, std::string> parts = absl::StrSplit(words[i].substr(2), absl::MaxSplits('=', 1));
    const bool has_value = absl::StrContains(words[i], '=');
    const OfflineFlag* flag = FindFlag(verb, parts.first);
    if (flag == nullptr) return absl::InvalidArgumentError(absl::StrCat("there is no flag --", parts.first));
    if (has_value != flag->takes_value && !flag->takes_value) {
      return absl::InvalidArgumentError(absl::StrCat("--", flag->name, " takes no value"));
    }
    if (flag->takes_value && !has_value && ++i == words.size()) {
      return absl::InvalidArgumentError(absl::StrCat("--", flag->name, " takes a value"));
    }
    flags[parts.first] = !flag->takes_value ? "true" : has_value ? parts.second : words[i];
  }
  if (arguments.size() > 1) return absl::InvalidArgumentError(absl::StrCat("\"", arguments[1], "\" is one too many"));
  return absl::OkStatus();
}

int ExitCodeOf(const absl::Status& status) {
  if (absl::IsDataLoss(status)) return kBroken;
  return absl::IsInvalidArgument(status) ? kUsage : kFailed;
}

}  // namespace

std::string OfflineCall::flag(absl::string_view name) const {
  const auto at = flags_.find(std::string(name));
  return at == flags_.end() ? "" : at->second;
}

absl::StatusOr<uint64_t> OfflineCall::Number(absl::string_view name, uint64_t fallback) const {
  if (!has(name)) return fallback;
  uint64_t number = 0;
  if (absl::SimpleAtoi(flag(name), &number) && number >= 1) return number;
  return absl::InvalidArgumentError(absl::StrCat("--", name, " cannot be \"", flag(name), "\": give a number from 1"));
}

absl::StatusOr<std::string> OfflineCall::Argument(absl::string_view what) const {
  if (!arguments_.empty()) return arguments_.front();
  return absl::InvalidArgumentError(absl::StrCat("say which ", what));
}

absl::StatusOr<std::string> OfflineCall::Required(absl::string_view name) const {
  if (has(name)) return flag(name);
  return absl::InvalidArgumentError(absl::StrCat("--", name, " is missing"));
}

ReplayProgress OfflineCall::Progress() const {
  if (!console_.err_is_terminal) return nullptr;
  using Steady = std::chrono::steady_clock;
  return [this, started = Steady::now(), shown = Steady::now()](uint64_t block, uint64_t last) mutable {
    const Steady::time_point now = Steady::now();
    const bool is_due = block == last || now - shown >= std::chrono::milliseconds(200);
    if (now - started < absl::ToChronoSeconds(kProgressAfter) || !is_due) return;
    shown = now;
    console_.err << "\rblock " << block << " of " << last << (block == last ? "\n" : "") << std::flush;
  };
}

bool IsOfflineVerb(const std::vector<std::string>& arguments) {
  size_t words = 0;
  return FindVerb(arguments, words) != nullptr;
}

int RunOffline(const std::vector<std::string>& arguments, OfflineConsole& console) {
  size_t words = 0;
  const OfflineVerb& verb = *FindVerb(arguments, words);
  const std::vector<std::string> rest(arguments.begin() + static_cast<ptrdiff_t>(words), arguments.end());
  if (!rest.empty() && rest[0] == "--help") {
    console.out << "turnaboutd " << verb.path << " " << verb.usage << "\n  " << verb.help << "\n";
    return kOk;
  }
  std::map<std::string, std::string> flags;
  std::vector<std::string> given;
  absl::Status status = ReadArguments(verb, rest, flags, given);
  if (status.ok()) status = verb.run(OfflineCall(std::move(flags), std::move(given), console));
  console.out.flush();
  if (status.ok()) return kOk;
  console.err << "turnaboutd: " << status.message() << "\n";
  const int code = ExitCodeOf(status);
  if (code == kUsage) console.err << "Usage: turnaboutd " << verb.path << " " << verb.usage << "\n";
  return code;
}

std::string OfflineHelp() {
  std::string help = "\nOver a data folder or a backup, while no server runs over it:\n";
  for (const OfflineVerb& verb : Verbs()) {
    absl::StrAppend(&help, "  turnaboutd ", verb.path, " ", verb.usage, "\n      ", verb.help, "\n");
  }
  return help;
}

void ShowLines(std::ostream& out, const std::vector<std::pair<std::string, std::string>>& lines) {
  for (const auto& [label, value] : lines) out << absl::StrFormat("  %-10s%s\n", label, value);
}

void ShowVerified(const OfflineCall& call, absl::string_view sentence, const Verified& verified, int64_t accounts) {
  const std::string head_hash = ToHex(verified.head.hash);
  const std::string digest = ToHex(verified.digest);
  if (call.has("json")) {
    call.out() << "{\"blocks\":" << verified.blocks << ",\"records\":" << verified.records
               << ",\"entries\":" << verified.entries << ",\"accounts\":" << accounts << ",\"head_hash\":\""
               << head_hash << "\",\"digest\":\"" << digest << "\"}\n";
    return;
  }
  call.out() << sentence << "\n";
  ShowLines(call.out(), {{"blocks", absl::StrCat(verified.blocks)},
                         {"records", absl::StrCat(verified.records)},
                         {"entries", absl::StrCat(verified.entries)},
                         {"accounts", absl::StrCat(accounts)},
                         {"head hash", head_hash},
                         {"digest", digest}});
}

absl::Status RunVerify(const OfflineCall& call) {
  ASSIGN_OR_RETURN(const std::string folder, call.Required("data-dir"));
  ASSIGN_OR_RETURN(const std::unique_ptr<Journal> journal, OpenFolderToRead(folder));
  const std::string shelf_folder = absl::StrCat(folder, "/", kShelfFolder);
  absl::StatusOr<std::unique_ptr<Shelf>> shelf = nullptr;
  if (FileExists(shelf_folder)) shelf = Shelf::OpenToRead(shelf_folder);
  Book book;
  AtHand at_hand;
  if (shelf.ok()) at_hand.shelf = shelf->get();
  ASSIGN_OR_RETURN(const Verified verified, Audit(*journal, {&book}, call.Progress(), at_hand));
  for (const absl::Status& status : {shelf.status(), verified.shelf}) {
    if (!status.ok()) call.Note(status.message());
  }
  ShowVerified(call, "The books are right: every hash, link, root, balance and sum agrees with the journal.", verified,
               book.AccountCount());
  return absl::OkStatus();
}

}  // namespace turnabout
