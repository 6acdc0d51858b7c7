#include "server/app/problems.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "server/records/dates.h"

namespace turnabout {

void Problems::Add(absl::string_view field, absl::string_view description) {
  if (problems_.size() < kProblemsMax) problems_.push_back({std::string(field), std::string(description)});
}

void Problems::CheckText(absl::string_view field, absl::string_view text, size_t bytes_max, bool required) {
  if (required && absl::StripAsciiWhitespace(text).empty()) {
    Add(field, "Enter something here");
  } else if (text.size() > bytes_max) {
    Add(field, absl::StrCat("Use at most ", bytes_max, " bytes; this has ", text.size()));
  }
}

void Problems::CheckRange(absl::string_view field, int64_t value, int64_t low, int64_t high) {
  if (value < low || value > high) Add(field, absl::StrCat("Enter a number from ", low, " to ", high, ", not ", value));
}

std::optional<absl::CivilDay> Problems::CheckDate(absl::string_view field, absl::string_view text, bool required) {
  if (text.empty() && !required) return std::nullopt;
  const std::optional<absl::CivilDay> date = ParseDate(text);
  if (!date.has_value()) Add(field, "Enter a date as YYYY-MM-DD, such as 2026-08-06");
  return date;
}

std::string Problems::CheckScheme(absl::string_view field, absl::string_view name) {
  const std::optional<ParsedName> parsed = ParseSchemeName(name);
  if (parsed.has_value()) return parsed->slug;
  Add(field, "Enter a scheme's name, such as schemes/cardiff");
  return "";
}

void Problems::CheckRequestId(absl::string_view request_id) {
  CheckText("request_id", request_id, kRequestIdLengthMax, false);
}

IdBytes Problems::CheckNameBytes(absl::string_view field, absl::string_view name, absl::string_view collection,
                                 std::string& slug) {
  const std::optional<ParsedName> parsed = ParseChildName(name, collection);
  const absl::StatusOr<IdBytes> id =
      parsed.has_value() ? IdBytesFromText(parsed->id) : absl::StatusOr<IdBytes>(absl::InvalidArgumentError(""));
  if (!id.ok()) {
    Add(field, absl::StrCat("Enter a name such as ", ChildName("cardiff", collection, "01jd3v9k6tq8x5c2b7n4m1p0ra")));
    return IdBytes{};
  }
  if (slug.empty()) slug = parsed->slug;
  if (slug != parsed->slug) Add(field, absl::StrCat("Enter a name of ", SchemeName(slug), ", not of another scheme"));
  return *id;
}

absl::Status Problems::ToStatus() const { return problems_.empty() ? absl::OkStatus() : RefuseFields(problems_); }

}  // namespace turnabout
