// The only code that spells a key. Each table has a letter; docs/internals/format.md draws them.
//
// Keys sort as their parts do: numbers are written highest byte first, and every part but the last has a fixed length.
#ifndef TURNABOUT_STORE_KEYSPACE_H_
#define TURNABOUT_STORE_KEYSPACE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "base/id.h"

namespace turnabout {

// The letters, one for each table. On disk; never reused.
enum class Table : char {
  kScheme = 's',       // slug → SchemeRow
  kSchemeCount = 'S',  // → how many schemes there are, as text
  kRuleSet = 'r',      // scheme, number → RuleSetRow
  kPlace = 'l',        // scheme, CODE → PlaceRow
  kMember = 'm',       // scheme, member → MemberRow
  kReference = 'f',    // scheme, reference → member's id
  kPledge = 'p',       // scheme, pledge → PledgeRow
  kPledgeDue = 'P',    // day, scheme, pledge → "" while a live pledge has something to do on that day
  kWaiver = 'w',       // scheme, waiver → WaiverRow
  kWaiverDue = 'W',    // day, scheme, waiver → "" while it counts
  kExchange = 'e',     // scheme, exchange → ExchangeRow
  kExchangeDue = 'E',  // day, scheme, exchange → "" while it waits to be confirmed
  kMatch = 'a',        // scheme, match → MatchRow
  kMatchDue = 'A',     // day, scheme, match → "" while it waits for an answer
  kLink = 'k',         // scheme, first match → LinkRow
  kLinkCount = 'K',    // scheme, first match → LinkCountRow
  kRest = 'z',         // scheme, giver, receiver → RestRow
  kRound = 'o',        // scheme, round → RoundRow
  kLeftOut = 'O',      // scheme, round, member → LeftOutRow
  kEntryNote = 'n',    // entry → EntryNoteRow
};

std::string SchemeKey(absl::string_view slug);
std::string SchemeCountKey();
std::string RuleSetKey(uint32_t scheme, uint32_t number);
std::string PlaceKey(uint32_t scheme, absl::string_view code);
std::string ReferenceKey(uint32_t scheme, absl::string_view reference);
std::string RestKey(uint32_t scheme, const MemberId& giver, const MemberId& receiver);
std::string LeftOutKey(uint32_t scheme, const RoundId& round, const MemberId& member);
std::string EntryNoteKey(const EntryId& entry);

// The key of a resource in a table whose keys are scheme and id.
std::string ResourceKey(Table table, uint32_t scheme, const IdBytes& id);

// The key of something that falls due on a day (a day number, from 1970 on).
std::string DueKey(Table table, int32_t day, uint32_t scheme, const IdBytes& id);

// The parts of a DueKey. REQUIRES: `key` was made by DueKey.
struct Due {
  int32_t day = 0;
  uint32_t scheme = 0;
  IdBytes id{};
};
Due ParseDueKey(absl::string_view key);

// Every key of a table; of one scheme in it; of one resource in it (for kRest and kLeftOut); or due before `day`.
struct KeyRange {
  std::string begin;  // included
  std::string end;    // not included
};
KeyRange TableRange(Table table);
KeyRange SchemeRange(Table table, uint32_t scheme);
KeyRange ResourceRange(Table table, uint32_t scheme, const IdBytes& id);
KeyRange DueRange(Table table, int32_t before_day);

// Where a row stands. Of a table whose keys do not begin with a scheme, `scheme` is 0 and `rest` all that follows.
struct RowPlace {
  Table table = Table::kScheme;
  uint32_t scheme = 0;
  absl::string_view rest;
};
// Nothing for bytes that are no key. The view lives as long as `key`'s bytes.
std::optional<RowPlace> PlaceOf(absl::string_view key);

// The last 16 bytes of a key that ends in an id. REQUIRES: it does.
IdBytes IdAtEnd(absl::string_view key);

// The number that a key of kRuleSet ends in. REQUIRES: it does.
int32_t NumberAtEnd(absl::string_view key);

}  // namespace turnabout

#endif  // TURNABOUT_STORE_KEYSPACE_H_
