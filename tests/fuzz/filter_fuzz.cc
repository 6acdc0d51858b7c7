// Any bytes are a filter or are refused as one, and a filter and its opposite never agree.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/check.h"
#include "base/reason.h"
#include "server/app/filter.h"

namespace turnabout {
namespace {

constexpr absl::string_view kFields[] = {"a", "state", "minutes"};

std::vector<std::string> ValuesOf(absl::string_view field) {
  if (field == "a") return {};
  if (field == "state") return {"active", "2026-03-09", ""};
  TURNABOUT_CHECK(field == "minutes");
  return {"90"};
}

void CheckRefusal(const absl::Status& status, absl::string_view text) {
  const std::optional<Refusal> refusal = RefusalOf(status);
  TURNABOUT_CHECK(refusal.has_value() && refusal->reason == Reason::kBadFilter);
  size_t position = 0;
  TURNABOUT_CHECK(absl::SimpleAtoi(refusal->fact("position"), &position));
  TURNABOUT_CHECK(position >= 1 && position <= text.size() + 1);
}

void CheckOpposite(const Filter& filter, absl::string_view text) {
  const bool matches = filter.Matches(ValuesOf);
  const absl::StatusOr<Filter> opposite = Filter::Parse(absl::StrCat("NOT (", text, ")"), kFields);
  if (opposite.ok()) TURNABOUT_CHECK(opposite->Matches(ValuesOf) != matches);  // else it went over a limit
}

}  // namespace
}  // namespace turnabout

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<turnabout::Filter> filter = turnabout::Filter::Parse(text, turnabout::kFields);
  if (!filter.ok()) {
    turnabout::CheckRefusal(filter.status(), text);
  } else {
    turnabout::CheckOpposite(*filter, text);
  }
  return 0;
}
