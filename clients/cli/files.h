// Whole files.
#ifndef TURNABOUT_CLIENTS_CLI_FILES_H_
#define TURNABOUT_CLIENTS_CLI_FILES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace turnabout::cli {

// The file's bytes; "-" is standard input. INVALID_ARGUMENT, naming the file, when it cannot be read.
absl::StatusOr<std::string> ReadFile(const std::string& path);

// Replaces the file. INVALID_ARGUMENT, naming the file, when it cannot be written.
absl::Status WriteFile(const std::string& path, absl::string_view text);

}  // namespace turnabout::cli

#endif  // TURNABOUT_CLIENTS_CLI_FILES_H_
