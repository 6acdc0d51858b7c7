// A migration takes a data folder from the format of an earlier release to today's, one step at a time.
//
// A step does its work durably, and only then does the file FORMAT say so. Whatever cuts it short, the folder is of the
// format that FORMAT says, and the next start does that step again from its beginning: so every step must come to the
// same however often and however far it ran before.
#ifndef TURNABOUT_STORE_JOURNAL_MIGRATION_H_
#define TURNABOUT_STORE_JOURNAL_MIGRATION_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace turnabout {

// The format this program writes and the newest it can read: the number in the file FORMAT.
inline constexpr uint64_t kDataFolderFormat = 2;

// Makes a folder of one format one of the next. Idempotent, and durable once it returns OK.
using MigrationStep = std::function<absl::Status(const std::string& folder)>;

// The steps from format 1 to kDataFolderFormat, in order: the first makes format 2.
const std::vector<MigrationStep>& MigrationSteps();

// The number in `folder`/FORMAT. FORMAT_UNKNOWN unless it is one from 1 to `newest`; JOURNAL_UNAVAILABLE when it cannot
// be read.
absl::StatusOr<uint64_t> ReadFormat(const std::string& folder, uint64_t newest = kDataFolderFormat);

// Makes `folder`/FORMAT say `format`, durably. JOURNAL_UNAVAILABLE when it cannot be written.
absl::Status WriteFormat(const std::string& folder, uint64_t format);

// Takes `folder` from the format it has to the one after the last of `steps`, and logs that in one line. Errors: those
// of ReadFormat, WriteFormat and the steps; what was done before one is kept.
// REQUIRES: this process holds the folder's lock, and nothing in it is open.
absl::Status Migrate(const std::string& folder, const std::vector<MigrationStep>& steps = MigrationSteps());

}  // namespace turnabout

#endif  // TURNABOUT_STORE_JOURNAL_MIGRATION_H_
