// A Command is what somebody sends to the store at once: operations that stand or fall together, perhaps under a
// request id. It can be run by the ledger and by the model, and the two answers compared.
#ifndef TURNABOUT_TESTS_SIM_COMMAND_H_
#define TURNABOUT_TESTS_SIM_COMMAND_H_

#include <optional>
#include <string>
#include <vector>

#include "tests/sim/facts.h"
#include "tests/sim/model.h"

namespace turnabout::sim {

struct Operation {
  enum class What {
    kSetLimits,   // account, floor, ceiling
    kCheckFloor,  // account
    kPost,        // lines
    kHold,        // lines, seconds
    kPostHold,    // entry, amount, id
    kResolveSet,  // entry, how, id
    kReverse,     // entry, id, overridden
    kRow,         // key, value
    kRefuse,      // nothing: somebody else has a reason to refuse the whole command
  };
  What what = What::kPost;
  AccountName account = {};
  int64_t floor = 0;
  int64_t ceiling = 0;
  std::vector<Line> lines = {};
  std::optional<int64_t> seconds = {};
  Name entry = 0;
  int64_t amount = 0;
  EntryState how = EntryState::kPosted;
  Name id = 0;
  bool overridden = false;
  std::string key = {};
  std::optional<std::string> value = {};
};

struct Command {
  std::vector<Operation> operations;
  std::string request = {};  // "" without one
  std::string content = {};  // by which a near-repeat is told
  bool dry_run = false;
};

struct Answer {
  std::string reason;             // "" for yes
  std::optional<size_t> refused;  // of lines that were to be posted, the one that a refusal is about
  std::vector<Entry> entries;     // written, in order
  std::string repeated;           // to a request that was answered before: what was answered
  friend bool operator==(const Answer&, const Answer&) = default;
};

// As the service runs it: a repeat gets the first answer, and what is answered is remembered beside what was written.
absl::Status RunCommand(const Command& command, const Ledger& ledger, Txn& txn, Answer& answer);

// The same by the model, in which it is done unless it is refused or a dry run. `time`: microseconds since 1970.
Answer Foretell(const Command& command, Model& model, int64_t time);

// What becomes remembered of these entries.
std::string TextOf(const std::vector<Entry>& entries);

std::string TextOf(const Command& command);
std::string TextOf(const Answer& answer);

}  // namespace turnabout::sim

#endif  // TURNABOUT_TESTS_SIM_COMMAND_H_
