#include "ledger/book/entry.h"

#include "base/check.h"
#include "base/limits.h"
#include "store/codec.h"
#include "store/journal/damage.h"

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

void EncodeEntryTo(const Entry& entry, char* out) {
  TURNABOUT_CHECK(IsWellFormed(entry, 0));
  char* at = out;
  at = StoreBytes(at, entry.id.view());
  at = StoreBytes(at, AsText(entry.from));
  at = StoreBytes(at, AsText(entry.to));
  at = StoreLittleEndian(at, static_cast<uint64_t>(entry.amount), 8);
  at = StoreLittleEndian(at, static_cast<uint64_t>(entry.time_micros), 8);
  at = StoreLittleEndian(at, static_cast<uint64_t>(entry.number), 8);
  at = StoreLittleEndian(at, entry.scheme, 4);
  *at++ = static_cast<char>(entry.kind);
  *at++ = static_cast<char>(entry.unit);
  *at++ = static_cast<char>(entry.state);
  *at++ = entry.overridden ? kOverriddenFlag : 0;
  at = StoreBytes(at, entry.related.view());
  at = StoreBytes(at, AsText(entry.subject));
  at = StoreLittleEndian(at, static_cast<uint32_t>(entry.happened_on), 4);
  at = StoreLittleEndian(at, entry.hold_seconds, 4);
  at = StoreLittleEndian(at, entry.category, 2);
  at = StoreLittleEndian(at, 0, 6);
  TURNABOUT_CHECK(at == out + kEntryBytes);
}

std::string EncodeEntry(const Entry& entry) {
  std::string out(kEntryBytes, '\0');
  EncodeEntryTo(entry, out.data());
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
    return DamagedPlace("a record", "an entry cannot be read");
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
