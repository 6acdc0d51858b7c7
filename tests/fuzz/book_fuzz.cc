// Any history of records, well formed each and making sense or not: a Book takes a record or refuses it as damage, and
// whatever it took adds up. One whose rows go to a shelf takes the same and comes to the same.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "base/limits.h"
#include "base/reason.h"
#include "ledger/book/book.h"
#include "store/codec.h"
#include "tests/support/map_shelf.h"

namespace turnabout {
namespace {

constexpr size_t kStepBytes = 7;

IdBytes IdOf(uint8_t number) {
  IdBytes id{};
  id[0] = 1;  // no account of the scheme's own
  id[15] = number;
  return id;
}

// Some members, and every account of the scheme's own.
OwnerId OwnerOf(uint8_t number) { return number < 4 ? SchemeOwner(number + 1) : IdOf(number); }

// One record out of a few bytes.
class Step {
 public:
  explicit Step(absl::string_view bytes) : bytes_(bytes) {}

  RecordKind kind() const { return At(0) % 16 == 0 ? RecordKind::kAccount : RecordKind::kEntry; }

  // Empty for what no entry can be.
  std::string Payload(const Book& book) const {
    const uint32_t scheme = 1 + (At(1) >> 3 & 1);
    const Unit unit = At(1) >> 2 & 1 ? Unit::kTurns : Unit::kMinutes;
    if (kind() == RecordKind::kAccount) {
      return EncodeAccountChange({{scheme, unit, OwnerOf(At(2) & 15)}, {-int64_t{At(3)}, int64_t{At(4)}}});
    }
    Entry entry;
    entry.id = EntryId(IdOf(At(4)));
    entry.scheme = scheme;
    entry.unit = unit;
    entry.number = book.FindScheme(scheme, Layer::kWorking).entries + 1 + (At(1) >> 4 == 15 ? 1 : 0);
    entry.kind = static_cast<EntryKind>(1 + At(0) % 10);
    entry.state = static_cast<EntryState>(1 + At(1) % 4);
    entry.amount = At(3) == 255 ? kEntryAmountMax : 1 + At(3);
    entry.from = OwnerOf(At(2) & 15);
    entry.to = OwnerOf(At(2) >> 4);
    entry.hold_seconds = At(0) >> 4;
    if (At(5) > 0) entry.related = EntryId(IdOf(At(5)));
    return entry.from == entry.to ? "" : EncodeEntry(entry);
  }

  bool keeps() const { return (At(6) & 1) == 0; }
  bool publishes() const { return (At(6) & 2) != 0; }
  bool cuts() const { return (At(6) & 4) != 0; }

 private:
  uint8_t At(size_t place) const { return static_cast<uint8_t>(bytes_[place]); }

  absl::string_view bytes_;
};

bool Take(Book& book, const RecordView& record, bool keep) {
  const absl::Status staged = book.Stage(record);
  TURNABOUT_CHECK(staged.ok() || IsRefusedFor(staged, Reason::kJournalDamaged));
  if (staged.ok() && keep) {
    book.Keep();
  } else {
    book.Drop();
  }
  return staged.ok();
}

void Publish(Book& book) {
  book.Seal();
  book.Publish();
}

void CutTo(MapShelf& shelf, Book& book) {
  Cut cut = book.TakeCut();
  RowBatch rows;
  cut(rows);
  rows.Sort();
  TURNABOUT_CHECK(shelf.Put(rows, Head()).ok());
  book.Shelved();
}

void Live(absl::string_view bytes) {
  MapShelf shelf;
  Book plain, shelved;
  TURNABOUT_CHECK(shelved.UseShelf(shelf).ok());
  for (uint64_t sequence = 1; bytes.size() >= kStepBytes; bytes.remove_prefix(kStepBytes)) {
    const Step step(bytes.substr(0, kStepBytes));
    const std::string payload = step.Payload(plain);
    const RecordView record{.sequence = sequence, .kind = step.kind(), .payload = payload};
    const bool took = Take(plain, record, step.keeps());
    TURNABOUT_CHECK(took == Take(shelved, record, step.keeps()));
    if (took && step.keeps()) ++sequence;
    if (!step.publishes()) continue;
    Publish(plain);
    Publish(shelved);
    if (step.cuts()) CutTo(shelf, shelved);
  }
  Publish(plain);
  Publish(shelved);
  TURNABOUT_CHECK(plain.Check().ok() && shelved.Check().ok());
  TURNABOUT_CHECK(plain.Digest() == shelved.Digest());
  CutTo(shelf, shelved);
  TURNABOUT_CHECK(shelf.damage().ok());
  Book again;
  TURNABOUT_CHECK(again.UseShelf(shelf).ok() && again.Check().ok());
  TURNABOUT_CHECK(again.Digest() == plain.Digest());
}

}  // namespace
}  // namespace turnabout

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  turnabout::Live({reinterpret_cast<const char*>(data), size});
  return 0;
}
