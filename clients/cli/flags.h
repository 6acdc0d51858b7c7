// What can be typed: verbs with their arguments and flags, how a command line is read, and what --help says.
//
// A verb is a row of data, so that reading, help and suggestions have one source:
//
//   {.path = "pledge make", .summary = "…", .example = "turnabout pledge make ben",
//    .arguments = {{"member", "…"}}, .flags = {{"until", "DATE", "…"}}, .run = MakePledge}
#ifndef TURNABOUT_CLIENTS_CLI_FLAGS_H_
#define TURNABOUT_CLIENTS_CLI_FLAGS_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace turnabout::cli {

class Session;

struct FlagSpec {
  std::string name;   // without the dashes
  std::string value;  // what the value is called, in capitals; empty for a switch, which takes none
  std::string help;
  std::string environment = {};  // the variable read when the flag is not given; empty for none
  std::string fallback = {};     // read when neither is there
};

enum class Takes { kOne, kOptional, kMany };

struct ArgumentSpec {
  std::string name;
  std::string help;
  Takes takes = Takes::kOne;
};

struct VerbSpec {
  std::string path;  // "matches approve"
  std::string summary;
  std::string example;  // one or more whole command lines, one a line
  std::vector<ArgumentSpec> arguments = {};
  std::vector<FlagSpec> flags = {};
  absl::Status (*run)(Session&) = nullptr;
};

// A verb and everything that was typed for it.
class Command {
 public:
  const VerbSpec& verb() const { return *verb_; }
  // The value of a flag: as typed, else from the environment, else the fallback, else "".
  const std::string& flag(absl::string_view name) const;
  // True when a switch was typed, or a flag has a value that is not empty.
  bool has(absl::string_view name) const { return !flag(name).empty(); }
  const std::vector<std::string>& arguments() const { return arguments_; }
  // The first argument, or "".
  const std::string& argument(size_t i = 0) const;

 private:
  friend class CommandLine;
  const VerbSpec* verb_ = nullptr;
  std::map<std::string, std::string, std::less<>> flags_;
  std::vector<std::string> arguments_;
};

// Asks for a variable; "" when it is not set.
using Environment = std::function<std::string(absl::string_view name)>;

class CommandLine {
 public:
  CommandLine(std::vector<VerbSpec> verbs, std::vector<FlagSpec> globals)
      : verbs_(std::move(verbs)), globals_(std::move(globals)) {}

  // Reads what was typed after the program's name. Flags may stand anywhere; "--" ends them.
  // INVALID_ARGUMENT with what is wrong and the nearest word that exists. `words` must hold no --help: see HelpAsked.
  absl::StatusOr<Command> Read(const std::vector<std::string>& words, const Environment& environment) const;

  // The help that the words ask for, or "" when they ask for none. "matches --help" shows the verbs of that group.
  std::string HelpAsked(const std::vector<std::string>& words) const;

  const std::vector<VerbSpec>& verbs() const { return verbs_; }

 private:
  std::string Overview() const;
  std::string GroupHelp(absl::string_view group) const;
  std::string VerbHelp(const VerbSpec& verb) const;
  const VerbSpec* FindVerb(const std::vector<std::string>& words, size_t& used) const;
  absl::Status UnknownVerb(const std::vector<std::string>& words) const;
  absl::Status ReadFlag(const VerbSpec& verb, const std::vector<std::string>& words, size_t& at,
                        Command& command) const;
  absl::Status JudgeArguments(const Command& command) const;

  std::vector<VerbSpec> verbs_;
  std::vector<FlagSpec> globals_;
};

}  // namespace turnabout::cli

#endif  // TURNABOUT_CLIENTS_CLI_FLAGS_H_
