#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "base/clock.h"
#include "clients/cli/run.h"

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  turnabout::cli::Console console{std::cout, std::cerr, isatty(STDERR_FILENO) == 1};
  const turnabout::SystemClock clock;
  const auto environment = [](absl::string_view name) {
    const char* value = std::getenv(std::string(name).c_str());
    return std::string(value == nullptr ? "" : value);
  };
  return turnabout::cli::Run(words, console, environment, clock);
}
