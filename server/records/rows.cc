#include "server/records/rows.h"

#include <utility>

namespace turnabout {
namespace {

std::shared_ptr<const SchemeView> View(const Snapshot& snapshot, rows::SchemeRow row) {
  const std::optional<rows::RuleSetRow> rules =
      LoadRow<rows::RuleSetRow>(snapshot, RuleSetKey(row.number(), static_cast<uint32_t>(row.rule_set_number())));
  TURNABOUT_CHECK(rules.has_value());
  Rules in_force(row.rule_set_number(), rules->rule_set());
  return std::make_shared<const SchemeView>(SchemeView{std::move(row), std::move(in_force)});
}

}  // namespace

absl::StatusOr<std::shared_ptr<const SchemeView>> FindScheme(const Snapshot& snapshot, absl::string_view slug) {
  std::optional<rows::SchemeRow> row = LoadRow<rows::SchemeRow>(snapshot, SchemeKey(slug));
  if (!row.has_value()) return Refuse(Reason::kSchemeNotFound, {{"name", SchemeName(slug)}});
  return View(snapshot, *std::move(row));
}

std::shared_ptr<const SchemeView> SchemeByNumber(const Snapshot& snapshot, uint32_t number) {
  std::optional<rows::SchemeRow> found;
  const KeyRange range = TableRange(Table::kScheme);
  snapshot.Scan(range.begin, range.end, [&](absl::string_view, absl::string_view value) {
    rows::SchemeRow row = ParseRow<rows::SchemeRow>(value);
    if (row.number() == number) found = std::move(row);
    return !found.has_value();
  });
  TURNABOUT_CHECK(found.has_value());
  return View(snapshot, *std::move(found));
}

}  // namespace turnabout
