// append_until_killed FOLDER: opens the journal there and appends blocks until somebody ends the process, writing each
// acknowledged block's number (8 bytes, as the machine has them) to standard output after Append returned OK.
#include <unistd.h>

#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"
#include "store/journal/rocksdb_journal.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  auto journal = turnabout::OpenRocksdbJournal({.folder = argv[1], .low_water_bytes = 1 << 20, .ballast_bytes = 0});
  if (!journal.ok()) {
    std::fprintf(stderr, "%s\n", journal.status().ToString().c_str());
    return 1;
  }
  turnabout::Head head = *(*journal)->ReadHead();
  while (true) {
    turnabout::BlockBuilder builder;
    const uint64_t number = head.number + 1;
    builder.Add(turnabout::RecordKind::kPut, absl::StrCat("block ", number));
    builder.Add(turnabout::RecordKind::kPut, std::string(number * 977 % 20'000, 'x'));
    const turnabout::Block block = builder.Seal(head, absl::FromUnixSeconds(1'800'000'000));
    if (const absl::Status written = (*journal)->Append(block); !written.ok()) {
      std::fprintf(stderr, "%s\n", written.ToString().c_str());
      return 1;
    }
    head = block.AsHead();
    if (::write(STDOUT_FILENO, &number, sizeof(number)) != sizeof(number)) return 0;
  }
}
