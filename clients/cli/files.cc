#include "clients/cli/files.h"

#include <fstream>
#include <iostream>

#include "absl/strings/str_cat.h"

namespace turnabout::cli {

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file;
  if (path != "-") file.open(path, std::ios::binary);
  std::istream& in = path == "-" ? std::cin : file;
  constexpr size_t kAtOnce = 1 << 20;
  std::string text;
  while (in.good()) {
    const size_t size = text.size();
    text.resize(size + kAtOnce);
    in.read(text.data() + size, kAtOnce);
    text.resize(size + static_cast<size_t>(in.gcount()));
  }
  if (!in.eof()) {
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
