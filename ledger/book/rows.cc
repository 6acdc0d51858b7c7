#include "ledger/book/rows.h"

#include "base/limits.h"
#include "store/codec.h"

namespace turnabout {
namespace {

// More than any journal can come to, and so little that a difference of two of them and one entry more fit in 63 bits.
constexpr int64_t kSumMax = int64_t{1} << 60;
constexpr size_t kAccountKeyBytes = 21;

bool IsSum(int64_t value) { return value >= -kSumMax && value <= kSumMax; }
bool IsCount(int64_t value) { return value >= 0 && value <= kSumMax; }

absl::string_view AsText(const IdBytes& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

// Numbers of a key go highest byte first, so that keys sort as their parts do.
void PutBigEndian32(std::string& out, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
}

uint32_t BigEndian32(Cursor& cursor) {
  uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8 | cursor.Fixed8();
  return value;
}

void PutAccountKey(std::string& key, const AccountKey& account) {
  PutBigEndian32(key, account.scheme);
  PutFixed8(key, static_cast<uint8_t>(account.unit));
  PutBytes(key, AsText(account.owner));
}

void PutNumberKey(std::string& key, uint32_t scheme, int64_t number) {
  PutBigEndian32(key, scheme);
  PutBigEndian64(key, static_cast<uint64_t>(number));
}

AccountKey ReadAccountKey(Cursor& cursor) {
  AccountKey account;
  account.scheme = BigEndian32(cursor);
  account.unit = static_cast<Unit>(cursor.Fixed8());
  account.owner = cursor.Array<16>();
  return account;
}

// What of a line is not as in the one before.
void PutStatementLine(std::string& out, const StatementLine& before, const StatementLine& line) {
  PutVarint(out, line.sequence - before.sequence);
  PutVarint(out, static_cast<uint64_t>(line.number - before.number));
  PutSignedVarint(out, line.after.posted - before.after.posted);
  PutSignedVarint(out, line.after.held_out - before.after.held_out);
  PutSignedVarint(out, line.after.held_in - before.after.held_in);
}

// The sum of two numbers of which any may be anything.
int64_t Plus(int64_t a, int64_t b) { return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b)); }

// Makes `line` the one after itself.
bool ReadStatementLine(Cursor& cursor, StatementLine& line) {
  line.sequence += cursor.Varint();
  line.number = Plus(line.number, static_cast<int64_t>(cursor.Varint()));
  for (int64_t* part : {&line.after.posted, &line.after.held_out, &line.after.held_in}) {
    *part = Plus(*part, cursor.SignedVarint());
  }
  return cursor.ok() && IsSum(line.after.posted) && IsCount(line.after.held_out) && IsCount(line.after.held_in);
}

bool ReadEntry(Cursor& cursor, Entry& entry) {
  absl::StatusOr<Entry> read = DecodeEntry(cursor.Bytes(kEntryBytes));
  if (!read.ok()) return false;
  entry = *std::move(read);
  return true;
}

}  // namespace

void AddSchemeRow(const ShelfTable& table, uint32_t number, const SchemeBook& scheme, RowBatch& rows) {
  PutFixed32(rows.Begin(table), number);
  std::string& value = rows.EndKey();
  PutVarint(value, static_cast<uint64_t>(scheme.entries));
  PutSignedVarint(value, scheme.minutes_of_help);
  rows.End();
}

bool ReadSchemeRow(absl::string_view key, absl::string_view value, uint32_t& number, SchemeBook& scheme) {
  Cursor keys(key);
  number = keys.Fixed32();
  Cursor values(value);
  scheme.entries = static_cast<int64_t>(values.Varint());
  scheme.minutes_of_help = values.SignedVarint();
  return keys.Finished() && values.Finished() && IsCount(scheme.entries) && IsSum(scheme.minutes_of_help);
}

void AddAccountRow(const Accounts::Slot& slot, RowBatch& rows) {
  PutAccountKey(rows.Begin(Accounts::kTable), slot.key);
  const Account& account = slot.durable.account;
  std::string& value = rows.EndKey();
  for (const int64_t part : {account.posted, account.held_out, account.held_in, account.given, account.received}) {
    PutSignedVarint(value, part);
  }
  PutFixed64(value, static_cast<uint64_t>(account.limits.floor));
  PutFixed64(value, static_cast<uint64_t>(account.limits.ceiling));
  PutVarint(value, slot.opened);
  rows.End();
}

bool ReadAccountRow(absl::string_view key, absl::string_view value, Accounts::Slot& slot) {
  Cursor keys(key);
  slot.key = ReadAccountKey(keys);
  Cursor values(value);
  Account& account = slot.durable.account;
  for (int64_t* part : {&account.posted, &account.held_out, &account.held_in, &account.given, &account.received}) {
    *part = values.SignedVarint();
  }
  account.limits.floor = static_cast<int64_t>(values.Fixed64());
  account.limits.ceiling = static_cast<int64_t>(values.Fixed64());
  slot.opened = values.Varint();
  const bool known_unit = slot.key.unit == Unit::kMinutes || slot.key.unit == Unit::kTurns;
  return keys.Finished() && values.Finished() && known_unit && IsSum(account.posted) && IsSum(account.given) &&
         IsSum(account.received) && IsCount(account.held_out) && IsCount(account.held_in) &&
         account.limits.floor <= account.limits.ceiling;
}

std::string EntryRowKey(uint32_t scheme, int64_t number) {
  std::string key;
  PutNumberKey(key, scheme, number);
  return key;
}

void AddEntryRow(const ShelfTable& table, const Entry& entry, uint64_t sequence, RowBatch& rows) {
  PutNumberKey(rows.Begin(table), entry.scheme, entry.number);
  std::string& value = rows.EndKey();
  const size_t start = value.size();
  value.resize(start + kEntryBytes);
  EncodeEntryTo(entry, value.data() + start);
  PutVarint(value, sequence);
  rows.End();
}

bool ReadEntryRow(absl::string_view key, absl::string_view value, Entry& entry, uint64_t& sequence) {
  Cursor cursor(value);
  if (!ReadEntry(cursor, entry)) return false;
  sequence = cursor.Varint();
  return cursor.Finished() && key == EntryRowKey(entry.scheme, entry.number);
}

void AddNumberRow(const ShelfTable& table, const Entry& entry, RowBatch& rows) {
  PutBytes(rows.Begin(table), entry.id.view());
  std::string& value = rows.EndKey();
  PutVarint(value, entry.scheme);
  PutVarint(value, static_cast<uint64_t>(entry.number));
  rows.End();
}

bool ReadNumberRow(absl::string_view value, uint32_t& scheme, int64_t& number) {
  Cursor cursor(value);
  const uint64_t wide = cursor.Varint();
  scheme = static_cast<uint32_t>(wide);
  number = static_cast<int64_t>(cursor.Varint());
  return cursor.Finished() && wide == scheme;
}

std::string StatementRowKey(const AccountKey& account, uint64_t sequence) {
  std::string key;
  PutAccountKey(key, account);
  PutBigEndian64(key, sequence);
  return key;
}

void AddStatementRow(const ShelfTable& table, const AccountKey& account, absl::Span<const StatementLine> lines,
                     RowBatch& rows) {
  std::string& key = rows.Begin(table);
  PutAccountKey(key, account);
  PutBigEndian64(key, lines.front().sequence);
  std::string& value = rows.EndKey();
  StatementLine before;
  before.sequence = lines.front().sequence;
  for (const StatementLine& line : lines) {
    PutStatementLine(value, before, line);
    before = line;
  }
  rows.End();
}

bool ReadStatementRow(absl::string_view key, absl::string_view value, std::vector<StatementLine>& lines) {
  lines.clear();
  Cursor keys(key);
  ReadAccountKey(keys);
  const uint64_t first = keys.BigEndian64();
  StatementLine line;
  line.sequence = first;
  Cursor values(value);
  while (keys.Finished() && lines.size() < kStatementLinesMax && values.remaining() > 0) {
    const StatementLine before = line;
    if (!ReadStatementLine(values, line)) return false;
    if (!lines.empty() && (line.sequence <= before.sequence || line.number <= before.number)) return false;
    lines.push_back(line);
  }
  return keys.Finished() && values.Finished() && !lines.empty() && lines.front().sequence == first;
}

void UnpackStatementRow(absl::string_view key, absl::string_view value, ShelfTable::Visit visit) {
  std::vector<StatementLine> lines;
  if (!ReadStatementRow(key, value, lines)) return visit(key, value);
  std::string of(key);
  std::string is;
  for (const StatementLine& line : lines) {
    of.resize(kAccountKeyBytes);
    PutBigEndian64(of, line.sequence);
    is.clear();
    PutVarint(is, static_cast<uint64_t>(line.number));
    PutSignedVarint(is, line.after.posted);
    PutVarint(is, static_cast<uint64_t>(line.after.held_out));
    PutVarint(is, static_cast<uint64_t>(line.after.held_in));
    visit(of, is);
  }
}

std::string TimeRowKey(int64_t time_micros) {
  std::string key;
  PutBigEndian64(key, static_cast<uint64_t>(time_micros));
  return key;
}

std::string TimeRowValue(uint64_t sequence) {
  std::string value;
  PutVarint(value, sequence);
  return value;
}

bool ReadTimeRow(absl::string_view key, absl::string_view value, int64_t& time_micros, uint64_t& sequence) {
  Cursor keys(key);
  time_micros = static_cast<int64_t>(keys.BigEndian64());
  Cursor values(value);
  sequence = values.Varint();
  return keys.Finished() && values.Finished();
}

std::string HoldRowValue(const OpenHold& hold) {
  std::string value = EncodeEntry(hold.entry);
  PutVarint(value, hold.sequence);
  PutVarint(value, hold.place);
  return value;
}

bool ReadHoldRow(absl::string_view key, absl::string_view value, OpenHold& hold) {
  Cursor cursor(value);
  if (!ReadEntry(cursor, hold.entry)) return false;
  hold.sequence = cursor.Varint();
  const uint64_t place = cursor.Varint();
  hold.place = static_cast<uint32_t>(place);
  return cursor.Finished() && key == hold.entry.id.view() && hold.entry.state == EntryState::kHeld &&
         !hold.entry.related.empty() && place < kCommandRecordsMax;
}

std::string MarkRowValue(const EntryMark& mark) {
  std::string value;
  PutFixed8(value, static_cast<uint8_t>(mark.current));
  PutBytes(value, mark.resolution.view());
  PutBytes(value, mark.reversal.view());
  return value;
}

bool ReadMarkRow(absl::string_view value, EntryMark& mark) {
  Cursor cursor(value);
  mark.current = static_cast<EntryState>(cursor.Fixed8());
  mark.resolution = EntryId(cursor.Array<16>());
  mark.reversal = EntryId(cursor.Array<16>());
  return cursor.Finished() && mark.current >= EntryState::kHeld && mark.current <= EntryState::kExpired;
}

}  // namespace turnabout
