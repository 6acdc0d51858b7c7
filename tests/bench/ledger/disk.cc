#include "tests/bench/ledger/disk.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "base/check.h"

namespace turnabout::bench {
namespace {

constexpr int64_t kFileBytes = int64_t{128} << 20;

class FileJournal final : public Journal {
 public:
  explicit FileJournal(PrewrittenFile& file) : file_(file) {}

  absl::string_view backend() const override { return "file"; }
  absl::Status Append(const Block& block) override {
    file_.Append(EncodeBlock(block));
    head_ = block.AsHead();
    return absl::OkStatus();
  }
  // There is nothing to be read when the store opens it, and nobody reads it later.
  absl::Status Read(uint64_t, absl::FunctionRef<absl::Status(const Block&)>) const override { return absl::OkStatus(); }
  absl::StatusOr<Head> ReadHead() const override { return head_; }

 private:
  PrewrittenFile& file_;
  Head head_;
};

}  // namespace

PrewrittenFile::PrewrittenFile(const std::string& folder) : path_(absl::StrCat(folder, "/prewritten-XXXXXX")) {
  file_ = ::mkostemp(path_.data(), O_CLOEXEC);
  TURNABOUT_CHECK(file_ >= 0);
  const std::string zeros(size_t{1} << 20, '\0');
  for (int64_t written = 0; written < kFileBytes; written += static_cast<int64_t>(zeros.size())) {
    TURNABOUT_CHECK(::write(file_, zeros.data(), zeros.size()) == static_cast<ssize_t>(zeros.size()));
  }
  TURNABOUT_CHECK(::fsync(file_) == 0);
}

PrewrittenFile::~PrewrittenFile() {
  ::close(file_);
  ::unlink(path_.c_str());
}

void PrewrittenFile::Append(absl::string_view bytes) {
  const auto length = static_cast<int64_t>(bytes.size());
  TURNABOUT_CHECK(length <= kFileBytes);
  if (at_ + length > kFileBytes) at_ = 0;
  TURNABOUT_CHECK(::pwrite(file_, bytes.data(), bytes.size(), at_) == length);
  TURNABOUT_CHECK(::fdatasync(file_) == 0);
  at_ += length;
  appended_ += length;
}

Sample AppendGroups(PrewrittenFile& file, double bytes_per_transfer, double transfers_per_group,
                    absl::Duration length) {
  const int transfers = std::max(1, static_cast<int>(transfers_per_group));
  const std::string group(static_cast<size_t>(bytes_per_transfer * transfers), 'x');
  const Recorder::Time until = Recorder::Now() + absl::ToChronoNanoseconds(length);
  Recorder recorder;
  while (Recorder::Now() < until) {
    const Recorder::Time asked = Recorder::Now();
    file.Append(group);
    recorder.Answered(asked, transfers);
  }
  return recorder.Take();
}

std::unique_ptr<Journal> NewFileJournal(PrewrittenFile& file) { return std::make_unique<FileJournal>(file); }

}  // namespace turnabout::bench
