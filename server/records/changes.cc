#include "server/records/changes.h"

#include "absl/strings/str_cat.h"

namespace turnabout {
namespace {

// The collection whose resources are rows of this table by their ids; "" for any other.
absl::string_view CollectionOf(Table table) {
  switch (table) {
    case Table::kMember:
      return kMembers;
    case Table::kPledge:
      return kPledges;
    case Table::kWaiver:
      return kWaivers;
    case Table::kExchange:
      return kExchanges;
    case Table::kMatch:
      return kMatches;
    case Table::kRound:
      return kRounds;
    default:
      return "";
  }
}

}  // namespace

std::optional<std::string> ChangedResource(const SchemeView& scheme, absl::string_view key) {
  const std::optional<RowPlace> place = PlaceOf(key);
  if (!place.has_value()) return std::nullopt;
  if (place->table == Table::kScheme) {
    return place->rest == scheme.slug() ? std::make_optional(SchemeName(scheme.slug())) : std::nullopt;
  }
  if (place->scheme != scheme.number()) return std::nullopt;
  if (place->table == Table::kPlace) return SchemeName(scheme.slug());  // places are read as the scheme's list
  if (place->table == Table::kRuleSet) return ChildName(scheme.slug(), kRuleSets, absl::StrCat(NumberAtEnd(key)));
  const absl::string_view collection = CollectionOf(place->table);
  if (collection.empty()) return std::nullopt;
  return ChildName(scheme.slug(), collection, IdBytesToText(IdAtEnd(key)));
}

}  // namespace turnabout
