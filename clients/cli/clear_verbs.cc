#include <chrono>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/crew.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "clients/cli/files.h"
#include "clients/cli/session.h"
#include "clients/cli/text.h"
#include "clients/cli/verbs.h"
#include "matcher/clear/solve.h"
#include "matcher/clear/text.h"
#include "matcher/clear/verify.h"

namespace turnabout::cli {
namespace {

// The status of reading a file, having said which file that was.
absl::Status InFile(Session& session, const std::string& path, const absl::Status& status) {
  if (!status.ok()) session.Note(absl::StrCat("In ", path == "-" ? "standard input" : path, ":"));
  return status;
}

absl::StatusOr<clear::Problem> ReadProblemFile(Session& session, const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  absl::StatusOr<clear::Problem> problem = clear::ReadProblem(text);
  RETURN_IF_ERROR(InFile(session, path, problem.status()));
  return problem;
}

absl::StatusOr<int> Threads(Session& session) {
  int threads = CrewSize();
  const std::string& text = session.flag("threads");
  if (!text.empty() && (!absl::SimpleAtoi(text, &threads) || threads < 1)) {
    return absl::InvalidArgumentError("--threads takes a whole number from 1.\n  Write: --threads 2");
  }
  return threads;
}

// False once --timeout has passed, if it was given.
clear::KeepGoing UntilTimeout(Session& session) {
  absl::Duration timeout;
  if (!absl::ParseDuration(session.flag("timeout"), &timeout)) return {};
  const auto end = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(timeout);
  return [end](int64_t, int64_t) { return std::chrono::steady_clock::now() < end; };
}

absl::Status VerifyResult(Session& session, clear::Problem problem, const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  const bool people_first = session.command().has("people-first");
  absl::StatusOr<clear::Answer> answer = clear::ReadAnswer(text, problem);
  RETURN_IF_ERROR(InFile(session, path, answer.status()));
  if (people_first && problem.objective != clear::Objective::kPeopleFirst) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, " puts weight first.\n  Write: turnabout clear --verify, without --people-first"));
  }
  RETURN_IF_ERROR(clear::Verify(problem, *answer));
  if (session.json()) {
    session.out() << "{\"holds\": true}\n";
    return absl::OkStatus();
  }
  session.out() << "The result holds: every limit is kept, the value is right, and nothing "
                << (problem.objective == clear::Objective::kPeopleFirst
                        ? "serves more people, or as many with more weight"
                        : "is worth more")
                << ".\n";
  return absl::OkStatus();
}

absl::Status SolveFile(Session& session, const clear::Problem& problem) {
  ASSIGN_OR_RETURN(const int threads, Threads(session));
  const absl::StatusOr<clear::Answer> solved = clear::Solve(problem, {threads, UntilTimeout(session)});
  if (absl::IsCancelled(solved.status())) return Refuse(Reason::kDeadlinePassed);
  RETURN_IF_ERROR(solved.status());
  const clear::Answer& answer = *solved;
  const std::string text = clear::WriteAnswer(problem, answer);
  const std::string& out = session.flag("out");
  if (out.empty()) {
    session.out() << text;
  } else {
    RETURN_IF_ERROR(WriteFile(out, text));
  }
  session.Note(absl::StrCat(Count(static_cast<int64_t>(answer.choices.size()), "edge", "edges"), " chosen of ",
                            Grouped(problem.edges()), "; ", Count(answer.served, "member", "members"), " served of ",
                            Grouped(problem.members()), "."));
  return absl::OkStatus();
}

absl::Status Clear(Session& session) {
  const bool verify = session.command().has("verify");
  const std::string& result = session.command().argument(1);
  if (verify && result.empty()) {
    return absl::InvalidArgumentError(
        "Say which result to check.\n  Write: turnabout clear --verify problem.txt result.txt");
  }
  if (!verify && !result.empty()) {
    return absl::InvalidArgumentError(
        "A result is only read to be checked.\n  Write: turnabout clear problem.txt --out result.txt");
  }
  ASSIGN_OR_RETURN(clear::Problem problem, ReadProblemFile(session, session.command().argument()));
  if (verify) return VerifyResult(session, std::move(problem), result);
  if (session.command().has("people-first")) problem.objective = clear::Objective::kPeopleFirst;
  return SolveFile(session, problem);
}

}  // namespace

std::vector<VerbSpec> ClearVerbs() {
  return {
      {.path = "clear",
       .summary = "Find the best choice for a problem in numbers, with a proof, or check one. Asks no server.",
       .example = "turnabout clear problem.txt --out result.txt\nturnabout clear --verify problem.txt result.txt",
       .arguments = {{"problem", "A file of p, m and e lines; - for standard input."},
                     {"result", "With --verify: what to check.", Takes::kOptional}},
       .flags = {{"people-first", "",
                  "Serve as many members as can be, and only then weigh. Otherwise weight decides."},
                 {"verify", "", "Check the result instead of finding one."},
                 {"out", "FILE", "Where the result goes. Otherwise standard output."},
                 {"threads", "N", "How many threads. Otherwise as many as there are processors."}},
       .run = Clear},
  };
}

}  // namespace turnabout::cli
