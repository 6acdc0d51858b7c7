#include "clients/cli/flags.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "clients/cli/text.h"

namespace turnabout::cli {
namespace {

const std::string& Nothing() {
  static const auto* const nothing = new std::string;
  return *nothing;
}

absl::Status Usage(absl::string_view problem, absl::string_view next) {
  return absl::InvalidArgumentError(absl::StrCat(problem, "\n  ", next));
}

const FlagSpec* FindFlag(const std::vector<FlagSpec>& flags, absl::string_view name) {
  for (const FlagSpec& flag : flags) {
    if (flag.name == name) return &flag;
  }
  return nullptr;
}

bool IsFlag(absl::string_view word) { return word.size() > 1 && word[0] == '-' && !absl::ascii_isdigit(word[1]); }

std::string GroupOf(const VerbSpec& verb) { return std::vector<std::string>(absl::StrSplit(verb.path, ' '))[0]; }

// The words that are not flags, without the flags' values as far as they can be told.
std::vector<std::string> VerbWords(const std::vector<std::string>& words, const std::vector<FlagSpec>& globals) {
  std::vector<std::string> out;
  for (size_t i = 0; i < words.size(); ++i) {
    if (!IsFlag(words[i])) {
      out.push_back(words[i]);
    } else if (const FlagSpec* flag = FindFlag(globals, absl::StripPrefix(words[i], "--"))) {
      i += !flag->value.empty();
    }
  }
  return out;
}

std::string ArgumentText(const ArgumentSpec& argument) {
  const std::string name = absl::AsciiStrToUpper(argument.name);
  switch (argument.takes) {
    case Takes::kOne:
      return name;
    case Takes::kOptional:
      return absl::StrCat("[", name, "]");
    case Takes::kMany:
      return absl::StrCat("[", name, " …]");
  }
  return name;
}

std::string UsageLine(const VerbSpec& verb) {
  return absl::StrCat(
      "turnabout ", verb.path, verb.arguments.empty() ? "" : " ",
      absl::StrJoin(verb.arguments, " ",
                    [](std::string* out, const ArgumentSpec& a) { absl::StrAppend(out, ArgumentText(a)); }),
      verb.flags.empty() ? "" : " [flags]");
}

void AppendFlags(std::string& out, absl::string_view heading, const std::vector<FlagSpec>& flags) {
  if (flags.empty()) return;
  absl::StrAppend(&out, "\n", heading, ":\n");
  for (const FlagSpec& flag : flags) {
    const std::string left = absl::StrCat("--", flag.name, flag.value.empty() ? "" : " ", flag.value);
    std::string help = flag.help;
    if (!flag.fallback.empty()) absl::StrAppend(&help, " Otherwise ", flag.fallback, ".");
    if (!flag.environment.empty()) absl::StrAppend(&help, " (", flag.environment, ")");
    const std::vector<std::string> lines = Wrap(help, 72);
    for (size_t i = 0; i < lines.size(); ++i) {
      absl::StrAppend(&out, "  ", PadRight(i == 0 ? left : "", 24), i == 0 && left.size() > 23 ? " " : "", lines[i],
                      "\n");
    }
  }
}

void AppendExample(std::string& out, absl::string_view example) {
  for (absl::string_view line : absl::StrSplit(example, '\n')) absl::StrAppend(&out, "  $ ", line, "\n");
}

}  // namespace

const std::string& Command::flag(absl::string_view name) const {
  const auto found = flags_.find(name);
  return found == flags_.end() ? Nothing() : found->second;
}

const std::string& Command::argument(size_t i) const { return i < arguments_.size() ? arguments_[i] : Nothing(); }

// The verb whose path the words begin with, the longest first; `used` is how many words that takes.
const VerbSpec* CommandLine::FindVerb(const std::vector<std::string>& words, size_t& used) const {
  const VerbSpec* found = nullptr;
  for (const VerbSpec& verb : verbs_) {
    const std::vector<std::string> path = absl::StrSplit(verb.path, ' ');
    if (path.size() > words.size() || (found != nullptr && path.size() <= used)) continue;
    if (!std::equal(path.begin(), path.end(), words.begin())) continue;
    found = &verb;
    used = path.size();
  }
  return found;
}

absl::Status CommandLine::UnknownVerb(const std::vector<std::string>& words) const {
  std::vector<std::string> paths, groups;
  for (const VerbSpec& verb : verbs_) {
    paths.push_back(verb.path);
    groups.push_back(GroupOf(verb));
  }
  if (std::find(groups.begin(), groups.end(), words[0]) != groups.end()) {
    std::string problem = absl::StrCat("\"", words[0], "\" needs a second word");
    if (words.size() > 1) problem = absl::StrCat("\"", words[0], "\" has no \"", words[1], "\"");
    const std::string near = words.size() > 1 ? NearMiss(absl::StrCat(words[0], " ", words[1]), paths) : "";
    return Usage(absl::StrCat(problem, "."), near.empty() ? absl::StrCat("See: turnabout ", words[0], " --help")
                                                          : absl::StrCat("Perhaps: turnabout ", near));
  }
  const std::string near = NearMiss(words[0], groups);
  return Usage(absl::StrCat("There is no \"", words[0], "\"."),
               near.empty() ? "See: turnabout --help" : absl::StrCat("Perhaps: turnabout ", near));
}

absl::Status CommandLine::ReadFlag(const VerbSpec& verb, const std::vector<std::string>& words, size_t& at,
                                   Command& command) const {
  const std::vector<std::string> pieces = absl::StrSplit(words[at], absl::MaxSplits('=', 1));
  const absl::string_view name = absl::StripPrefix(pieces[0], "--");
  const FlagSpec* flag = absl::StartsWith(pieces[0], "--") ? FindFlag(verb.flags, name) : nullptr;
  if (flag == nullptr && absl::StartsWith(pieces[0], "--")) flag = FindFlag(globals_, name);
  if (flag == nullptr) {
    std::vector<std::string> known;
    for (const auto* flags : {&verb.flags, &globals_}) {
      for (const FlagSpec& each : *flags) known.push_back(each.name);
    }
    const std::string near = NearMiss(absl::StripPrefix(name, "-"), known);
    return Usage(
        absl::StrCat("\"turnabout ", verb.path, "\" has no flag ", pieces[0], "."),
        near.empty() ? absl::StrCat("See: turnabout ", verb.path, " --help") : absl::StrCat("Perhaps: --", near));
  }
  std::string value = "yes";
  if (flag->value.empty() && pieces.size() > 1) {
    return Usage(absl::StrCat("--", flag->name, " takes no value."), absl::StrCat("Write only: --", flag->name));
  }
  if (!flag->value.empty()) {
    if (pieces.size() < 2 && at + 1 >= words.size()) {
      return Usage(absl::StrCat("--", flag->name, " needs a value."),
                   absl::StrCat("Write: --", flag->name, " ", flag->value));
    }
    value = pieces.size() > 1 ? pieces[1] : words[++at];
  }
  command.flags_[flag->name] = value;
  return absl::OkStatus();
}

absl::Status CommandLine::JudgeArguments(const Command& command) const {
  const VerbSpec& verb = command.verb();
  size_t least = 0, most = verb.arguments.size();
  for (const ArgumentSpec& argument : verb.arguments) {
    least += argument.takes == Takes::kOne;
    if (argument.takes == Takes::kMany) most = std::string::npos;
  }
  const size_t n = command.arguments().size();
  if (n < least) {
    return Usage(absl::StrCat("\"turnabout ", verb.path, "\" needs ", absl::AsciiStrToUpper(verb.arguments[n].name),
                              ": ", verb.arguments[n].help),
                 absl::StrCat("Write: ", UsageLine(verb)));
  }
  if (n > most) {
    return Usage(absl::StrCat("\"", command.argument(most), "\" is one word too many."),
                 absl::StrCat("Write: ", UsageLine(verb)));
  }
  return absl::OkStatus();
}

absl::StatusOr<Command> CommandLine::Read(const std::vector<std::string>& words, const Environment& environment) const {
  const std::vector<std::string> verb_words = VerbWords(words, globals_);
  if (verb_words.empty()) return Usage("Say what to do.", "See: turnabout --help");
  size_t used = 0;
  Command command;
  command.verb_ = FindVerb(verb_words, used);
  if (command.verb_ == nullptr) return UnknownVerb(verb_words);
  const VerbSpec& verb = *command.verb_;
  bool flags_ended = false;
  size_t skip = used;
  for (size_t at = 0; at < words.size(); ++at) {
    if (!flags_ended && words[at] == "--") {
      flags_ended = true;
    } else if (!flags_ended && IsFlag(words[at])) {
      const absl::Status read = ReadFlag(verb, words, at, command);
      if (!read.ok()) return read;
    } else if (skip > 0) {
      --skip;
    } else {
      command.arguments_.push_back(words[at]);
    }
  }
  for (const auto* flags : {&verb.flags, &globals_}) {
    for (const FlagSpec& flag : *flags) {
      if (command.flags_.count(flag.name) > 0) continue;
      std::string value = flag.environment.empty() ? "" : environment(flag.environment);
      if (value.empty()) value = flag.fallback;
      if (!value.empty()) command.flags_[flag.name] = value;
    }
  }
  const absl::Status judged = JudgeArguments(command);
  if (!judged.ok()) return judged;
  return command;
}

std::string CommandLine::HelpAsked(const std::vector<std::string>& words) const {
  const bool asked = std::any_of(words.begin(), std::find(words.begin(), words.end(), "--"),
                                 [](const std::string& word) { return word == "--help" || word == "-h"; });
  std::vector<std::string> verb_words = VerbWords(words, globals_);
  const bool help_verb = !verb_words.empty() && verb_words[0] == "help";
  if (help_verb) verb_words.erase(verb_words.begin());
  if (!asked && !help_verb && !words.empty()) return "";
  size_t used = 0;
  if (const VerbSpec* verb = FindVerb(verb_words, used)) return VerbHelp(*verb);
  for (const VerbSpec& verb : verbs_) {
    if (!verb_words.empty() && GroupOf(verb) == verb_words[0]) return GroupHelp(verb_words[0]);
  }
  return Overview();
}

std::string CommandLine::Overview() const {
  std::string out =
      "turnabout runs a time bank and a buddy scheme: who helps whom, and whose turn it is.\n\n"
      "Start here:\n"
      "  $ turnabout scheme create riverside \"Riverside Buddies\"\n"
      "  $ turnabout places import places.csv\n"
      "  $ turnabout import members.csv\n"
      "  $ turnabout round run\n"
      "\nVerbs (turnabout VERB --help says more):\n";
  for (const VerbSpec& verb : verbs_) absl::StrAppend(&out, "  ", PadRight(verb.path, 22), verb.summary, "\n");
  AppendFlags(out, "Flags for every verb", globals_);
  absl::StrAppend(
      &out,
      "\nExit codes: 0 done, 1 refused by a rule, 2 not understood, 3 server not reached, 4 the books are wrong.\n");
  return out;
}

std::string CommandLine::GroupHelp(absl::string_view group) const {
  std::string out, examples, list;
  for (const VerbSpec& verb : verbs_) {
    if (GroupOf(verb) != group) continue;
    if (examples.empty()) AppendExample(examples, verb.example);
    absl::StrAppend(&list, "  ", PadRight(verb.path, 22), verb.summary, "\n");
  }
  return absl::StrCat("Example:\n", examples, "\nVerbs:\n", list);
}

std::string CommandLine::VerbHelp(const VerbSpec& verb) const {
  std::string out = "Example:\n";
  AppendExample(out, verb.example);
  absl::StrAppend(&out, "\n", verb.summary, "\n\nUsage: ", UsageLine(verb), "\n");
  if (!verb.arguments.empty()) {
    absl::StrAppend(&out, "\n");
    for (const ArgumentSpec& argument : verb.arguments) {
      absl::StrAppend(&out, "  ", PadRight(absl::AsciiStrToUpper(argument.name), 24), argument.help, "\n");
    }
  }
  AppendFlags(out, "Flags", verb.flags);
  AppendFlags(out, "Flags for every verb", globals_);
  return out;
}

}  // namespace turnabout::cli
