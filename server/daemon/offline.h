// The verbs of turnaboutd that work on a data folder or a backup while no server runs over it.
#ifndef TURNABOUT_SERVER_DAEMON_OFFLINE_H_
#define TURNABOUT_SERVER_DAEMON_OFFLINE_H_

#include <functional>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "store/audit/audit.h"

namespace turnabout {

// Where a verb writes. Data goes to `out`, talk to `err`.
struct OfflineConsole {
  std::ostream& out;
  std::ostream& err;
  bool err_is_terminal = false;
};

// One verb and what was typed for it.
class OfflineCall {
 public:
  OfflineCall(std::map<std::string, std::string> flags, std::vector<std::string> arguments, OfflineConsole& console)
      : flags_(std::move(flags)), arguments_(std::move(arguments)), console_(console) {}

  // The value of a flag, "true" for a switch, or "" when it was not given.
  std::string flag(absl::string_view name) const;
  bool has(absl::string_view name) const { return !flag(name).empty(); }
  // A whole number from 1 on, or `fallback` when the flag was not given. INVALID_ARGUMENT for anything else.
  absl::StatusOr<uint64_t> Number(absl::string_view name, uint64_t fallback) const;
  // The only argument. INVALID_ARGUMENT when there is none.
  absl::StatusOr<std::string> Argument(absl::string_view what) const;
  // The flag's value. INVALID_ARGUMENT when it was not given.
  absl::StatusOr<std::string> Required(absl::string_view name) const;

  std::ostream& out() const { return console_.out; }
  // A line for a person beside the data.
  void Note(absl::string_view text) const { console_.err << "turnaboutd: " << text << "\n"; }
  // Shows on a terminal how far a long replay is, once it has taken kProgressAfter; nothing anywhere else.
  ReplayProgress Progress() const;

 private:
  const std::map<std::string, std::string> flags_;
  const std::vector<std::string> arguments_;
  OfflineConsole& console_;
};

inline constexpr absl::Duration kProgressAfter = absl::Seconds(2);

// True when `arguments`, those after the program's name, begin with one of these verbs.
bool IsOfflineVerb(const std::vector<std::string>& arguments);

// Runs what was typed after the program's name. 0: done; 1: refused, or it cannot be read or written; 2: what was typed
// cannot be understood; 4: the journal or the books are damaged. REQUIRES: IsOfflineVerb(arguments).
int RunOffline(const std::vector<std::string>& arguments, OfflineConsole& console);

// The part of --help about these verbs.
std::string OfflineHelp();

// "label     value", one a line, for a person.
void ShowLines(std::ostream& out, const std::vector<std::pair<std::string, std::string>>& lines);

// What was verified, as lines or as one JSON object.
void ShowVerified(const OfflineCall& call, absl::string_view sentence, const Verified& verified, int64_t accounts);

// One for each verb. They return what went wrong, which RunOffline prints.
absl::Status RunVerify(const OfflineCall& call);
absl::Status RunJournalDump(const OfflineCall& call);
absl::Status RunInspect(const OfflineCall& call);
absl::Status RunBackupVerify(const OfflineCall& call);
absl::Status RunRestore(const OfflineCall& call);
absl::Status RunExport(const OfflineCall& call);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_DAEMON_OFFLINE_H_
