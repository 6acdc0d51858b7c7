#include "server/records/rows.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace turnabout {
namespace {

using ViewPtr = std::shared_ptr<const SchemeView>;

// A view is read for every call, and changes once in a year.
struct Memo {
  std::string scheme_bytes;
  std::string rules_bytes;
  ViewPtr view;
};
constexpr size_t kMemosMax = 16;  // for each thread

// The same rows make the same view, whoever's they are.
ViewPtr View(const Snapshot& snapshot, const std::string& scheme_bytes) {
  thread_local std::vector<Memo> memos;
  const auto memo =
      std::find_if(memos.begin(), memos.end(), [&](const Memo& each) { return each.scheme_bytes == scheme_bytes; });
  rows::SchemeRow parsed;
  if (memo == memos.end()) parsed = ParseRow<rows::SchemeRow>(scheme_bytes);
  const rows::SchemeRow& row = memo == memos.end() ? parsed : memo->view->row;
  std::optional<std::string> rules_bytes =
      snapshot.Get(RuleSetKey(row.number(), static_cast<uint32_t>(row.rule_set_number())));
  TURNABOUT_CHECK(rules_bytes.has_value());
  if (memo != memos.end() && memo->rules_bytes == *rules_bytes) return memo->view;
  Rules in_force(row.rule_set_number(), ParseRow<rows::RuleSetRow>(*rules_bytes).rule_set());
  auto view = std::make_shared<const SchemeView>(SchemeView{row, std::move(in_force)});
  if (memo != memos.end()) memos.erase(memo);
  if (memos.size() == kMemosMax) memos.erase(memos.begin());
  memos.push_back({scheme_bytes, *std::move(rules_bytes), view});
  return view;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const SchemeView>> FindScheme(const Snapshot& snapshot, absl::string_view slug) {
  const std::optional<std::string> row = snapshot.Get(SchemeKey(slug));
  if (!row.has_value()) return Refuse(Reason::kSchemeNotFound, {{"name", SchemeName(slug)}});
  return View(snapshot, *row);
}

std::shared_ptr<const SchemeView> SchemeByNumber(const Snapshot& snapshot, uint32_t number) {
  std::optional<std::string> found;
  const KeyRange range = TableRange(Table::kScheme);
  snapshot.Scan(range.begin, range.end, [&](absl::string_view, absl::string_view value) {
    if (ParseRow<rows::SchemeRow>(value).number() == number) found = std::string(value);
    return !found.has_value();
  });
  TURNABOUT_CHECK(found.has_value());
  return View(snapshot, *found);
}

}  // namespace turnabout
