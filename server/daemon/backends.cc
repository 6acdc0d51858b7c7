#include "server/daemon/backends.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "store/journal/memory_journal.h"
#include "store/journal/rocksdb_journal.h"

namespace turnabout {

absl::StatusOr<std::unique_ptr<Journal>> OpenJournal(const Config& config) {
  if (config.ephemeral) return NewMemoryJournal();
  return OpenRocksdbJournal({.folder = config.data_dir,
                             .low_water_bytes = config.low_water_mib << 20,
                             .ballast_bytes = config.ballast_mib << 20});
}

absl::StatusOr<ShelfOptions> OpenShelf(const Config& config) {
  ShelfOptions options;
  if (!config.ephemeral) {
    ASSIGN_OR_RETURN(options.shelf,
                     Shelf::Open(absl::StrCat(config.data_dir, "/", kShelfFolder), config.low_water_mib << 20));
  }
  return options;
}

}  // namespace turnabout
