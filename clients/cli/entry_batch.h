// Many movements from one file: what its lines say, and what became of each.
#ifndef TURNABOUT_CLIENTS_CLI_ENTRY_BATCH_H_
#define TURNABOUT_CLIENTS_CLI_ENTRY_BATCH_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/cli/csv.h"
#include "clients/cli/session.h"
#include "turnabout/v1/ledger_service.pb.h"

namespace turnabout::cli {

// Finds the account in minutes of whom a cell names.
using AccountFinder = std::function<absl::StatusOr<std::string>(absl::string_view whose)>;

// Every line of a file with the columns kind, from, to and time, and, where there are such, note, group, request_id,
// category and date. `lines` gets the line of each. INVALID_ARGUMENT with everything that is wrong, a line each.
absl::StatusOr<std::vector<v1::BatchItem>> ReadBatch(const CsvTable& table, const AccountFinder& find,
                                                     std::vector<int>& lines);

// The verb `entry batch`.
absl::Status WriteBatch(Session& session);

}  // namespace turnabout::cli

#endif  // TURNABOUT_CLIENTS_CLI_ENTRY_BATCH_H_
