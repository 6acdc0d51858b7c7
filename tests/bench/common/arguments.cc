#include "tests/bench/common/arguments.h"

#include <cstdio>

#include "tests/bench/common/files.h"

namespace turnabout::bench {

std::optional<Arguments> ReadArguments(int count, char** words) {
  Arguments arguments;
  for (int i = 1; i < count; ++i) {
    const std::string flag = words[i];
    if (flag == "--quick") {
      arguments.quick = true;
    } else if (flag == "--full") {
      arguments.full = true;
    } else if (i + 1 < count && (flag == "--json" || flag == "--folder" || flag == "--only")) {
      std::string& value = flag == "--json"     ? arguments.json_file
                           : flag == "--folder" ? arguments.folder
                                                : arguments.only;
      value = words[++i];
    } else {
      return std::nullopt;
    }
  }
  return arguments;
}

bool WriteJson(const Arguments& arguments, const std::string& program, const std::string& text) {
  if (arguments.json_file.empty() || WriteWhole(arguments.json_file, text)) return true;
  std::fprintf(stderr, "%s: %s cannot be written\n", program.c_str(), arguments.json_file.c_str());
  return false;
}

}  // namespace turnabout::bench
