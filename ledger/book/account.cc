#include "ledger/book/account.h"

#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "store/codec.h"
#include "store/journal/damage.h"

namespace turnabout {
namespace {

constexpr OwnerId kSchemeOwners[] = {kPot, kOpening, kClearing, kExpiry};

}  // namespace

std::string EncodeAccountChange(const AccountChange& change) {
  std::string out;
  PutFixed32(out, change.key.scheme);
  PutFixed8(out, static_cast<uint8_t>(change.key.unit));
  out.append(reinterpret_cast<const char*>(change.key.owner.data()), change.key.owner.size());
  PutFixed64(out, static_cast<uint64_t>(change.limits.floor));
  PutFixed64(out, static_cast<uint64_t>(change.limits.ceiling));
  return out;
}

absl::StatusOr<AccountChange> DecodeAccountChange(absl::string_view bytes) {
  Cursor cursor(bytes);
  AccountChange change;
  change.key.scheme = cursor.Fixed32();
  change.key.unit = static_cast<Unit>(cursor.Fixed8());
  change.key.owner = cursor.Array<16>();
  change.limits.floor = static_cast<int64_t>(cursor.Fixed64());
  change.limits.ceiling = static_cast<int64_t>(cursor.Fixed64());
  const bool known_unit = change.key.unit == Unit::kMinutes || change.key.unit == Unit::kTurns;
  if (!cursor.Finished() || !known_unit || change.limits.floor > change.limits.ceiling) {
    return DamagedPlace("a record", "an account cannot be read");
  }
  return change;
}

absl::string_view GroupOf(const OwnerId& owner) {
  if (owner == kPot) return "pot";
  if (owner == kOpening) return "opening";
  if (owner == kClearing) return "clearing";
  if (owner == kExpiry) return "expiry";
  return "members";
}

std::string AccountText(const AccountKey& key) {
  const std::string owner = IsSchemeOwner(key.owner) ? std::string(GroupOf(key.owner)) : IdBytesToText(key.owner);
  return absl::StrCat(owner, ".", NameOf(key.unit));
}

absl::StatusOr<AccountKey> ParseAccountText(uint32_t scheme, absl::string_view text) {
  // A refusal is a sentence: it is made only where it is given.
  const auto unknown = [&] { return Refuse(Reason::kAccountNotFound, {{"name", text.substr(0, 60)}}); };
  const size_t dot = text.rfind('.');
  if (dot == absl::string_view::npos) return unknown();
  const absl::string_view owner = text.substr(0, dot);
  const absl::string_view unit = text.substr(dot + 1);
  if (unit != "minutes" && unit != "turns") return unknown();
  AccountKey key{scheme, unit == "turns" ? Unit::kTurns : Unit::kMinutes, {}};
  for (const OwnerId& each : kSchemeOwners) {
    if (owner == GroupOf(each)) {
      key.owner = each;
      return key;
    }
  }
  const absl::StatusOr<MemberId> member = MemberId::Parse(owner);
  if (!member.ok() || IsSchemeOwner(member->bytes())) return unknown();
  key.owner = member->bytes();
  return key;
}

}  // namespace turnabout
