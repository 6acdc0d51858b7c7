// A simulated shelf: rows in memory that outlive the process as far as they were synced or some way further, with rows
// that cannot be read, and puts that the disk refuses.
//
//   SimShelf shelf;
//   engine.UseShelf(shelf);
//   shelf.Crash(random);     // what was put since the last Sync may be gone, from the end back
#ifndef TURNABOUT_TESTS_SIM_SHELF_H_
#define TURNABOUT_TESTS_SIM_SHELF_H_

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/seed.h"
#include "store/shelf/shelf.h"

namespace turnabout::sim {

// What a shelf does wrong: for tests of the simulator.
enum class ShelfFault {
  kNone,
  kTearsPuts,  // takes half of the rows
  kLosesPuts,  // takes none, and goes on all the same
  kFlipsRows,  // gives back what was not put, without a word
};

class SimShelf : public Shelf {
 public:
  explicit SimShelf(ShelfFault fault = ShelfFault::kNone) : fault_(fault) {}

  // Another shelf that holds the same, and can be read no better.
  SimShelf(const SimShelf& other);

  // The disk refuses to be written while this is set.
  void SetFull(bool is_full) { is_full_ = is_full; }
  // The process is gone.
  void Crash(Random& random);
  // One row can be read no more, unless it is one that a thread of its own reads when it likes.
  void SpoilRow(Random& random);
  // No row of a table can be read any more.
  void Spoil(const ShelfTable& table);

  Head reached() const override;
  absl::Status Put(const RowBatch& rows, const Head& reached) override;
  absl::Status Sync() override;
  absl::Status Empty() override;
  std::unique_ptr<ShelfView> NewSnapshot() const override { return std::make_unique<SimShelf>(*this); }
  std::optional<std::string> Get(const ShelfTable& table, absl::string_view key) const override;
  void Scan(const ShelfTable& table, absl::string_view begin, absl::string_view end, Visit visit) const override;
  void ScanBack(const ShelfTable& table, absl::string_view begin, absl::string_view end, Visit visit) const override;
  void ReportUnreadable(absl::string_view problem) const override;
  absl::Status damage() const override;

 private:
  using Rows = std::map<std::string, std::string, std::less<>>;
  struct Taken {
    RowBatch rows;
    Head reached;
  };

  void Apply(const RowBatch& batch, Rows& rows) const;
  bool IsReadable(const std::string& key) const;

  const ShelfFault fault_;
  bool is_full_ = false;
  // Held while somebody reads, who may read again meanwhile.
  mutable std::recursive_mutex mutex_;
  Rows rows_;
  Head reached_;
  Rows synced_rows_;
  Head synced_reached_;
  std::vector<Taken> unsynced_;  // puts since the last Sync
  std::set<std::string> spoilt_;
  mutable absl::Status damage_;
};

}  // namespace turnabout::sim

#endif  // TURNABOUT_TESTS_SIM_SHELF_H_
