// A Session is one run of one verb: what was typed, where to write, and the server to ask.
#ifndef TURNABOUT_CLIENTS_CLI_SESSION_H_
#define TURNABOUT_CLIENTS_CLI_SESSION_H_

#include <functional>
#include <map>
#include <memory>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "base/clock.h"
#include "clients/cli/api.h"
#include "clients/cli/flags.h"
#include "clients/cli/people.h"

namespace turnabout::cli {

// Where a run writes. Data goes to `out`, talk to `err`.
struct Console {
  std::ostream& out;
  std::ostream& err;
  bool err_is_terminal = false;
};

class Session {
 public:
  // REQUIRES: all of them outlive the Session.
  Session(const Command& command, Console& console, const Clock& clock);

  const Command& command() const { return command_; }
  const std::string& flag(absl::string_view name) const { return command_.flag(name); }
  std::ostream& out() { return console_.out; }
  Console& console() { return console_; }
  Api& api() { return *api_; }
  People& people() { return people_; }
  bool json() const { return command_.flag("output") == "json"; }
  absl::Time Now() const { return clock_.Now(); }
  absl::CivilDay Today() const { return DayOf(clock_.Now()); }

  // "schemes/riverside": as --scheme says, or the server's only scheme. INVALID_ARGUMENT when it has none or several.
  absl::StatusOr<std::string> Scheme();

  // The full name for an id or a full name: Named("matches", "01jd…") is "schemes/riverside/matches/01jd…".
  absl::StatusOr<std::string> Named(absl::string_view collection, absl::string_view text);

  // The member's full name for a reference, an id or a full name. Errors: MEMBER_NOT_FOUND by the server's own words.
  absl::StatusOr<std::string> Member(absl::string_view text);

  // The account's full name for "ben" or "pot" (and "opening", "clearing", "expiry") and "minutes" or "turns".
  absl::StatusOr<std::string> Account(absl::string_view owner, absl::string_view unit);

  // Who is doing this: what --as says, or `fallback`. "coordinator" and nothing mean the person at this terminal.
  absl::StatusOr<std::string> Actor(absl::string_view fallback = "");

  // A day as people write it, in the API's form. "" stays "".
  absl::StatusOr<std::string> Date(absl::string_view text) const;

  // The answer: as JSON, or as `show` writes it for a person.
  void Answer(const google::protobuf::Message& response, const std::function<void()>& show);

  // What to do next, for a person.
  void SuggestNext(absl::string_view command);
  // Something worth knowing that is not the answer.
  void Note(absl::string_view sentence);

  // Remembers what a hint after a refusal may name: Mention("receiver", "ben").
  void Mention(absl::string_view key, absl::string_view text) { mentions_[std::string(key)] = std::string(text); }
  const std::map<std::string, std::string>& mentions() const { return mentions_; }

 private:
  const Command& command_;
  Console& console_;
  const Clock& clock_;
  std::unique_ptr<Api> api_;
  People people_;
  std::string scheme_;
  std::map<std::string, std::string> mentions_;
};

// The part of a resource's name after the last '/'.
std::string IdOf(absl::string_view name);

// The flag --as, for the verbs that say who acts.
FlagSpec AsFlag(absl::string_view fallback = "the coordinator at this terminal");

}  // namespace turnabout::cli

#endif  // TURNABOUT_CLIENTS_CLI_SESSION_H_
