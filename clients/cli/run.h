// Runs one command line of turnabout, from words to exit code.
#ifndef TURNABOUT_CLIENTS_CLI_RUN_H_
#define TURNABOUT_CLIENTS_CLI_RUN_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/clock.h"
#include "clients/cli/session.h"

namespace turnabout::cli {

enum ExitCode {
  kDone = 0,
  kRefused = 1,      // a rule says no, or what was named is not there
  kUsage = 2,        // what was typed, or what was sent, cannot be understood
  kUnreachable = 3,  // the server could not be reached or could not answer
  kDamaged = 4,      // the books are wrong
};

// The exit code for what a verb came to.
ExitCode ExitCodeOf(const absl::Status& status);

// Runs what was typed after the program's name.
ExitCode Run(const std::vector<std::string>& words, Console& console, const Environment& environment,
             const Clock& clock);

// Writes a refusal for a person: the sentence, the reason in brackets, every bad field, and what to do next. `mentions`
// fills the hints.
void PrintError(const absl::Status& status, const std::map<std::string, std::string>& mentions,
                const std::string& server, std::ostream& err);

// Every verb there is.
const CommandLine& TheCommandLine();

}  // namespace turnabout::cli

#endif  // TURNABOUT_CLIENTS_CLI_RUN_H_
