#include "store/journal/head_file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/status_macros.h"
#include "store/codec.h"
#include "store/journal/damage.h"

namespace turnabout {
namespace {

constexpr char kName[] = "HEAD";
constexpr absl::string_view kMagic = "TRNH";
constexpr uint16_t kVersion = 1;
constexpr int kSlots = 2;
constexpr size_t kSlotBytes = 512;   // one sector each: a torn write harms one of them
constexpr size_t kSignedBytes = 64;  // what the digest at the end of a slot is of
constexpr int kWritesPerFlush = 256;

std::string EncodeSlot(const Head& head) {
  std::string out;
  PutBytes(out, kMagic);
  PutFixed16(out, kVersion);
  PutFixed16(out, 0);
  PutFixed64(out, head.number);
  PutFixed64(out, head.last_sequence);
  PutFixed64(out, static_cast<uint64_t>(head.time_micros));
  PutBytes(out, AsView(head.hash));
  PutBytes(out, AsView(Sha256({out})));
  out.resize(kSlotBytes, '\0');
  return out;
}

std::optional<Head> DecodeSlot(absl::string_view bytes) {
  if (bytes.size() != kSlotBytes) return std::nullopt;
  const absl::string_view of = bytes.substr(0, kSignedBytes);
  Cursor cursor(bytes);
  const bool known = cursor.Bytes(kMagic.size()) == kMagic && cursor.Fixed16() == kVersion && cursor.Fixed16() == 0;
  Head head;
  head.number = cursor.Fixed64();
  head.last_sequence = cursor.Fixed64();
  head.time_micros = static_cast<int64_t>(cursor.Fixed64());
  head.hash = cursor.Array<32>();
  if (!known || cursor.Array<32>() != Sha256({of})) return std::nullopt;
  return head;
}

absl::Status Damaged(absl::string_view problem) { return DamagedPlace("the file HEAD", problem); }

}  // namespace

absl::Status HeadFile::Create(const std::string& folder) {
  const std::string slot = EncodeSlot(Head());
  return WriteFileDurably(folder, kName, absl::StrCat(slot, slot));
}

absl::StatusOr<std::unique_ptr<HeadFile>> HeadFile::Open(const std::string& folder, bool read_only) {
  const std::string path = absl::StrCat(folder, "/", kName);
  if (!FileExists(path)) return Damaged("it is missing");
  ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path));
  UniqueFd file(::open(path.c_str(), (read_only ? O_RDONLY : O_WRONLY) | O_CLOEXEC));
  if (!file.ok()) return UnavailableFromErrno("opened", path);
  std::unique_ptr<HeadFile> head_file(new HeadFile(path, std::move(file)));
  int newest = -1;
  for (int slot = 0; slot < kSlots; ++slot) {
    if (bytes.size() != kSlots * kSlotBytes) return Damaged("it has another length than it should");
    const std::optional<Head> head = DecodeSlot(absl::string_view(bytes).substr(slot * kSlotBytes, kSlotBytes));
    if (!head.has_value()) {
      Log(Severity::kWarning, "one copy of the head cannot be read", {{"copy", absl::StrCat(slot)}});
    } else if (newest < 0 || head->number > head_file->stored_.number) {
      newest = slot;
      head_file->stored_ = *head;
    }
  }
  if (newest < 0) return Damaged("neither of its two copies can be read");
  head_file->next_slot_ = (newest + 1) % kSlots;
  return head_file;
}

absl::Status HeadFile::Write(const Head& head) {
  const std::string slot = EncodeSlot(head);
  const off_t offset = static_cast<off_t>(next_slot_ * kSlotBytes);
  ssize_t put;
  do {
    put = ::pwrite(file_.get(), slot.data(), slot.size(), offset);
  } while (put < 0 && errno == EINTR);
  if (put >= 0 && static_cast<size_t>(put) != slot.size()) errno = ENOSPC;
  if (put < 0 || static_cast<size_t>(put) != slot.size()) return UnavailableFromErrno("written", path_);
  next_slot_ = (next_slot_ + 1) % kSlots;
  if (++writes_ >= kWritesPerFlush) {
    // Begins the write and does not wait for it: nothing depends on when it ends.
    ::sync_file_range(file_.get(), 0, 0, SYNC_FILE_RANGE_WRITE);
    writes_ = 0;
  }
  return absl::OkStatus();
}

absl::Status HeadFile::Sync() {
  if (::fdatasync(file_.get()) != 0) return UnavailableFromErrno("written", path_);
  return absl::OkStatus();
}

}  // namespace turnabout
