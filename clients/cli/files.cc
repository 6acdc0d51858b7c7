#include "clients/cli/files.h"

#include <fstream>
#include <iostream>
#include <iterator>

#include "absl/strings/str_cat.h"

namespace turnabout::cli {

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file.good() && !file.eof()) {
    return absl::InvalidArgumentError(absl::StrCat("The file ", path, " cannot be read. Check its name and folder."));
  }
  return text;
}

absl::Status WriteFile(const std::string& path, absl::string_view text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  if (!file.good()) return absl::InvalidArgumentError(absl::StrCat("The file ", path, " cannot be written."));
  return absl::OkStatus();
}

}  // namespace turnabout::cli
