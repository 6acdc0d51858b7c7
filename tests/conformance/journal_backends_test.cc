#include "store/journal/memory_journal.h"
#include "store/journal/rocksdb_journal.h"
#include "tests/conformance/journal_conformance.h"

namespace turnabout {
namespace {

absl::StatusOr<std::unique_ptr<Journal>> OpenMemory(const std::string&) { return NewMemoryJournal(); }

absl::StatusOr<std::unique_ptr<Journal>> OpenRocksdb(const std::string& folder) {
  return OpenRocksdbJournal({.folder = folder, .low_water_bytes = 1 << 20, .ballast_bytes = 0});
}

// Exception: a journal in memory keeps nothing when it is closed.
INSTANTIATE_TEST_SUITE_P(Memory, JournalConformance,
                         testing::Values(JournalBackend{.name = "memory", .persists = false, .open = OpenMemory}),
                         NameOfBackend);
INSTANTIATE_TEST_SUITE_P(Rocksdb, JournalConformance,
                         testing::Values(JournalBackend{.name = "rocksdb", .open = OpenRocksdb}), NameOfBackend);

}  // namespace
}  // namespace turnabout
