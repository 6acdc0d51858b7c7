#include "tests/sim/disk.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "base/sha256.h"
#include "base/status_macros.h"
#include "store/journal/chain.h"

namespace turnabout::sim {
namespace {

constexpr size_t kDigestBytes = std::tuple_size_v<Sha256Digest>;
constexpr size_t kNotesMost = 32;  // that may be lost

void FlipBit(std::string& bytes, size_t first, Random& random) {
  bytes[first + random.Below(bytes.size() - first)] ^= static_cast<char>(1 << random.Below(8));
}

// What is there when some of the sectors never were written: its beginning, or any of them over zeros.
std::string Tear(const std::string& bytes, Random& random) {
  if (random.OneIn(1, 2)) return bytes.substr(0, random.Below(bytes.size()));
  std::string torn(bytes.size(), '\0');
  for (size_t start = 0; start < bytes.size(); start += Disk::kSector) {
    if (random.OneIn(1, 2)) torn.replace(start, Disk::kSector, bytes, start, Disk::kSector);
  }
  return torn;
}

// A block in a place, behind a digest by which a write is told that was cut off. What was acknowledged is never trusted
// for its digest: that is what the chain is for.
std::string Packed(const Block& block) {
  const std::string bytes = EncodeBlock(block);
  return absl::StrCat(AsView(Sha256({bytes})), bytes);
}
absl::string_view Unpacked(absl::string_view bytes) { return bytes.substr(std::min(bytes.size(), kDigestBytes)); }
bool IsWhole(absl::string_view bytes) {
  return bytes.size() > kDigestBytes && AsView(Sha256({Unpacked(bytes)})) == bytes.substr(0, kDigestBytes);
}

absl::Status Damaged(uint64_t block, absl::string_view problem) {
  return Refuse(Reason::kJournalDamaged, {{"block", absl::StrCat(block)}, {"problem", problem}});
}

class DiskJournal : public Journal {
 public:
  explicit DiskJournal(Disk& disk) : disk_(disk) {}

  absl::string_view backend() const override { return "simulated"; }

  absl::Status Append(const Block& block) override {
    RETURN_IF_ERROR(CheckAppend(block, head_));
    std::string bytes = Packed(block);
    const auto size = static_cast<int64_t>(bytes.size());
    if (size > disk_.room()) return Refuse(Reason::kDiskFull, {{"free", absl::StrCat(disk_.room())}});
    disk_.SetRoom(disk_.room() - size);
    disk_.Write(block.header.number, std::move(bytes));
    head_ = block.AsHead();
    disk_.Note(head_);
    return absl::OkStatus();
  }

  absl::Status Read(uint64_t from, absl::FunctionRef<absl::Status(const Block&)> visit) const override {
    ChainReader chain(from);
    for (uint64_t place = chain.first(); place <= head_.number; ++place) {
      const std::string* bytes = disk_.At(place);
      if (bytes == nullptr) return Damaged(place, "it is missing");
      RETURN_IF_ERROR(chain.Next(Unpacked(*bytes), visit));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Head> ReadHead() const override { return head_; }

  // Finds the last block and holds it against the one that was noted. Called once, before use.
  absl::Status Recover() {
    const Head noted = disk_.noted();
    ChainReader chain(std::max<uint64_t>(noted.number, 1));
    uint64_t place = chain.first();
    for (const std::string* bytes = disk_.At(place); bytes != nullptr; bytes = disk_.At(++place)) {
      // Only what was being written last may be less than whole.
      const bool is_tail = place > noted.number && place == disk_.last_place() && !IsWhole(*bytes);
      if (is_tail) break;
      const absl::Status read = chain.Next(Unpacked(*bytes), [&](const Block& block) {
        head_ = block.AsHead();
        const bool is_noted = head_ == noted || head_.number != noted.number;
        return is_noted ? absl::OkStatus() : Damaged(head_.number, "it is not the block that was acknowledged");
      });
      if (read.ok()) continue;
      if (disk_.fault() == JournalFault::kEndsAtDamage) break;
      return read;
    }
    return disk_.fault() == JournalFault::kEndsAtDamage ? EndHere() : EndAfter(noted, place);
  }

 private:
  absl::Status EndAfter(const Head& noted, uint64_t place) {
    if (head_.number < noted.number) return Damaged(head_.number + 1, "it is missing, and was acknowledged");
    if (disk_.last_place() > place) return Damaged(disk_.last_place(), "a block is past the end");
    return EndHere();
  }

  absl::Status EndHere() {
    while (disk_.last_place() > head_.number) disk_.Erase(disk_.last_place());
    disk_.Note(head_);
    disk_.SyncNotes();
    return absl::OkStatus();
  }

  Disk& disk_;
  Head head_;
};

}  // namespace

const std::string* Disk::At(uint64_t place) const {
  const auto found = places_.find(place);
  return found == places_.end() ? nullptr : &found->second;
}

void Disk::Write(uint64_t place, std::string bytes) { places_[place] = std::move(bytes); }

void Disk::Change(uint64_t place, std::optional<std::string> bytes) {
  const std::string* now = At(place);
  before_.try_emplace(place, now == nullptr ? std::nullopt : std::make_optional(*now));
  if (bytes.has_value()) {
    Write(place, *std::move(bytes));
  } else {
    Erase(place);
  }
}

void Disk::Note(const Head& head) {
  notes_.push_back(head);
  if (notes_.size() > kNotesMost) SyncNotes();
}

void Disk::Kill(const Block& block, Fate fate, Random& random) {
  const uint64_t place = block.header.number;
  const std::string bytes = Packed(block);
  std::string changed = bytes;
  switch (fate) {
    case Fate::kKept:
      return Write(place, bytes);
    case Fate::kLost:
      return;
    case Fate::kTorn:
      return Write(place, Tear(bytes, random));
    case Fate::kFlipped:
      FlipBit(changed, 0, random);
      return Write(place, changed);
    case Fate::kMisdirected: {
      const uint64_t elsewhere = 1 + random.Below(place + 2);
      return Change(elsewhere == place ? place + 1 : elsewhere, bytes);
    }
  }
}

void Disk::CutPower(const Block& block, Fate fate, Random& random) {
  CutPower(random);
  if (fault_ != JournalFault::kAcknowledgesEarly) Kill(block, fate, random);
}

bool Disk::Holds(const Block& block) const {
  const std::string* bytes = At(block.header.number);
  return bytes != nullptr && *bytes == Packed(block);
}

void Disk::CutPower(Random& random) {
  notes_.resize(1 + random.Below(notes_.size()));
  if (fault_ != JournalFault::kAcknowledgesEarly || places_.empty()) return;
  Erase(last_place());
  while (notes_.size() > 1 && notes_.back().number > last_place()) notes_.pop_back();
}

void Disk::Spoil(Rot how, Random& random) {
  const uint64_t place = 1 + random.Below(last_place());
  const uint64_t other = 1 + random.Below(last_place());
  std::string bytes = *At(place);
  if (how == Rot::kErased) return Change(place, std::nullopt);
  if (how == Rot::kSwapped && other != place) {
    const std::string others = *At(other);
    Change(place, others);
    return Change(other, bytes);
  }
  FlipBit(bytes, kDigestBytes, random);
  Change(place, bytes);
}

bool Disk::Repair() {
  for (auto& [place, bytes] : before_) {
    if (bytes.has_value()) {
      Write(place, *std::move(bytes));
    } else {
      Erase(place);
    }
  }
  return !std::exchange(before_, {}).empty();
}

absl::StatusOr<std::unique_ptr<Journal>> OpenJournal(Disk& disk) {
  auto journal = std::make_unique<DiskJournal>(disk);
  RETURN_IF_ERROR(journal->Recover());
  return std::unique_ptr<Journal>(std::move(journal));
}

}  // namespace turnabout::sim
