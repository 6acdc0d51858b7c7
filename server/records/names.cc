#include "server/records/names.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/limits.h"

namespace turnabout {

std::string SchemeName(absl::string_view slug) { return absl::StrCat("schemes/", slug); }

std::string ChildName(absl::string_view slug, absl::string_view collection, absl::string_view id) {
  return absl::StrCat("schemes/", slug, "/", collection, "/", id);
}

bool IsSlug(absl::string_view text) {
  if (text.empty() || text.size() > kSlugLengthMax || text[0] < 'a' || text[0] > 'z') return false;
  for (char c : text) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
  }
  return true;
}

std::optional<ParsedName> ParseSchemeName(absl::string_view name) {
  if (name.size() > kResourceNameLengthMax) return std::nullopt;
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  if (parts.size() != 2 || parts[0] != "schemes" || !IsSlug(parts[1])) return std::nullopt;
  return ParsedName{std::string(parts[1]), ""};
}

std::optional<ParsedName> ParseChildName(absl::string_view name, absl::string_view collection) {
  if (name.size() > kResourceNameLengthMax || !absl::ConsumePrefix(&name, "schemes/")) return std::nullopt;
  const absl::string_view slug = name.substr(0, name.find('/'));
  name.remove_prefix(slug.size());
  if (!IsSlug(slug) || !absl::ConsumePrefix(&name, "/") || !absl::ConsumePrefix(&name, collection) ||
      !absl::ConsumePrefix(&name, "/") || name.empty() || absl::StrContains(name, '/')) {
    return std::nullopt;
  }
  return ParsedName{std::string(slug), std::string(name)};
}

}  // namespace turnabout
