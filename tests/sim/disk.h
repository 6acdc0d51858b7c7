// A simulated disk with a journal on it: places that hold bytes, one for each block, and a note of the last block that
// was acknowledged, which is written after each block and reaches the disk some time later.
//
//   Disk disk;
//   absl::StatusOr<std::unique_ptr<Journal>> journal = OpenJournal(disk);
//   disk.CutPower(block, Fate::kTorn, random);   // while that block was being written
//   journal = OpenJournal(disk);                 // what was acknowledged is there, and what was torn is gone
#ifndef TURNABOUT_TESTS_SIM_DISK_H_
#define TURNABOUT_TESTS_SIM_DISK_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/seed.h"
#include "store/journal/journal.h"

namespace turnabout::sim {

// How a write fares that nobody had been told was durable.
enum class Fate {
  kKept,
  kLost,
  kTorn,         // some of its sectors, or its beginning
  kFlipped,      // with one bit changed
  kMisdirected,  // whole, in another place, over whatever was there
};

// How bytes change that were durable.
enum class Rot {
  kFlipped,  // one bit
  kSwapped,  // two places hold each other's
  kErased,
};

// What a journal on this disk does wrong: for tests of the simulator.
enum class JournalFault {
  kNone,
  kAcknowledgesEarly,  // the last block is not durable when it says so
  kEndsAtDamage,       // takes the first block that it cannot read for the end
};

// Copied, it is another disk that holds the same.
class Disk {
 public:
  static constexpr size_t kSector = 64;

  explicit Disk(JournalFault fault = JournalFault::kNone) : fault_(fault) {}
  JournalFault fault() const { return fault_; }

  // Bytes that may still be written.
  int64_t room() const { return room_; }
  void SetRoom(int64_t bytes) { room_ = bytes; }

  // The bytes in a place, from 1; null where there are none.
  const std::string* At(uint64_t place) const;
  uint64_t last_place() const { return places_.empty() ? 0 : places_.rbegin()->first; }
  void Write(uint64_t place, std::string bytes);
  void Erase(uint64_t place) { places_.erase(place); }

  // The block that was acknowledged last, as far as the disk knows.
  const Head& noted() const { return notes_.back(); }
  void Note(const Head& head);
  void SyncNotes() { notes_ = {notes_.back()}; }

  // The process is gone while it wrote a block, which fares so. What it noted is there.
  void Kill(const Block& block, Fate fate, Random& random);
  // The power is gone: the same, and some of the last notes are lost.
  void CutPower(const Block& block, Fate fate, Random& random);
  // Power that goes while nothing is written.
  void CutPower(Random& random);
  // Whether a block is in its place as it was written.
  bool Holds(const Block& block) const;

  // Spoils what is durable. REQUIRES: something is.
  void Spoil(Rot how, Random& random);
  // Puts back what Spoil or a misdirected write changed, as from a backup. False when they changed nothing.
  bool Repair();

 private:
  // Changes a place and remembers what was there.
  void Change(uint64_t place, std::optional<std::string> bytes);

  JournalFault fault_;
  int64_t room_ = int64_t{1} << 60;
  std::map<uint64_t, std::string> places_;
  std::vector<Head> notes_ = {Head{}};                     // those that may be lost, after one that may not
  std::map<uint64_t, std::optional<std::string>> before_;  // what Repair puts back
};

// Opens what is on the disk, as an operator's journal opens a folder: DATA_LOSS/JOURNAL_DAMAGED unless everything
// that was acknowledged is there as it was written; what was being written when the process ended may be gone.
// REQUIRES: the disk outlives the journal.
absl::StatusOr<std::unique_ptr<Journal>> OpenJournal(Disk& disk);

}  // namespace turnabout::sim

#endif  // TURNABOUT_TESTS_SIM_DISK_H_
