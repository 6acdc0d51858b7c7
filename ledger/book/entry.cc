#include "ledger/book/entry.h"

#include "base/check.h"
#include "base/limits.h"
#include "base/reason.h"
#include "store/codec.h"

namespace turnabout {
namespace {

constexpr uint8_t kOverriddenFlag = 1;

absl::string_view AsText(const IdBytes& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

bool IsWellFormed(const Entry& entry, uint8_t flags) {
  return entry.kind >= EntryKind::kExchange && entry.kind <= EntryKind::kReversal && entry.state >= EntryState::kHeld &&
         entry.state <= EntryState::kExpired && (entry.unit == Unit::kMinutes || entry.unit == Unit::kTurns) &&
         flags <= kOverriddenFlag && entry.amount > 0 && entry.amount <= kEntryAmountMax && entry.from != entry.to &&
         entry.number > 0 && !entry.id.empty();
}

}  // namespace

bool IsSchemeOwner(const OwnerId& owner) {
  return owner == kPot || owner == kOpening || owner == kClearing || owner == kExpiry;
}

std::string EncodeEntry(const Entry& entry) {
  TURNABOUT_CHECK(IsWellFormed(entry, 0));
  std::string out;
  out.reserve(kEntryBytes);
  PutBytes(out, entry.id.view());
  PutBytes(out, AsText(entry.from));
  PutBytes(out, AsText(entry.to));
  PutFixed64(out, static_cast<uint64_t>(entry.amount));
  PutFixed64(out, static_cast<uint64_t>(entry.time_micros));
  PutFixed64(out, static_cast<uint64_t>(entry.number));
  PutFixed32(out, entry.scheme);
  PutFixed8(out, static_cast<uint8_t>(entry.kind));
  PutFixed8(out, static_cast<uint8_t>(entry.unit));
  PutFixed8(out, static_cast<uint8_t>(entry.state));
  PutFixed8(out, entry.overridden ? kOverriddenFlag : 0);
  PutBytes(out, entry.related.view());
  PutBytes(out, AsText(entry.subject));
  PutFixed32(out, static_cast<uint32_t>(entry.happened_on));
  PutFixed32(out, entry.hold_seconds);
  PutFixed16(out, entry.category);
  PutFixed16(out, 0);
  PutFixed32(out, 0);
  TURNABOUT_CHECK(out.size() == kEntryBytes);
  return out;
}

absl::StatusOr<Entry> DecodeEntry(absl::string_view bytes) {
  Cursor cursor(bytes);
  Entry entry;
  entry.id = EntryId(cursor.Array<16>());
  entry.from = cursor.Array<16>();
  entry.to = cursor.Array<16>();
  entry.amount = static_cast<int64_t>(cursor.Fixed64());
  entry.time_micros = static_cast<int64_t>(cursor.Fixed64());
  entry.number = static_cast<int64_t>(cursor.Fixed64());
  entry.scheme = cursor.Fixed32();
  entry.kind = static_cast<EntryKind>(cursor.Fixed8());
  entry.unit = static_cast<Unit>(cursor.Fixed8());
  entry.state = static_cast<EntryState>(cursor.Fixed8());
  const uint8_t flags = cursor.Fixed8();
  entry.overridden = (flags & kOverriddenFlag) != 0;
  entry.related = EntryId(cursor.Array<16>());
  entry.subject = cursor.Array<16>();
  entry.happened_on = static_cast<int32_t>(cursor.Fixed32());
  entry.hold_seconds = cursor.Fixed32();
  entry.category = cursor.Fixed16();
  const bool rest_is_zero = cursor.Fixed16() == 0 && cursor.Fixed32() == 0;
  if (!cursor.Finished() || !rest_is_zero || !IsWellFormed(entry, flags)) {
    return Refuse(Reason::kJournalDamaged, {{"block", "?"}, {"problem", "an entry cannot be read"}});
  }
  return entry;
}

absl::string_view NameOf(EntryState state) {
  switch (state) {
    case EntryState::kHeld:
      return "held";
    case EntryState::kPosted:
      return "posted";
    case EntryState::kVoided:
      return "voided";
    case EntryState::kExpired:
      return "expired";
  }
  return "unknown";
}

absl::string_view NameOf(Unit unit) { return unit == Unit::kTurns ? "turns" : "minutes"; }

}  // namespace turnabout
