// The key with which a server signs what it says of its journal: the file KEY of the data folder, which nobody else may
// read.
#ifndef TURNABOUT_STORE_JOURNAL_KEY_FILE_H_
#define TURNABOUT_STORE_JOURNAL_KEY_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "base/signing.h"

namespace turnabout {

// Reads `folder`/KEY, or draws a key and keeps it there, durably and readable by its owner alone. JOURNAL_DAMAGED when
// the file is not what was written; JOURNAL_UNAVAILABLE when it cannot be read or written.
// REQUIRES: the folder is there, and locked by this process.
absl::StatusOr<SigningKey> OpenKeyFile(const std::string& folder);

}  // namespace turnabout

#endif  // TURNABOUT_STORE_JOURNAL_KEY_FILE_H_
