// Which journal a configuration asks for. The only place that names one.
#ifndef TURNABOUT_SERVER_DAEMON_BACKENDS_H_
#define TURNABOUT_SERVER_DAEMON_BACKENDS_H_

#include <memory>

#include "absl/status/statusor.h"
#include "server/daemon/config.h"
#include "store/journal/journal.h"
#include "store/store.h"

namespace turnabout {

absl::StatusOr<std::unique_ptr<Journal>> OpenJournal(const Config& config);

// Where the store keeps what it need not keep in memory: nowhere for a journal in memory. REQUIRES: OpenJournal has
// made or locked the data folder.
absl::StatusOr<ShelfOptions> OpenShelf(const Config& config);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_DAEMON_BACKENDS_H_
