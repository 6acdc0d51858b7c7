#include "store/journal/folder_journal.h"

#include "store/journal/rocksdb_journal.h"

namespace turnabout {

absl::StatusOr<std::unique_ptr<Journal>> OpenFolderToRead(const std::string& folder) {
  return OpenRocksdbJournal({.folder = folder, .read_only = true});
}

absl::StatusOr<std::unique_ptr<Journal>> MakeFolderJournal(const std::string& folder) {
  // The server that opens it makes the ballast.
  return OpenRocksdbJournal({.folder = folder, .ballast_bytes = 0});
}

}  // namespace turnabout
