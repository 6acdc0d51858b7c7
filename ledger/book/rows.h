// How what a Book keeps is written as rows on a shelf; docs/internals/format.md draws them. Readers of rows return
// false for what no Book wrote, and what they return true for a Book can go on from: no sum of it overflows.
#ifndef TURNABOUT_LEDGER_BOOK_ROWS_H_
#define TURNABOUT_LEDGER_BOOK_ROWS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ledger/book/accounts.h"
#include "ledger/book/book.h"
#include "ledger/book/entries.h"
#include "ledger/book/holds.h"

namespace turnabout {

// scheme → how many entries it has, and the minutes of help among them.
void AddSchemeRow(const ShelfTable& table, uint32_t number, const SchemeBook& scheme, RowBatch& rows);
bool ReadSchemeRow(absl::string_view key, absl::string_view value, uint32_t& number, SchemeBook& scheme);

// scheme, unit, owner → balances, limits, the sequence that opened it.
void AddAccountRow(const Accounts::Slot& slot, RowBatch& rows);
bool ReadAccountRow(absl::string_view key, absl::string_view value, Accounts::Slot& slot);

// scheme, number → the entry and its sequence.
std::string EntryRowKey(uint32_t scheme, int64_t number);
void AddEntryRow(const ShelfTable& table, const Entry& entry, uint64_t sequence, RowBatch& rows);
bool ReadEntryRow(absl::string_view key, absl::string_view value, Entry& entry, uint64_t& sequence);

// id → scheme and number.
void AddNumberRow(const ShelfTable& table, const Entry& entry, RowBatch& rows);
bool ReadNumberRow(absl::string_view value, uint32_t& scheme, int64_t& number);

// account, sequence of the first of some entries → for each its number and what the account had after it; of those
// after the first what differs from the one before.
inline constexpr size_t kStatementLinesMax = 128;
std::string StatementRowKey(const AccountKey& account, uint64_t sequence);
// REQUIRES: 1 to kStatementLinesMax lines, sequences and numbers ascending.
void AddStatementRow(const ShelfTable& table, const AccountKey& account, absl::Span<const StatementLine> lines,
                     RowBatch& rows);
bool ReadStatementRow(absl::string_view key, absl::string_view value, std::vector<StatementLine>& lines);
// ShelfTable::unpack of such a table: of each entry the key of its own, its number and what the account had after it.
void UnpackStatementRow(absl::string_view key, absl::string_view value, ShelfTable::Visit visit);

// time → the sequence of the first entry of that time.
std::string TimeRowKey(int64_t time_micros);
std::string TimeRowValue(uint64_t sequence);
bool ReadTimeRow(absl::string_view key, absl::string_view value, int64_t& time_micros, uint64_t& sequence);

// hold → the entry that reserves, its sequence, and its place in its set.
std::string HoldRowValue(const OpenHold& hold);
bool ReadHoldRow(absl::string_view key, absl::string_view value, OpenHold& hold);

// entry → what became of it.
std::string MarkRowValue(const EntryMark& mark);
bool ReadMarkRow(absl::string_view value, EntryMark& mark);

}  // namespace turnabout

#endif  // TURNABOUT_LEDGER_BOOK_ROWS_H_
