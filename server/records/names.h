// Resource names as clients see them, and the ids inside.
#ifndef TURNABOUT_SERVER_RECORDS_NAMES_H_
#define TURNABOUT_SERVER_RECORDS_NAMES_H_

#include <algorithm>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/id.h"

namespace turnabout {

// `schemes/{slug}` and `schemes/{slug}/{collection}/{id}`.
std::string SchemeName(absl::string_view slug);
std::string ChildName(absl::string_view slug, absl::string_view collection, absl::string_view id);

inline constexpr absl::string_view kMembers = "members";
inline constexpr absl::string_view kPledges = "pledges";
inline constexpr absl::string_view kWaivers = "waivers";
inline constexpr absl::string_view kAccounts = "accounts";
inline constexpr absl::string_view kEntries = "entries";
inline constexpr absl::string_view kExchanges = "exchanges";
inline constexpr absl::string_view kMatches = "matches";
inline constexpr absl::string_view kRounds = "rounds";
inline constexpr absl::string_view kRuleSets = "ruleSets";

template <typename T>
std::string NameOf(absl::string_view slug, absl::string_view collection, const T& id) {
  return ChildName(slug, collection, id.ToString());
}

// The parts of a name that has the right shape; nothing is said of whether there is such a resource.
struct ParsedName {
  std::string slug;
  std::string id;  // empty for a scheme
};
// Nothing when `name` is not `schemes/{slug}`, or not of `collection`.
std::optional<ParsedName> ParseSchemeName(absl::string_view name);
std::optional<ParsedName> ParseChildName(absl::string_view name, absl::string_view collection);

// Lower-case letters, digits and hyphens, starting with a letter, at most kSlugLengthMax.
bool IsSlug(absl::string_view text);

// An id's 16 bytes as a row keeps them, and back. The id is empty when `bytes` is not 16 bytes.
template <typename T>
std::string IdToRow(const T& id) {
  return std::string(id.view());
}
template <typename T>
T IdFromRow(absl::string_view bytes) {
  IdBytes id{};
  if (bytes.size() == id.size()) std::copy(bytes.begin(), bytes.end(), id.begin());
  return T(id);
}

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_RECORDS_NAMES_H_
