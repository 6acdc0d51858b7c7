#include "base/reason.h"

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "base/check.h"

namespace turnabout {
namespace {

constexpr absl::string_view kPayloadUrl = "turnabout/refusal";
// The payload is a list of texts, each ended by a zero byte: the reason's number, the facts' keys and values, an empty
// key, then fields and descriptions. It never leaves the process.
constexpr char kEnd = '\0';

void AppendText(std::string& out, absl::string_view text) {
  absl::StrAppend(&out, absl::StrReplaceAll(text, {{absl::string_view("\0", 1), " "}}));
  out += kEnd;
}

std::string Fill(absl::string_view sentence, Facts facts) {
  std::vector<std::pair<std::string, absl::string_view>> replacements;
  for (const auto& [key, value] : facts) replacements.emplace_back(absl::StrCat("{", key, "}"), value);
  return absl::StrReplaceAll(sentence, replacements);
}

absl::Status Make(Reason reason, Facts facts, const std::vector<FieldProblem>& problems) {
  const ReasonInfo& info = InfoOf(reason);
  absl::Status status(info.code, Fill(info.sentence, facts));
  std::string payload;
  AppendText(payload, absl::StrCat(static_cast<int>(reason)));
  for (const auto& [key, value] : facts) {
    AppendText(payload, key);
    AppendText(payload, value);
  }
  AppendText(payload, "");
  for (const FieldProblem& problem : problems) {
    AppendText(payload, problem.field);
    AppendText(payload, problem.description);
  }
  status.SetPayload(kPayloadUrl, absl::Cord(payload));
  return status;
}

}  // namespace

const std::vector<ReasonInfo>& AllReasons() {
  static const auto* const all = new std::vector<ReasonInfo>{
#define REASON(number, name, wire, code, sentence) {Reason::name, wire, absl::StatusCode::code, sentence},
#include "base/reasons.inc"
#undef REASON
  };
  return *all;
}

const ReasonInfo& InfoOf(Reason reason) {
  for (const ReasonInfo& info : AllReasons()) {
    if (info.reason == reason) return info;
  }
  CheckFailed(__FILE__, __LINE__, "a reason outside the catalogue");
}

absl::string_view Refusal::fact(absl::string_view key) const {
  for (const auto& [name, value] : facts) {
    if (name == key) return value;
  }
  return "";
}

absl::Status Refuse(Reason reason, Facts facts) { return Make(reason, facts, {}); }

absl::Status RefuseFields(std::vector<FieldProblem> problems) {
  TURNABOUT_CHECK(!problems.empty());
  const std::string all = absl::StrJoin(problems, "; ", [](std::string* out, const FieldProblem& problem) {
    absl::StrAppend(out, problem.field, ": ", problem.description);
  });
  return Make(Reason::kBadFields, {{"fields", all}}, problems);
}

std::optional<Refusal> RefusalOf(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayloadUrl);
  if (!payload.has_value()) return std::nullopt;
  const std::string bytes(*payload);
  const std::vector<std::string> texts = absl::StrSplit(bytes, kEnd);
  int number = 0;
  TURNABOUT_CHECK(absl::SimpleAtoi(texts[0], &number));
  Refusal refusal{static_cast<Reason>(number), {}, {}};
  size_t at = 1;
  for (; at + 1 < texts.size() && !texts[at].empty(); at += 2) refusal.facts.emplace_back(texts[at], texts[at + 1]);
  for (++at; at + 1 < texts.size(); at += 2) refusal.fields.push_back({texts[at], texts[at + 1]});
  return refusal;
}

std::optional<Reason> RefusedFor(const absl::Status& status) {
  if (status.ok()) return std::nullopt;
  const std::optional<Refusal> refusal = RefusalOf(status);
  return refusal.has_value() ? refusal->reason : Reason::kInternal;
}

bool IsRefusedFor(const absl::Status& status, Reason reason) {
  const std::optional<Refusal> refusal = RefusalOf(status);
  return refusal.has_value() && refusal->reason == reason;
}

}  // namespace turnabout
