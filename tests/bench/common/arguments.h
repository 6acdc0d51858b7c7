// The arguments that every benchmark takes: [--quick | --full] [--json FILE] [--folder DIR] [--only TEXT].
//
//   const std::optional<Arguments> arguments = ReadArguments(argc, argv);   // nothing when it was called wrongly
//   if (arguments->quick) ...
#ifndef TURNABOUT_TESTS_BENCH_COMMON_ARGUMENTS_H_
#define TURNABOUT_TESTS_BENCH_COMMON_ARGUMENTS_H_

#include <optional>
#include <string>

namespace turnabout::bench {

struct Arguments {
  bool quick = false;
  bool full = false;
  std::string json_file;        // "": none is written
  std::string folder = "/tmp";  // where what is measured keeps its data
  std::string only;             // contenders whose name has this in it
};

std::optional<Arguments> ReadArguments(int count, char** words);

// Writes `text` where the arguments ask for it. False, with a line on stderr from `program`, when it cannot be.
bool WriteJson(const Arguments& arguments, const std::string& program, const std::string& text);

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_COMMON_ARGUMENTS_H_
