// Feeds bytes to the reader of clearing problems. What it takes can be solved, verified, written, and read back to the
// same; what follows a line of dashes is read as an answer to it.
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "base/reason.h"
#include "matcher/clear/solve.h"
#include "matcher/clear/text.h"
#include "matcher/clear/verify.h"

namespace {

using namespace turnabout;
using namespace turnabout::clear;

void Expect(bool holds) {
  if (!holds) __builtin_trap();
}

void CheckAnswer(absl::string_view text, Problem problem) {
  const absl::StatusOr<Answer> answer = ReadAnswer(text, problem);
  if (!answer.ok()) return Expect(IsRefusedFor(answer.status(), Reason::kBadInstance));
  const absl::Status status = Verify(problem, *answer);
  Expect(status.ok() || IsRefusedFor(status, Reason::kNotProven));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t dashes = text.find("---\n");
  const absl::StatusOr<Problem> problem = ReadProblem(text.substr(0, dashes));
  if (!problem.ok()) {
    Expect(IsRefusedFor(problem.status(), Reason::kBadInstance));
    return 0;
  }
  if (dashes != absl::string_view::npos) CheckAnswer(text.substr(dashes + 4), *problem);
  const absl::StatusOr<Answer> answer = Solve(*problem, {});
  if (!answer.ok()) {
    Expect(IsRefusedFor(answer.status(), Reason::kBadFields));
    return 0;
  }
  Expect(Verify(*problem, *answer).ok());
  const std::string written = WriteAnswer(*problem, *answer);
  Problem again = *ReadProblem(WriteProblem(*problem));
  Expect(*ReadAnswer(written, again) == *answer);
  return 0;
}
