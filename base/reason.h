// A Reason is one way to be refused. Every error that leaves the project is a catalogue entry with its facts.
//
//   return Refuse(Reason::kCreditLimitReached, {{"limit", "-600"}, {"would_be", "-660"}});
//
// makes an absl::Status with the reason's code, its sentence with the facts filled in, and a payload that
// RefusalOf reads back, so that whoever meets the status can tell what happened without reading the sentence.
#ifndef TURNABOUT_BASE_REASON_H_
#define TURNABOUT_BASE_REASON_H_

#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace turnabout {

enum class Reason : int {
#define REASON(number, name, wire, code, sentence) name = number,
#include "base/reasons.inc"
#undef REASON
};

struct ReasonInfo {
  Reason reason;
  absl::string_view name;  // as clients see it: "CREDIT_LIMIT_REACHED"
  absl::StatusCode code;
  absl::string_view sentence;  // for a person, with {key} where a fact goes
};

// Every reason, in catalogue order.
const std::vector<ReasonInfo>& AllReasons();

const ReasonInfo& InfoOf(Reason reason);

// A bad field of a request: where it is, and what to do about it.
struct FieldProblem {
  std::string field;        // path from the request, "member.offers[2].category"
  std::string description;  // "Enter how many minutes"
};

// What a status made by Refuse carries.
struct Refusal {
  Reason reason;
  std::vector<std::pair<std::string, std::string>> facts;
  std::vector<FieldProblem> fields;  // only with kBadFields

  // The fact named `key`, or "" when there is none.
  absl::string_view fact(absl::string_view key) const;
};

using Facts = std::initializer_list<std::pair<absl::string_view, absl::string_view>>;

// A status with the code, sentence and facts of `reason`. Facts never hold a person's name, contact or words.
absl::Status Refuse(Reason reason, Facts facts = {});

// BAD_FIELDS with every problem at once. REQUIRES: !problems.empty().
absl::Status RefuseFields(std::vector<FieldProblem> problems);

// The refusal inside `status`; nothing when it is OK or was not made by Refuse.
std::optional<Refusal> RefusalOf(const absl::Status& status);

// Why `status` is not OK, as it leaves the process: kInternal when it was not made by Refuse. Nothing when it is OK.
std::optional<Reason> RefusedFor(const absl::Status& status);

// True when `status` is a refusal for `reason`.
bool IsRefusedFor(const absl::Status& status, Reason reason);

}  // namespace turnabout

#endif  // TURNABOUT_BASE_REASON_H_
