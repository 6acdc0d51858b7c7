// A temporary data folder and short words for what the tests of the RocksDB journal do to one.
#ifndef TURNABOUT_TESTS_UNIT_STORE_JOURNAL_JOURNAL_FOLDER_H_
#define TURNABOUT_TESTS_UNIT_STORE_JOURNAL_JOURNAL_FOLDER_H_

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "store/journal/rocksdb_journal.h"
#include "tests/support/temporary_folder.h"

namespace turnabout {

// Little room is asked for, so that tests run on small disks.
inline RocksdbJournalOptions SmallOptions(const std::string& folder) {
  return {.folder = folder, .low_water_bytes = 1 << 20, .ballast_bytes = 0};
}

// The block after `head`, saying `text`.
inline Block BlockAfter(const Head& head, const std::string& text) {
  BlockBuilder builder;
  builder.Add(RecordKind::kPut, text);
  return builder.Seal(head, absl::FromUnixSeconds(1'800'000'000));
}

// Appends `count` blocks to `journal`, and expects success.
inline void AppendBlocks(Journal& journal, int count) {
  for (int i = 0; i < count; ++i) {
    const absl::Status written = journal.Append(BlockAfter(*journal.ReadHead(), absl::StrCat("block ", i)));
    ASSERT_TRUE(written.ok()) << written;
  }
}

// Every block, encoded one after the other; the error when one cannot be read.
inline absl::StatusOr<std::string> AllBytes(const Journal& journal) {
  std::string all;
  const absl::Status read = journal.Read(1, [&](const Block& block) {
    all += EncodeBlock(block);
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  return all;
}

inline std::string ReadWholeFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

inline void WriteWholeFile(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_UNIT_STORE_JOURNAL_JOURNAL_FOLDER_H_
