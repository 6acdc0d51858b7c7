// What the simulator speaks of, in small numbers: entries, accounts and lines to be moved, and what was written of
// them. Ids, drafts and entries are made of them only at the ledger's door.
//
//   const Line line = {.id = 7, .scheme = 1, .from = 4, .to = 5, .amount = 90};
//   ledger.Post({DraftOf(line)}, txn);
#ifndef TURNABOUT_TESTS_SIM_FACTS_H_
#define TURNABOUT_TESTS_SIM_FACTS_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "ledger/ledger.h"

namespace turnabout::sim {

// An entry; 0 names none.
using Name = uint64_t;

// Owners below this number are the scheme's own accounts.
inline constexpr uint32_t kSchemeOwners = 4;
inline constexpr uint32_t kClearingOwner = 2;

struct AccountName {
  uint32_t scheme = 0;
  Unit unit = Unit::kMinutes;
  uint32_t owner = 0;
  friend auto operator<=>(const AccountName&, const AccountName&) = default;
};

// A movement that somebody asks for.
struct Line {
  Name id = 0;
  EntryKind kind = EntryKind::kExchange;
  uint32_t scheme = 0;
  Unit unit = Unit::kMinutes;
  uint32_t from = 0;
  uint32_t to = 0;
  int64_t amount = 0;
  int32_t happened_on = 0;  // day number; 0 for the day it is written
  uint16_t category = 0;
  Name subject = 0;
  bool overridden = false;

  AccountName payer() const { return {scheme, unit, from}; }
  AccountName payee() const { return {scheme, unit, to}; }
};

// What was written, one for each record of the journal.
struct LimitsFact {
  AccountName account;
  int64_t floor = 0;
  int64_t ceiling = 0;
};
struct EntryFact {
  Line line;
  EntryState state = EntryState::kPosted;
  int64_t number = 0;
  int64_t time = 0;           // microseconds since 1970
  uint32_t hold_seconds = 0;  // 0 without end
  Name related = 0;

  bool is_resolution() const { return state != EntryState::kHeld && related != 0 && line.kind != EntryKind::kReversal; }
  // Of a hold: when it lapses, if ever.
  std::optional<int64_t> lapses() const {
    if (hold_seconds == 0) return std::nullopt;
    return time + int64_t{hold_seconds} * 1'000'000;
  }
};
struct RowFact {
  std::string key;
  std::optional<std::string> value;  // nothing: the row goes
};
struct RequestFact {
  std::string request;
  std::string content;
  std::string answer;
};
using Fact = std::variant<LimitsFact, EntryFact, RowFact, RequestFact>;

EntryId IdOf(Name entry);
// The entry that has this id. REQUIRES: IdOf made it.
Name NameOf(const EntryId& id);
OwnerId OwnerOf(uint32_t owner);
AccountKey KeyOf(const AccountName& account);
RequestKey RequestKeyOf(const std::string& request);
Draft DraftOf(const Line& line);
Entry EntryOf(const EntryFact& fact);

// "1/turns/4".
std::string TextOf(const AccountName& account);

}  // namespace turnabout::sim

#endif  // TURNABOUT_TESTS_SIM_FACTS_H_
