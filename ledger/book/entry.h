// An Entry is an immutable movement of one amount of one unit from one account to another. A mistake is corrected by
// another entry that names it; a hold is resolved by another entry that names it.
//
// On disk an entry is 128 bytes, little-endian; docs/internals/format.md draws them.
#ifndef TURNABOUT_LEDGER_BOOK_ENTRY_H_
#define TURNABOUT_LEDGER_BOOK_ENTRY_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/id.h"

namespace turnabout {

// Numbers are on disk and are never reused.
enum class Unit : uint8_t { kMinutes = 1, kTurns = 2 };

enum class EntryKind : uint8_t {
  kExchange = 1,
  kActivity = 2,
  kDonation = 3,
  kGrant = 4,
  kGift = 5,
  kOpening = 6,
  kExpiry = 7,
  kInterScheme = 8,
  kTurn = 9,
  kReversal = 10,
};

// What an entry did: reserved, moved, or released what another reserved.
enum class EntryState : uint8_t { kHeld = 1, kPosted = 2, kVoided = 3, kExpired = 4 };

// Who an account belongs to: a member's id, or one of the scheme's own, which no member's id can equal.
using OwnerId = IdBytes;

constexpr OwnerId SchemeOwner(uint8_t number) {
  OwnerId owner{};
  owner[15] = number;
  return owner;
}
inline constexpr OwnerId kPot = SchemeOwner(1);       // donations in, grants out
inline constexpr OwnerId kOpening = SchemeOwner(2);   // the other side of credit that people start with
inline constexpr OwnerId kClearing = SchemeOwner(3);  // the other side of what moves between schemes
inline constexpr OwnerId kExpiry = SchemeOwner(4);    // where credit goes that ran out

// True for the four above.
bool IsSchemeOwner(const OwnerId& owner);

// One account: who, in which scheme, of what.
struct AccountKey {
  uint32_t scheme = 0;
  Unit unit = Unit::kMinutes;
  OwnerId owner{};
  friend auto operator<=>(const AccountKey&, const AccountKey&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const AccountKey& key) {
    return H::combine(std::move(h), key.scheme, key.unit, key.owner);
  }
};

struct Entry {
  EntryId id;
  uint32_t scheme = 0;
  int64_t number = 0;  // the scheme's own, from 1 without gaps
  EntryKind kind = EntryKind::kExchange;
  EntryState state = EntryState::kPosted;
  Unit unit = Unit::kMinutes;
  bool overridden = false;    // floor and ceiling were set aside on somebody's word
  int64_t amount = 0;         // from 1 to kEntryAmountMax
  OwnerId from{};             // whose account it leaves
  OwnerId to{};               // whose account it reaches
  int64_t time_micros = 0;    // since 1970
  int32_t happened_on = 0;    // day number
  uint32_t hold_seconds = 0;  // of a hold: how long it holds; 0 without end
  uint16_t category = 0;      // place among the rule set's categories, from 1; 0 for none
  // A hold: the first entry of the holds it stands or falls with, its own id when alone. A resolution: the hold. A
  // reversal: the entry it undoes. Otherwise empty.
  EntryId related;
  IdBytes subject{};  // the exchange or match it belongs to; zeros for none

  AccountKey from_key() const { return {scheme, unit, from}; }
  AccountKey to_key() const { return {scheme, unit, to}; }
  // When a hold lapses. REQUIRES: state is kHeld.
  absl::Time expires() const {
    return hold_seconds == 0 ? absl::InfiniteFuture() : absl::FromUnixMicros(time_micros) + absl::Seconds(hold_seconds);
  }
  friend bool operator==(const Entry&, const Entry&) = default;
};

inline constexpr size_t kEntryBytes = 128;

// REQUIRES: the entry has an id, a number, a known kind, state and unit, two accounts and an amount (checked).
std::string EncodeEntry(const Entry& entry);
// The same, into kEntryBytes bytes that the caller owns.
void EncodeEntryTo(const Entry& entry, char* out);

// DATA_LOSS/JOURNAL_DAMAGED unless `bytes` are what EncodeEntry writes for some entry.
absl::StatusOr<Entry> DecodeEntry(absl::string_view bytes);

// "held", "posted", "voided", "expired"; "minutes", "turns".
absl::string_view NameOf(EntryState state);
absl::string_view NameOf(Unit unit);

}  // namespace turnabout

#endif  // TURNABOUT_LEDGER_BOOK_ENTRY_H_
