#include "clients/cli/run.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "base/reason.h"
#include "clients/cli/text.h"
#include "clients/cli/verbs.h"

namespace turnabout::cli {
namespace {

struct Hint {
  absl::string_view reason;
  absl::string_view next;  // {key} is what the verb mentioned, else the key in capitals
};

constexpr Hint kHints[] = {
    {"PLEDGE_NEEDED", "turnabout pledge make {receiver}"},
    {"TURN_NEEDED", "turnabout standing {receiver}"},
    {"PLEDGE_EXISTS", "turnabout pledge list --member {member}"},
    {"PLEDGE_OUTSTANDING", "turnabout standing {member}"},
    {"CREDIT_LIMIT_REACHED", "turnabout standing {receiver}"},
    {"SCHEME_NOT_FOUND", "turnabout scheme list"},
    {"MEMBER_NOT_FOUND", "turnabout members list"},
    {"MATCH_NOT_FOUND", "turnabout matches list"},
    {"EXCHANGE_NOT_FOUND", "turnabout exchanges list"},
    {"ENTRY_NOT_FOUND", "turnabout statement MEMBER"},
    {"ROUND_NOT_FOUND", "turnabout round list"},
    {"PLEDGE_NOT_FOUND", "turnabout pledge list"},
    {"SCHEME_EXISTS", "turnabout scheme show --scheme {scheme}"},
    {"UNKNOWN_PLACE", "turnabout places import places.csv"},
    {"CHECK_LAPSED", "turnabout members show {giver}"},
    {"CAPACITY_FULL", "turnabout matches list --filter 'giver = \"{giver_name}\"'"},
    {"NEED_MET", "turnabout matches list --filter 'receiver = \"{receiver_name}\"'"},
    {"PAIR_EXCLUDED", "turnabout suggest {receiver}"},
    {"TOO_FAR", "turnabout suggest {receiver}"},
    {"NO_SHARED_LANGUAGE", "turnabout suggest {receiver}"},
    {"NO_SHARED_TIME", "turnabout suggest {receiver}"},
    {"NOTHING_IN_COMMON", "turnabout suggest {receiver}"},
    {"PAIR_RESTING", "turnabout suggest {receiver}"},
    {"OWN_HOURS", "turnabout exchanges confirm {exchange} --as OTHER-PERSON"},
    {"MEMBER_OWES", "turnabout members show {member}"},
    {"ROUND_RUNNING", "turnabout round list"},
    {"JOURNAL_DAMAGED", "stop the server, keep the data folder as it is, and restore the last backup"},
    {"BOOKS_DISAGREE", "stop the server, keep the data folder as it is, and restore the last backup"},
};

std::string NextFor(absl::string_view reason, const std::map<std::string, std::string>& mentions) {
  for (const Hint& hint : kHints) {
    if (hint.reason != reason) continue;
    std::vector<std::pair<std::string, std::string>> filled;
    for (const auto& [key, value] : mentions) filled.emplace_back(absl::StrCat("{", key, "}"), value);
    return absl::StrReplaceAll(absl::StrReplaceAll(hint.next, filled), {{"{receiver}", "MEMBER"},
                                                                        {"{giver}", "MEMBER"},
                                                                        {"{member}", "MEMBER"},
                                                                        {"{scheme}", "SCHEME"},
                                                                        {"{exchange}", "EXCHANGE"},
                                                                        {"{giver_name}", "MEMBER"},
                                                                        {"{receiver_name}", "MEMBER"}});
  }
  return "";
}

std::vector<FlagSpec> GlobalFlags() {
  return {
      {"server", "ADDRESS", "The server.", "TURNABOUT_SERVER", "127.0.0.1:50051"},
      {"scheme", "ID", "The scheme; not needed when the server has one.", "TURNABOUT_SCHEME"},
      {"output", "FORM", "table for people, json for programs.", "TURNABOUT_OUTPUT", "table"},
      {"timeout", "TIME", "How long each call may take, such as 30s. Otherwise what suits the call.",
       "TURNABOUT_TIMEOUT"},
      {"request-id", "ID", "The write's own id: sent again, it changes nothing twice. Otherwise one is drawn."},
      {"help", "", "This help."},
  };
}

// Values that must be right before anything is sent.
absl::Status JudgeGlobals(const Command& command) {
  const std::string& output = command.flag("output");
  if (output != "table" && output != "json") {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", output, "\" is not an output.\n  Write: --output table or --output json"));
  }
  absl::Duration timeout;
  const std::string& text = command.flag("timeout");
  if (!text.empty() && (!absl::ParseDuration(text, &timeout) || timeout <= absl::ZeroDuration())) {
    return absl::InvalidArgumentError(absl::StrCat("\"", text, "\" is not a time to wait.\n  Write: --timeout 30s"));
  }
  return absl::OkStatus();
}

}  // namespace

ExitCode ExitCodeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return kDone;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return kUsage;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
      return kUnreachable;
    case absl::StatusCode::kDataLoss:
      return kDamaged;
    default:
      return kRefused;
  }
}

void PrintError(const absl::Status& status, const std::map<std::string, std::string>& mentions,
                const std::string& server, std::ostream& err) {
  const ErrorDetails details = DetailsOf(status);
  if (status.code() == absl::StatusCode::kUnavailable && details.reason.empty()) {
    err << "The server at " << server
        << " cannot be reached.\n  Next: start it with turnaboutd serve, or say where it is with --server\n";
    return;
  }
  if (status.code() == absl::StatusCode::kDeadlineExceeded && details.reason.empty()) {
    err << "The server at " << server
        << " did not answer in time.\n  Next: try again, or give it longer with --timeout\n";
    return;
  }
  if (details.fields.empty()) {
    const std::vector<std::string> lines = absl::StrSplit(status.message(), '\n');
    for (size_t i = 0; i < lines.size(); ++i) {
      err << lines[i] << (i == 0 && !details.reason.empty() ? absl::StrCat(" [", details.reason, "]") : "") << "\n";
    }
  } else {
    err << "Some of what was sent needs correcting [" << (details.reason.empty() ? "BAD_FIELDS" : details.reason)
        << "]:\n";
    for (const auto& [field, description] : details.fields)
      err << "  " << field << ": " << Printable(description) << "\n";
  }
  const std::string next = NextFor(details.reason, mentions);
  if (!next.empty()) err << "  Next: " << next << "\n";
}

const CommandLine& TheCommandLine() {
  static const auto* const line = [] {
    std::vector<VerbSpec> all;
    for (auto verbs : {SchemeVerbs, ImportVerbs, MemberVerbs, PledgeVerbs, RoundVerbs, MatchVerbs, ExchangeVerbs,
                       LedgerVerbs, JournalVerbs, WatchVerbs, ServerVerbs, GenerateVerbs, ClearVerbs}) {
      for (VerbSpec& verb : verbs()) all.push_back(std::move(verb));
    }
    return new CommandLine(std::move(all), GlobalFlags());
  }();
  return *line;
}

ExitCode Run(const std::vector<std::string>& words, Console& console, const Environment& environment,
             const Clock& clock) {
  const CommandLine& line = TheCommandLine();
  const std::string help = line.HelpAsked(words);
  if (!help.empty()) {
    console.out << help;
    return kDone;
  }
  absl::StatusOr<Command> command = line.Read(words, environment);
  absl::Status status = command.ok() ? JudgeGlobals(*command) : command.status();
  if (!status.ok()) {
    PrintError(status, {}, "", console.err);
    return ExitCodeOf(status);
  }
  Session session(*command, console, clock);
  status = command->verb().run(session);
  if (!status.ok()) PrintError(status, session.mentions(), command->flag("server"), console.err);
  console.out.flush();
  return ExitCodeOf(status);
}

}  // namespace turnabout::cli
