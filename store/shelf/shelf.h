// A Shelf keeps on disk what projections come to, as rows, up to some block of the journal. It is never the truth: it
// lags behind the journal, and when it is lost or damaged it is emptied and filled again from the journal.
//
//   constexpr ShelfTable kColours = {"C", RowOrder::kChanging};
//   absl::StatusOr<std::unique_ptr<Shelf>> shelf = Shelf::Open("/var/lib/turnabout/shelf");
//   (*shelf)->reached();                       // the block whose rows are the last that are here
//   (*shelf)->Put(rows, head);                 // rows up to `head`, all of them or none
//   (*shelf)->Get(kColours, "grass");
#ifndef TURNABOUT_STORE_SHELF_SHELF_H_
#define TURNABOUT_STORE_SHELF_SHELF_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "store/journal/block.h"
#include "store/shelf/row_batch.h"

namespace turnabout {

// The name of a shelf's folder in a data folder.
inline constexpr char kShelfFolder[] = "shelf";

// What is on a shelf, to be read: on the shelf itself, or as it was at some moment.
//
// Reads never fail, so that what reads need not know of disks: where a file does, they find nothing more, and damage()
// says so from then on. Whoever answers from a shelf looks at damage() before the answer goes out.
//
// Threads: safe for concurrent use.
class ShelfView {
 public:
  // Told a row's key, without its table, and its value; false: enough.
  using Visit = absl::FunctionRef<bool(absl::string_view key, absl::string_view value)>;

  virtual ~ShelfView() = default;

  // The block up to which its rows go; number 0 when it is empty.
  virtual Head reached() const = 0;

  virtual std::optional<std::string> Get(const ShelfTable& table, absl::string_view key) const = 0;
  // Rows with begin <= key < end in order; an empty `end` is the table's.
  virtual void Scan(const ShelfTable& table, absl::string_view begin, absl::string_view end, Visit visit) const = 0;
  // The same from the last to the first.
  virtual void ScanBack(const ShelfTable& table, absl::string_view begin, absl::string_view end, Visit visit) const = 0;

  // Told by whoever came upon a row that nobody wrote: damage() says so from then on. `problem` is the end of a
  // sentence.
  virtual void ReportUnreadable(absl::string_view problem) const = 0;

  // OK, or SHELF_DAMAGED for good: the next Open empties the folder.
  virtual absl::Status damage() const = 0;
};

// Threads: Put, Sync and Empty one at a time; everything else from any thread at any time, but for Empty.
class Shelf : public ShelfView {
 public:
  // Opens the folder, or makes it where its parent is there. One that cannot be read as a shelf is emptied, with a line
  // in the log. JOURNAL_UNAVAILABLE when the disk refuses. Put refuses rows that would leave less than
  // `low_water_bytes` of the disk.
  static absl::StatusOr<std::unique_ptr<Shelf>> Open(const std::string& folder, uint64_t low_water_bytes = 0);

  // Opens one that is there and changes nothing in it: Put, Sync and Empty are not for it. SHELF_DAMAGED when it cannot
  // be read.
  static absl::StatusOr<std::unique_ptr<Shelf>> OpenToRead(const std::string& folder);

  // Takes the rows and goes on to `reached`, both or neither. They survive the process once Sync has been called, or
  // sooner. JOURNAL_UNAVAILABLE when the disk is full or refuses; it may be tried again. REQUIRES: `rows` are sorted.
  virtual absl::Status Put(const RowBatch& rows, const Head& reached) = 0;

  // Makes what was put survive the process.
  virtual absl::Status Sync() = 0;

  // Forgets everything: reached() is block 0.
  virtual absl::Status Empty() = 0;

  // What is on it now, which may be read while more is put. REQUIRES: the shelf outlives it, and is not emptied.
  virtual std::unique_ptr<ShelfView> NewSnapshot() const = 0;
};

}  // namespace turnabout

#endif  // TURNABOUT_STORE_SHELF_SHELF_H_
