// Any rows on a shelf, as they could lie there: every projection refuses to use it or works with it, and what it then
// answers is either right or known to be damaged.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/reason.h"
#include "ledger/book/book.h"
#include "store/codec.h"
#include "store/projection/records.h"
#include "store/projection/requests.h"
#include "tests/support/map_shelf.h"

namespace turnabout {
namespace {

// Every table there is.
std::vector<ShelfTable> Tables() {
  std::vector<ShelfTable> all;
  const Records records;
  const Requests requests;
  const Book book;
  for (const Projection* projection : std::initializer_list<const Projection*>{&records, &requests, &book}) {
    const auto tables = projection->tables();
    all.insert(all.end(), tables.begin(), tables.end());
  }
  return all;
}

// Rows one after the other: table, key length, key, value length, value; each number a byte.
void FillShelf(absl::string_view bytes, MapShelf& shelf) {
  static const auto* const tables = new std::vector<ShelfTable>(Tables());
  Cursor cursor(bytes);
  while (cursor.remaining() > 0) {
    const ShelfTable& table = (*tables)[cursor.Fixed8() % tables->size()];
    const absl::string_view key = cursor.Bytes(cursor.Fixed8());
    const absl::string_view value = cursor.Bytes(cursor.Fixed8());
    if (cursor.ok()) shelf.PutRow(table, key, value);
  }
}

// Whether the projection uses the shelf; it says what is wrong otherwise.
bool Uses(Projection& projection, const ShelfView& shelf) {
  const absl::Status used = projection.UseShelf(shelf);
  TURNABOUT_CHECK(used.ok() || IsRefusedFor(used, Reason::kShelfDamaged));
  return used.ok();
}

void ReadRequests(const MapShelf& shelf) {
  Requests requests;
  if (!Uses(requests, shelf)) return;
  shelf.Scan(requests.tables()[0], "", "", [&](absl::string_view key, absl::string_view) {
    const std::optional<Remembered> found = requests.Find(Cursor(key).Array<16>(), Layer::kDurable);
    return found.has_value() || key.size() != 16;
  });
  requests.Digest();
}

void ReadRecords(const MapShelf& shelf) {
  Records records;
  if (!Uses(records, shelf)) return;
  records.Scan("", "\xff", Layer::kDurable, [&](absl::string_view key, absl::string_view value) {
    TURNABOUT_CHECK(records.Get(key, Layer::kDurable) == value);
    return true;
  });
  records.Digest();
}

// Everything that a Book answers, and the open holds.
std::vector<Entry> ReadBook(const Book& book) {
  std::vector<Entry> holds;
  for (const uint32_t scheme : {0u, 1u, 2u}) {
    book.FindScheme(scheme, Layer::kDurable);
    book.VisitEntries(scheme, 1, [&](const EntryRow& row) {
      book.FindEntry(row.entry.id, Layer::kWorking);
      book.FindEntry(row.entry.related, Layer::kDurable);
      return true;
    });
    for (const OpenHold* hold : book.OpenHolds(scheme)) holds.push_back(hold->entry);
    for (const AccountKey& account : book.AccountsOf(scheme)) {
      book.FindAccount(account, Layer::kDurable);
      book.BalancesAt(account, 5);
      book.VisitStatement(account, kLatestSequence, [](const EntryRow&, const Balances&) { return true; });
    }
  }
  for (const EntryId& lapsed : book.LapsedHolds(absl::InfiniteFuture(), 100)) {
    TURNABOUT_CHECK(book.FindEntry(lapsed, Layer::kDurable).has_value() || true);
  }
  for (const Entry& hold : holds) book.LinkedHolds(hold, Layer::kDurable);
  book.SequenceAt(absl::UnixEpoch());
  return holds;
}

// Takes `entry` as the journal's next record, if it can follow.
void Take(Entry entry, uint64_t sequence, Book& book) {
  entry.number = book.FindScheme(entry.scheme, Layer::kWorking).entries + 1;
  entry.id = EntryId({0xff, static_cast<uint8_t>(sequence)});
  const absl::Status staged = book.Stage({sequence, RecordKind::kEntry, EncodeEntry(entry)});
  TURNABOUT_CHECK(staged.ok() || IsRefusedFor(staged, Reason::kJournalDamaged));
  if (staged.ok()) {
    book.Keep();
  } else {
    book.Drop();
  }
}

// Ends every hold, and undoes every entry.
void GoOn(const std::vector<Entry>& holds, Book& book) {
  std::vector<Entry> next;
  for (const Entry& hold : holds) {
    next.push_back(hold);
    next.back().state = EntryState::kPosted;
    next.back().related = hold.id;
  }
  book.VisitEntries(1, 1, [&](const EntryRow& row) {
    next.push_back(row.entry);
    next.back().kind = EntryKind::kReversal;
    next.back().related = row.entry.id;
    std::swap(next.back().from, next.back().to);
    return true;
  });
  uint64_t sequence = uint64_t{1} << 40;
  for (const Entry& entry : next) Take(entry, ++sequence, book);
  book.Seal();
  book.Publish();
}

void UseBook(MapShelf& shelf) {
  Book book;
  if (!Uses(book, shelf)) return;
  const std::vector<Entry> holds = ReadBook(book);
  const absl::Status balanced = book.Check();
  TURNABOUT_CHECK(balanced.ok() || IsRefusedFor(balanced, Reason::kBooksDisagree));
  GoOn(holds, book);
  ReadBook(book);
  // Right before, it is right afterwards; and it comes to the same wherever its rows lie.
  if (balanced.ok() && shelf.damage().ok()) TURNABOUT_CHECK(book.Check().ok() || !shelf.damage().ok());
  const Sha256Digest before = book.Digest();
  Cut cut = book.TakeCut();
  RowBatch rows;
  cut(rows);
  rows.Sort();
  TURNABOUT_CHECK(shelf.Put(rows, Head()).ok());
  book.Shelved();
  TURNABOUT_CHECK(book.Digest() == before);
}

}  // namespace
}  // namespace turnabout

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  turnabout::MapShelf shelf;
  turnabout::FillShelf({reinterpret_cast<const char*>(data), size}, shelf);
  turnabout::ReadRecords(shelf);
  turnabout::ReadRequests(shelf);
  turnabout::UseBook(shelf);
  return 0;
}
