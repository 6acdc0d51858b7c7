// Any bytes as one of the small files of a data folder: HEAD, FORMAT or KEY is what was written, or is refused and left
// alone.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "base/log.h"
#include "base/reason.h"
#include "base/sha256.h"
#include "base/signing.h"
#include "store/journal/head_file.h"
#include "store/journal/key_file.h"
#include "store/journal/migration.h"
#include "tests/fuzz/scratch.h"

namespace turnabout {
namespace {

constexpr size_t kSlotBytes = 512;
constexpr size_t kSignedBytes = 64;

void OpenHead(const Scratch& folder, const std::string& bytes) {
  folder.Write("HEAD", bytes);
  const absl::StatusOr<std::unique_ptr<HeadFile>> opened = HeadFile::Open(folder.path());
  TURNABOUT_CHECK(opened.ok() || IsRefusedFor(opened.status(), Reason::kJournalDamaged));
  TURNABOUT_CHECK(folder.Read("HEAD") == bytes);
  if (!opened.ok()) return;
  // What is written next takes the place of the older copy.
  Head next = (*opened)->stored();
  if (next.number == UINT64_MAX) return;
  ++next.number;
  TURNABOUT_CHECK((*opened)->Write(next).ok());
  const absl::StatusOr<std::unique_ptr<HeadFile>> again = HeadFile::Open(folder.path(), true);
  TURNABOUT_CHECK(again.ok() && (*again)->stored() == next);
}

// Chance does not find a digest: two copies of what the bytes say, each with the digest that belongs to it.
std::string WithDigests(absl::string_view bytes) {
  std::string file;
  for (size_t slot = 0; slot < 2; ++slot) {
    std::string copy(bytes.substr(std::min(bytes.size(), slot * kSignedBytes), kSignedBytes));
    copy.resize(kSignedBytes);
    absl::StrAppend(&copy, AsView(Sha256({copy})));
    copy.resize(kSlotBytes);
    file += copy;
  }
  return file;
}

void ReadTheFormat(const Scratch& folder, const std::string& bytes) {
  folder.Write("FORMAT", bytes);
  const absl::StatusOr<uint64_t> format = ReadFormat(folder.path());
  TURNABOUT_CHECK(format.ok() || IsRefusedFor(format.status(), Reason::kFormatUnknown));
  TURNABOUT_CHECK(folder.Read("FORMAT") == bytes);
  if (format.ok()) TURNABOUT_CHECK(*format >= 1 && *format <= kDataFolderFormat);
}

void OpenKey(const Scratch& folder, const std::string& bytes) {
  folder.Write("KEY", bytes);
  const absl::StatusOr<SigningKey> key = OpenKeyFile(folder.path());
  TURNABOUT_CHECK(key.ok() || IsRefusedFor(key.status(), Reason::kJournalDamaged));
  TURNABOUT_CHECK(folder.Read("KEY") == bytes);
  if (key.ok()) TURNABOUT_CHECK(IsSignedBy(key->public_key(), "a statement", key->Sign("a statement")));
}

}  // namespace
}  // namespace turnabout

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace turnabout;
  static const auto* const folder = new Scratch();
  SetLogSeverity(Severity::kError);
  if (size == 0) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0:
      OpenHead(*folder, bytes);
      break;
    case 1:
      OpenHead(*folder, WithDigests(bytes));
      break;
    case 2:
      ReadTheFormat(*folder, bytes);
      break;
    default:
      OpenKey(*folder, bytes);
  }
  return 0;
}
