// Runs a scenario, a table of what people do and how the books answer. README.md has the language.
//
//   for (const ScenarioProblem& problem : RunScenario(text, books)) ADD_FAILURE_AT(file, problem.line) << problem.text;
#ifndef TURNABOUT_TESTS_SCENARIOS_RUNNER_H_
#define TURNABOUT_TESTS_SCENARIOS_RUNNER_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/support/books.h"

namespace turnabout {

struct ScenarioProblem {
  int line = 0;  // from 1
  std::string text;
};

// Every line that the books answered otherwise than it says, or that cannot be read. REQUIRES: `books` are empty.
std::vector<ScenarioProblem> RunScenario(absl::string_view text, Books& books);

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_SCENARIOS_RUNNER_H_
