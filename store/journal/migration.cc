#include "store/journal/migration.h"

#include <filesystem>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "store/journal/posix_file.h"
#include "store/shelf/shelf.h"

namespace turnabout {
namespace {

constexpr char kFormat[] = "FORMAT";

// From format 2 on, a folder has a shelf beside its journal. A folder of format 1 has none: what lies there under that
// name was made from no journal that this one continues.
absl::Status AllowShelf(const std::string& folder) {
  const std::string shelf = absl::StrCat(folder, "/", kShelfFolder);
  std::error_code error;
  std::filesystem::remove_all(shelf, error);
  if (error) {
    const std::string problem = absl::StrCat(shelf, ": ", error.message());
    return Refuse(Reason::kJournalUnavailable, {{"verb", "written"}, {"problem", problem}});
  }
  return SyncFolder(folder);
}

}  // namespace

const std::vector<MigrationStep>& MigrationSteps() {
  static const auto* const steps = new std::vector<MigrationStep>{AllowShelf};
  return *steps;
}

absl::StatusOr<uint64_t> ReadFormat(const std::string& folder, uint64_t newest) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(absl::StrCat(folder, "/", kFormat)));
  uint64_t found = 0;
  if (absl::SimpleAtoi(text, &found) && found >= 1 && found <= newest) return found;
  const std::string shown = JsonEscape(absl::StripAsciiWhitespace(absl::string_view(text).substr(0, 40)));
  return Refuse(Reason::kFormatUnknown, {{"folder", folder}, {"found", shown}, {"known", absl::StrCat(newest)}});
}

absl::Status WriteFormat(const std::string& folder, uint64_t format) {
  return WriteFileDurably(folder, kFormat, absl::StrCat(format, "\n"));
}

absl::Status Migrate(const std::string& folder, const std::vector<MigrationStep>& steps) {
  const uint64_t to = steps.size() + 1;
  ASSIGN_OR_RETURN(const uint64_t from, ReadFormat(folder, to));
  if (from == to) return absl::OkStatus();
  for (uint64_t format = from; format < to; ++format) {
    RETURN_IF_ERROR(steps[format - 1](folder));
    RETURN_IF_ERROR(WriteFormat(folder, format + 1));
  }
  Log(Severity::kInfo, "the data folder was brought up to this release's format",
      {{"folder", folder}, {"from", absl::StrCat(from)}, {"to", absl::StrCat(to)}});
  return absl::OkStatus();
}

}  // namespace turnabout
