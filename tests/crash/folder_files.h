// Short words for what tests look at in a data folder from outside.
#ifndef TURNABOUT_TESTS_CRASH_FOLDER_FILES_H_
#define TURNABOUT_TESTS_CRASH_FOLDER_FILES_H_

#include <filesystem>
#include <map>
#include <string>

#include "tests/unit/store/journal/journal_folder.h"

namespace turnabout {

// Every file below `folder` with its bytes, but for those that tell who has it open.
inline std::map<std::string, std::string> BytesIn(const std::string& folder) {
  std::map<std::string, std::string> bytes;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (!file.is_regular_file() || file.path().filename() == "LOCK") continue;
    bytes[std::filesystem::relative(file.path(), folder)] = ReadWholeFile(file.path());
  }
  return bytes;
}

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_CRASH_FOLDER_FILES_H_
