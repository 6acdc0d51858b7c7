// The journal in a data folder, for whoever works on the folder and not on a server: it need not know the backend.
#ifndef TURNABOUT_STORE_JOURNAL_FOLDER_JOURNAL_H_
#define TURNABOUT_STORE_JOURNAL_FOLDER_JOURNAL_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "store/journal/journal.h"

namespace turnabout {

// Opens the journal of an existing data folder and changes nothing in it. Append is refused. Errors: those of
// OpenRocksdbJournal, and JOURNAL_UNAVAILABLE when `folder` is no data folder.
absl::StatusOr<std::unique_ptr<Journal>> OpenFolderToRead(const std::string& folder);

// Makes `folder`, which must be new or empty, a data folder with an empty journal. Errors: those of OpenRocksdbJournal.
absl::StatusOr<std::unique_ptr<Journal>> MakeFolderJournal(const std::string& folder);

}  // namespace turnabout

#endif  // TURNABOUT_STORE_JOURNAL_FOLDER_JOURNAL_H_
