#include "tests/sim/command.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/reason.h"
#include "base/status_macros.h"

namespace turnabout::sim {
namespace {

using What = Operation::What;

std::string NameOfReason(const absl::Status& status) {
  if (status.ok()) return "";
  const std::optional<Refusal> refusal = RefusalOf(status);
  return refusal.has_value() ? std::string(InfoOf(refusal->reason).name) : status.ToString();
}

std::vector<Draft> DraftsOf(const std::vector<Line>& lines) {
  std::vector<Draft> drafts;
  for (const Line& line : lines) drafts.push_back(DraftOf(line));
  return drafts;
}

absl::Status Add(absl::StatusOr<std::vector<Entry>> written, std::vector<Entry>& entries) {
  if (!written.ok()) return written.status();
  for (Entry& entry : *written) entries.push_back(std::move(entry));
  return absl::OkStatus();
}
absl::Status Add(absl::StatusOr<Entry> written, std::vector<Entry>& entries) {
  if (!written.ok()) return written.status();
  entries.push_back(*std::move(written));
  return absl::OkStatus();
}

absl::Status RunPost(const Operation& operation, const Ledger& ledger, Txn& txn, Answer& answer) {
  size_t refused = 0;
  const absl::Status posted = Add(ledger.Post(DraftsOf(operation.lines), txn, &refused), answer.entries);
  if (!posted.ok() && !IsRefusedFor(posted, Reason::kInternal)) answer.refused = refused;
  return posted;
}

absl::Status RunOperation(const Operation& operation, const Ledger& ledger, Txn& txn, Answer& answer) {
  switch (operation.what) {
    case What::kSetLimits:
      ledger.SetLimits(KeyOf(operation.account), {operation.floor, operation.ceiling}, txn);
      return absl::OkStatus();
    case What::kCheckFloor:
      return ledger.CheckFloor(KeyOf(operation.account), txn);
    case What::kPost:
      return RunPost(operation, ledger, txn, answer);
    case What::kHold: {
      const absl::Duration hold_for =
          operation.seconds.has_value() ? absl::Seconds(*operation.seconds) : absl::InfiniteDuration();
      return Add(ledger.Hold(DraftsOf(operation.lines), hold_for, txn), answer.entries);
    }
    case What::kPostHold:
      return Add(ledger.PostHold(IdOf(operation.entry), operation.amount, IdOf(operation.id), txn), answer.entries);
    case What::kResolveSet: {
      Name next = operation.id;
      return Add(ledger.ResolveSet(
                     IdOf(operation.entry), operation.how, [&next] { return IdOf(next++); }, txn),
                 answer.entries);
    }
    case What::kReverse:
      return Add(ledger.Reverse(IdOf(operation.entry), IdOf(operation.id), operation.overridden, txn), answer.entries);
    case What::kRow:
      if (operation.value.has_value()) {
        txn.Put(operation.key, *operation.value);
      } else {
        txn.Delete(operation.key);
      }
      return absl::OkStatus();
    case What::kRefuse:
      return Refuse(Reason::kEtagMismatch);
  }
  return absl::OkStatus();
}

absl::Status RunAll(const Command& command, const Ledger& ledger, Txn& txn, Answer& answer) {
  const RequestKey key = RequestKeyOf(command.request);
  if (!command.request.empty()) {
    if (const std::optional<Remembered> before = txn.FindRequest(key)) {
      if (before->content != command.content) return Refuse(Reason::kRequestIdReused);
      answer.repeated = before->answer;
      return absl::OkStatus();
    }
  }
  for (const Operation& operation : command.operations) {
    RETURN_IF_ERROR(RunOperation(operation, ledger, txn, answer));
  }
  if (!command.request.empty()) txn.Remember(key, {command.content, TextOf(answer.entries)});
  return absl::OkStatus();
}

absl::string_view ForetellOperation(const Operation& operation, Model& model, int64_t time, Answer& answer) {
  switch (operation.what) {
    case What::kSetLimits:
      model.SetLimits(operation.account, operation.floor, operation.ceiling);
      return "";
    case What::kCheckFloor:
      return model.CheckFloor(operation.account);
    case What::kPost: {
      size_t refused = 0;
      const absl::string_view reason = model.Post(operation.lines, time, &refused);
      if (!reason.empty() && reason != "INTERNAL") answer.refused = refused;
      return reason;
    }
    case What::kHold:
      return model.Hold(operation.lines, operation.seconds, time);
    case What::kPostHold:
      return model.PostHold(operation.entry, operation.amount, operation.id, time);
    case What::kResolveSet:
      return model.ResolveSet(operation.entry, operation.how, operation.id, time);
    case What::kReverse:
      return model.Reverse(operation.entry, operation.id, operation.overridden, time);
    case What::kRow:
      model.SetRow(operation.key, operation.value);
      return "";
    case What::kRefuse:
      return "ETAG_MISMATCH";
  }
  return "";
}

std::vector<Entry> EntriesAfter(const Model& model, size_t place) {
  std::vector<Entry> entries;
  while (++place <= model.size()) {
    if (const auto* fact = std::get_if<EntryFact>(&model.fact(place))) entries.push_back(EntryOf(*fact));
  }
  return entries;
}

std::string TextOf(const Line& line) {
  return absl::StrCat(line.id, ": ", TextOf(line.payer()), " → ", line.to, " ", line.amount,
                      line.overridden ? " overridden" : "");
}

std::string TextOf(const Operation& operation) {
  std::vector<std::string> lines;
  for (const Line& line : operation.lines) lines.push_back(TextOf(line));
  switch (operation.what) {
    case What::kSetLimits:
      return absl::StrCat("limits of ", TextOf(operation.account), " ", operation.floor, "…", operation.ceiling);
    case What::kCheckFloor:
      return absl::StrCat("check the floor of ", TextOf(operation.account));
    case What::kPost:
      return absl::StrCat("post ", absl::StrJoin(lines, ", "));
    case What::kHold:
      return absl::StrCat("hold ", absl::StrJoin(lines, ", "), " for ", operation.seconds.value_or(-1), " s");
    case What::kPostHold:
      return absl::StrCat("post ", operation.amount, " of ", operation.entry, " as ", operation.id);
    case What::kResolveSet:
      return absl::StrCat("the set of ", operation.entry, " is ", turnabout::NameOf(operation.how), " as ",
                          operation.id, "…");
    case What::kReverse:
      return absl::StrCat("reverse ", operation.entry, " by ", operation.id, operation.overridden ? " overridden" : "");
    case What::kRow:
      return absl::StrCat(operation.value.has_value() ? "put " : "delete ", operation.key);
    case What::kRefuse:
      return "refuse";
  }
  return "";
}

}  // namespace

absl::Status RunCommand(const Command& command, const Ledger& ledger, Txn& txn, Answer& answer) {
  const absl::Status status = RunAll(command, ledger, txn, answer);
  answer.reason = NameOfReason(status);
  if (!status.ok()) answer.entries.clear();
  return status;
}

Answer Foretell(const Command& command, Model& model, int64_t time) {
  Answer answer;
  const size_t before = model.size();
  if (!command.request.empty()) {
    if (const RequestFact* known = model.RequestAt(command.request, before)) {
      if (known->content == command.content) {
        answer.repeated = known->answer;
      } else {
        answer.reason = "REQUEST_ID_REUSED";
      }
      return answer;
    }
  }
  for (const Operation& operation : command.operations) {
    answer.reason = std::string(ForetellOperation(operation, model, time, answer));
    if (answer.reason.empty()) continue;
    model.Truncate(before);
    return answer;
  }
  answer.entries = EntriesAfter(model, before);
  if (!command.request.empty()) model.Remember({command.request, command.content, TextOf(answer.entries)});
  if (command.dry_run) model.Truncate(before);
  return answer;
}

std::string TextOf(const std::vector<Entry>& entries) {
  std::string text;
  for (const Entry& entry : entries) absl::StrAppend(&text, entry.scheme, "/", entry.number, " ");
  return text;
}

std::string TextOf(const Command& command) {
  std::string text;
  if (!command.request.empty()) absl::StrAppend(&text, "request ", command.request, "=", command.content, ": ");
  if (command.dry_run) absl::StrAppend(&text, "dry run: ");
  for (const Operation& operation : command.operations) absl::StrAppend(&text, TextOf(operation), "; ");
  return text;
}

std::string TextOf(const Answer& answer) {
  if (!answer.reason.empty()) {
    return answer.refused.has_value() ? absl::StrCat(answer.reason, " for line ", *answer.refused) : answer.reason;
  }
  return answer.repeated.empty() ? absl::StrCat("written ", TextOf(answer.entries))
                                 : absl::StrCat("as before: ", answer.repeated);
}

}  // namespace turnabout::sim
