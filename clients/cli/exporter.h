// A scheme as files that spreadsheets open.
#ifndef TURNABOUT_CLIENTS_CLI_EXPORTER_H_
#define TURNABOUT_CLIENTS_CLI_EXPORTER_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/cli/api.h"

namespace turnabout::cli {

// CSV with a header. The members' file can be imported again, and then changes nothing.
absl::StatusOr<std::string> ExportMembers(Api& api, absl::string_view scheme);
absl::StatusOr<std::string> ExportEntries(Api& api, absl::string_view scheme);
absl::StatusOr<std::string> ExportExchanges(Api& api, absl::string_view scheme);
absl::StatusOr<std::string> ExportMatches(Api& api, absl::string_view scheme);

}  // namespace turnabout::cli

#endif  // TURNABOUT_CLIENTS_CLI_EXPORTER_H_
