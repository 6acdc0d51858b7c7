// A HeadFile remembers the last acknowledged block outside the database, so that a database that lost its end is found
// out when it is opened.
//
// It is written after each block is durable and is not synced then: what it says may be older than the journal, never
// newer. Two copies are written in turn, so that a torn write leaves the other. docs/internals/format.md draws it.
#ifndef TURNABOUT_STORE_JOURNAL_HEAD_FILE_H_
#define TURNABOUT_STORE_JOURNAL_HEAD_FILE_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/journal/block.h"
#include "store/journal/posix_file.h"

namespace turnabout {

// Not thread-safe.
class HeadFile {
 public:
  // Makes `folder`/HEAD for an empty journal, durably.
  static absl::Status Create(const std::string& folder);

  // Opens `folder`/HEAD, to be written unless `read_only`. DATA_LOSS/JOURNAL_DAMAGED when it is missing or neither copy
  // can be read.
  static absl::StatusOr<std::unique_ptr<HeadFile>> Open(const std::string& folder, bool read_only = false);

  // The newer copy that can be read, as it was at Open.
  const Head& stored() const { return stored_; }

  // Writes over the older copy. REQUIRES: it was not opened to be read only. Survives the process at once, and the
  // machine some seconds later.
  absl::Status Write(const Head& head);

  // Makes what was written survive the machine.
  absl::Status Sync();

 private:
  HeadFile(std::string path, UniqueFd file) : path_(std::move(path)), file_(std::move(file)) {}

  std::string path_;
  UniqueFd file_;
  Head stored_;
  int next_slot_ = 0;
  int writes_ = 0;  // since the kernel was last asked to begin writing them to the disk
};

}  // namespace turnabout

#endif  // TURNABOUT_STORE_JOURNAL_HEAD_FILE_H_
