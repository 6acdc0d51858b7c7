#include <google/protobuf/util/json_util.h>

#include <filesystem>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "clients/cli/api.h"
#include "clients/cli/csv.h"
#include "clients/cli/files.h"
#include "clients/cli/member_row.h"
#include "clients/cli/session.h"
#include "clients/cli/text.h"
#include "clients/cli/verbs.h"
#include "clients/generate/generate.h"

namespace turnabout::cli {
namespace {

constexpr int kPeopleMax = 5'000'000;

std::string PlacesCsv(const std::vector<v1::Place>& places) {
  std::string csv = FormatCsvRow({"code", "name", "latitude", "longitude"});
  for (const v1::Place& place : places) {
    // Not through FormatCsvRow, which would guard the minus sign of a number against being a formula.
    absl::StrAppendFormat(&csv, "%s,\"%s\",%.6f,%.6f\n", place.code(), place.display_name(),
                          place.latitude_microdegrees() / 1e6, place.longitude_microdegrees() / 1e6);
  }
  return csv;
}

absl::Status Generate(Session& session) {
  generate::GenerateOptions options;
  if (!absl::SimpleAtoi(session.flag("people"), &options.people) || options.people < 1 || options.people > kPeopleMax) {
    return absl::InvalidArgumentError("--people takes a whole number from 1 to 5000000.\n  Write: --people 1000");
  }
  if (!absl::SimpleAtoi(session.flag("seed"), &options.seed.value)) {
    return absl::InvalidArgumentError("--seed takes a whole number.\n  Write: --seed 42");
  }
  const std::filesystem::path folder = session.flag("out");
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    return absl::InvalidArgumentError(
        absl::StrCat("The folder ", folder.string(), " cannot be made: ", error.message()));
  const generate::GeneratedScheme scheme = GenerateScheme(options);
  std::string members = FormatCsvRow(MemberColumns());
  for (const v1::ImportedMember& member : scheme.members)
    absl::StrAppend(&members, FormatCsvRow(FormatMemberRow(member)));
  RETURN_IF_ERROR(WriteFile(folder / "members.csv", members));
  RETURN_IF_ERROR(WriteFile(folder / "places.csv", PlacesCsv(scheme.places)));
  RETURN_IF_ERROR(WriteFile(folder / "rules.json", ToJson(scheme.rule_set)));
  session.out() << "Written to " << folder.string() << ": " << Count(options.people, "person", "people") << " in "
                << Count(static_cast<int64_t>(scheme.places.size()), "place", "places") << ".\n";
  session.SuggestNext(
      absl::StrCat("scheme create invented \"An invented scheme\" --rules ", (folder / "rules.json").string()));
  return absl::OkStatus();
}

}  // namespace

std::vector<VerbSpec> GenerateVerbs() {
  return {
      {.path = "generate",
       .summary = "Invent a scheme of any size, to try things on.",
       .example = "turnabout generate --people 1000 --seed 42 --out invented",
       .flags = {{"people", "N", "How many people.", "", "1000"},
                 {"seed", "N", "The same seed gives the same people.", "", "1"},
                 {"out", "FOLDER", "Where members.csv, places.csv and rules.json go.", "", "invented"}},
       .run = Generate},
  };
}

}  // namespace turnabout::cli
