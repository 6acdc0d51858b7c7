#include "store/audit/record_text.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/id.h"
#include "store/keyspace.h"

namespace turnabout {
namespace {

// What a table's keys are made of, in order: n a number of 4 bytes, i an id, t text to the end, p text that a person
// chose.
struct Shape {
  Table table;
  absl::string_view name;
  absl::string_view parts;
};

constexpr Shape kShapes[] = {
    {Table::kScheme, "scheme", "t"},      {Table::kSchemeCount, "scheme-count", ""},
    {Table::kRuleSet, "rule-set", "nn"},  {Table::kPlace, "place", "nt"},
    {Table::kMember, "member", "ni"},     {Table::kReference, "reference", "np"},
    {Table::kPledge, "pledge", "ni"},     {Table::kPledgeDue, "pledge-due", "nni"},
    {Table::kWaiver, "waiver", "ni"},     {Table::kWaiverDue, "waiver-due", "nni"},
    {Table::kExchange, "exchange", "ni"}, {Table::kExchangeDue, "exchange-due", "nni"},
    {Table::kMatch, "match", "ni"},       {Table::kMatchDue, "match-due", "nni"},
    {Table::kRest, "rest", "nii"},        {Table::kRound, "round", "ni"},
    {Table::kLeftOut, "left-out", "nii"}, {Table::kEntryNote, "entry-note", "i"},
};

// The part of kind `part` at the front of `rest`, which it is taken from; false when there is no such part.
bool TakePart(char part, bool personal, absl::string_view& rest, std::string& text) {
  if (part == 't' || part == 'p') {
    absl::StrAppend(&text, " ", part == 't' || personal ? absl::CHexEscape(rest) : "(reference)");
    rest = absl::string_view();
    return true;
  }
  const size_t size = part == 'n' ? 4 : 16;
  if (rest.size() < size) return false;
  if (part == 'n') {
    uint32_t number = 0;
    for (char byte : rest.substr(0, size)) number = number << 8 | static_cast<unsigned char>(byte);
    absl::StrAppend(&text, " ", number);
  } else {
    IdBytes id{};
    std::copy_n(rest.begin(), size, id.begin());
    absl::StrAppend(&text, " ", IdBytesToText(id));
  }
  rest.remove_prefix(size);
  return true;
}

}  // namespace

absl::string_view NameOf(RecordKind kind) {
  switch (kind) {
    case RecordKind::kEntry:
      return "entry";
    case RecordKind::kPut:
      return "put";
    case RecordKind::kDelete:
      return "delete";
    case RecordKind::kRequest:
      return "request";
    case RecordKind::kAccount:
      return "account";
  }
  return "unknown";
}

std::string KeyText(absl::string_view key, bool personal) {
  for (const Shape& shape : kShapes) {
    if (key.empty() || key[0] != static_cast<char>(shape.table)) continue;
    absl::string_view rest = key.substr(1);
    std::string text(shape.name);
    bool fits = true;
    for (char part : shape.parts) fits = fits && TakePart(part, personal, rest, text);
    if (fits && rest.empty()) return text;
  }
  return absl::StrCat("key ", personal ? absl::BytesToHexString(key) : absl::StrCat("of ", key.size(), " bytes"));
}

}  // namespace turnabout
