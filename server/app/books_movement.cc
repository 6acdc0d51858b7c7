#include "server/app/books_movement.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/limits.h"

namespace turnabout {
namespace {

constexpr int64_t kHoldSecondsMax = int64_t{3660} * 24 * 3600;  // 10 years

bool IsPot(const OwnerId& owner) { return owner == kPot; }
bool IsMember(const OwnerId& owner) { return !IsSchemeOwner(owner); }

// The field that names an account which minutes of `kind` do not leave or do not reach; "" when both fit.
absl::string_view MisfitOf(v1::Entry::Kind kind, const OwnerId& from, const OwnerId& to) {
  bool from_fits = IsMember(from);
  bool to_fits = IsMember(to);
  if (kind == v1::Entry::KIND_DONATION) to_fits = IsPot(to);
  if (kind == v1::Entry::KIND_GRANT) from_fits = IsPot(from);
  if (kind == v1::Entry::KIND_OPENING) {
    from_fits = from == kOpening;
    to_fits = IsMember(to) || IsPot(to);
  }
  if (kind == v1::Entry::KIND_EXPIRY) {
    from_fits = IsMember(from) || IsPot(from);
    to_fits = to == kExpiry;
  }
  return !from_fits ? "from_account" : !to_fits ? "to_account" : "";
}

}  // namespace

bool IsFreeKind(v1::Entry::Kind kind, bool hold) {
  switch (kind) {
    case v1::Entry::KIND_DONATION:
    case v1::Entry::KIND_GRANT:
    case v1::Entry::KIND_GIFT:
      return true;
    case v1::Entry::KIND_OPENING:
    case v1::Entry::KIND_EXPIRY:
      return !hold;
    default:
      return false;
  }
}

void CheckAccountName(absl::string_view field, absl::string_view name, Problems& problems) {
  const bool plain = std::all_of(name.begin(), name.end(), [](unsigned char c) { return absl::ascii_isgraph(c); });
  if (plain && name.size() <= kResourceNameLengthMax && ParseChildName(name, kAccounts).has_value()) return;
  problems.Add(field, "Enter a name such as schemes/cardiff/accounts/pot.minutes");
}

void CheckHoldFor(const google::protobuf::Duration& hold_for, Problems& problems) {
  problems.CheckRange("hold_for", hold_for.seconds(), 1, kHoldSecondsMax);
  if (hold_for.nanos() != 0) problems.Add("hold_for", "Use whole seconds");
}

int32_t ReadHappenedOn(absl::string_view date, absl::CivilDay today, Problems& problems) {
  const std::optional<absl::CivilDay> day = problems.CheckDate("happened_on_date", date, false);
  if (!day.has_value()) return 0;
  if (*day > today) problems.Add("happened_on_date", "Enter a date that is not in the future");
  if (*day < today - kExchangeAgeDaysMax) {
    problems.Add("happened_on_date", absl::StrCat("Enter a date in the last ", kExchangeAgeDaysMax, " days"));
  }
  return DayNumber(*day);
}

absl::StatusOr<uint16_t> CategoryNumber(const SchemeView& scheme, absl::string_view category) {
  if (category.empty()) return uint16_t{0};
  const std::optional<int> place = scheme.rules.Category(category);
  if (!place.has_value()) return Refuse(Reason::kUnknownCategory, {{"category", category}});
  return static_cast<uint16_t>(*place + 1);
}

absl::Status CheckFit(v1::Entry::Kind kind, const AccountKey& from, const AccountKey& to) {
  if (from.unit != Unit::kMinutes || to.unit != Unit::kMinutes) {
    return RefuseFields({{from.unit != Unit::kMinutes ? "from_account" : "to_account", "Name an account in minutes"}});
  }
  const absl::string_view misfit = MisfitOf(kind, from.owner, to.owner);
  if (misfit.empty()) return absl::OkStatus();
  return RefuseFields({{std::string(misfit), misfit == "to_account" ? "Minutes of this kind do not go there"
                                                                    : "Minutes of this kind do not come from there"}});
}

}  // namespace turnabout
