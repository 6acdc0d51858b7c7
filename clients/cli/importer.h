// Sends places and members to a server, many at a time, so that sending them again changes nothing twice.
#ifndef TURNABOUT_CLIENTS_CLI_IMPORTER_H_
#define TURNABOUT_CLIENTS_CLI_IMPORTER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/cli/api.h"
#include "clients/cli/csv.h"
#include "clients/cli/member_row.h"
#include "turnabout/v1/scheme.pb.h"

namespace turnabout::cli {

struct ImportTotals {
  int64_t created = 0;
  int64_t updated = 0;
  int64_t unchanged = 0;
};

struct ImportOptions {
  std::string scheme;  // "schemes/riverside"
  std::string actor;
  bool write = true;        // false: only say what would happen
  bool check_first = true;  // false: write without asking the server about every row first
  std::function<void(int64_t sent, int64_t total)> on_progress;  // may be empty
};

// The words that the scheme knows, with its places.
absl::StatusOr<Vocabulary> ReadVocabulary(Api& api, absl::string_view scheme);

// Asks the server about every row, and, when all of them are good, sends those that would change something.
// Rows that the server finds wrong are added to `problems`, by the columns of `header`, and then nothing is written.
// Other errors: the server's own.
absl::StatusOr<ImportTotals> ImportMemberRows(Api& api, const ImportOptions& options,
                                              const std::vector<MemberRow>& rows, const CsvRow& header,
                                              std::vector<RowProblem>& problems);

// The places of a file with the columns code, name (or display_name), latitude and longitude, in degrees.
// Everything wrong is added to `problems`.
std::vector<v1::Place> ParsePlaces(const CsvTable& table, std::vector<RowProblem>& problems);

// Sends places, 1000 at a time. `unchanged` is what was there already.
absl::StatusOr<ImportTotals> ImportPlaces(Api& api, absl::string_view scheme, const std::vector<v1::Place>& places,
                                          bool write = true);

}  // namespace turnabout::cli

#endif  // TURNABOUT_CLIENTS_CLI_IMPORTER_H_
