// How the process of a world ends, and begins again.
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "store/audit/audit.h"
#include "tests/sim/world.h"

namespace turnabout::sim {
namespace {

class DroppingBook : public Book {
 public:
  absl::Status Stage(const RecordView& record) override {
    if (record.kind == RecordKind::kAccount && ++changes_ % 5 == 0) return absl::OkStatus();
    return Book::Stage(record);
  }

 private:
  int changes_ = 0;
};

class KeepingBook : public Book {
 public:
  void Drop() override { Keep(); }
};

std::unique_ptr<Book> MakeBook(BookFault fault) {
  if (fault == BookFault::kDropsRecord) return std::make_unique<DroppingBook>();
  if (fault == BookFault::kKeepsRefused) return std::make_unique<KeepingBook>();
  return std::make_unique<Book>();
}

}  // namespace

// What was not durable never was. Whoever got no answer asks again, or does so later if at all.
void World::Forget() {
  if (sealed_.has_value()) staged_.insert(staged_.end(), sealed_->asked.begin(), sealed_->asked.end());
  sealed_.reset();
  for (const Asked& asked : std::exchange(staged_, {})) {
    Remember(asked.command);
    if (asked.command.request.empty() || !random_.OneIn(1, 2)) continue;
    ++seen_["asked again"];
    queue_.push_back(asked.command);
  }
  model_.Truncate(durable_);
  reach_.clear();
}

// The disk is full, as was found before anything was written: the group is refused, and later ones may fit again.
void World::TakeBack() {
  Note("the disk is full");
  ++seen_["disk full"];
  engine_->Discard();
  Forget();
}

// The disk fails while it writes. Nothing more is written; what is durable can still be read.
void World::FailWrite() {
  if (!sealed_.has_value()) return;
  Note("the disk fails");
  engine_->Discard();
  reach_.clear();
  CheckLayer(Layer::kDurable, durable_);
  CheckLayer(Layer::kWorking, durable_);
  if (ok()) Crash(random_.OneIn(1, 2) ? Fate::kKept : Fate::kLost, false);
}

void World::Kill() {
  Note("killed");
  Crash(random_.OneIn(1, 2) ? Fate::kKept : Fate::kLost, false);
}

void World::CutPower() {
  Note("the power is gone");
  Crash(chance_.NextFate(), true);
}

void World::Crash(Fate fate, bool is_power) {
  constexpr absl::string_view kNames[] = {"kept", "lost", "torn", "flipped", "misdirected"};
  size_t end = durable_;
  if (random_.OneIn(1, 2)) Seal();
  Close();
  if (shelf_ != nullptr) shelf_->Crash(random_);
  if (!sealed_.has_value()) {
    if (is_power) disk_.CutPower(random_);
    return Reopen(end);
  }
  Note(absl::StrCat("what was being written is ", kNames[static_cast<size_t>(fate)]));
  ++seen_[absl::StrCat("write ", kNames[static_cast<size_t>(fate)])];
  if (is_power) {
    disk_.CutPower(sealed_->block, fate, random_);
  } else {
    disk_.Kill(sealed_->block, fate, random_);
  }
  if (disk_.Holds(sealed_->block)) end = sealed_->end;
  if (fate == Fate::kMisdirected) ExpectDamage(end);
  if (ok()) Reopen(end);
}

// As a store ends in order: everything is written, and on the shelf if that takes it.
void World::Stop() {
  Note("stopped");
  ++seen_["stopped"];
  Flush();
  AnswerDisk();
  for (int steps = 0; steps < 8; ++steps) Cut();
  Close();
  if (shelf_ != nullptr) Expect(shelf_->Sync().ok(), "a shelf that syncs");
  disk_.SyncNotes();
  if (ok()) Reopen(durable_);
}

// The process is gone, and while it is, what was durable changes.
void World::SpoilDisk() {
  if (durable_ == 0) return;
  Note("killed, and the disk rots");
  Close();
  if (shelf_ != nullptr) shelf_->Crash(random_);
  disk_.Spoil(chance_.NextRot(), random_);
  ExpectDamage(durable_);
  if (ok()) Reopen(durable_);
}

// Something on the disk is not as it was written: either it does not open, or it opens as it must be, since the shelf
// is further than what changed, and whoever replays it finds out. Then the disk is put right.
void World::ExpectDamage(size_t end) {
  const absl::Status opened = Open();
  if (opened.ok()) {
    ++seen_["damage found by a replay"];
    Book book;
    const absl::Status replayed = Audit(*journal_, {&book}, {}).status();
    Expect(IsRefusedFor(replayed, Reason::kJournalDamaged), "damage that no replay finds");
    Expect(engine_->head().last_sequence == end, "damage that changes what is read");
    if (ok()) CheckLayer(Layer::kDurable, end);
  } else {
    ++seen_["damage found on opening"];
    Expect(IsRefusedFor(opened, Reason::kJournalDamaged), "damage that is taken for something else");
  }
  Close();
  disk_.Repair();
}

// A store whose shelf can be read no more stops itself; the next one begins with an empty shelf.
bool World::IsShelfDamaged() {
  if (shelf_ == nullptr || shelf_->damage().ok()) return false;
  Note("the shelf is damaged");
  ++seen_["shelf damaged"];
  Crash(Fate::kLost, false);
  return true;
}

void World::Close() {
  cutting_.reset();
  if (engine_ != nullptr && shelf_ != nullptr) engine_->LeaveShelf();
  engine_.reset();
  ledger_.reset();
  book_.reset();
  journal_.reset();
}

absl::Status World::Open() {
  Close();
  ASSIGN_OR_RETURN(journal_, OpenJournal(disk_));
  ASSIGN_OR_RETURN(const Head head, journal_->ReadHead());
  book_ = MakeBook(plant_.book);
  ledger_.emplace(*book_);
  engine_ = std::make_unique<Engine>(std::vector<Projection*>{book_.get()});
  if (shelf_ != nullptr) RETURN_IF_ERROR(OpenShelf(head));
  RETURN_IF_ERROR(
      journal_->Read(engine_->head().number + 1, [&](const Block& block) { return engine_->Replay(block); }));
  group_time_ = absl::FromUnixMicros(head.time_micros);
  if (engine_->head() == head) return absl::OkStatus();
  return absl::InternalError("the journal ends before its head");
}

// A shelf that is damaged, or not of this journal, begins anew.
absl::Status World::OpenShelf(const Head& journal_head) {
  const Head reached = shelf_->reached();
  Head same;
  if (reached.number > 0 && reached.number <= journal_head.number) {
    (void)journal_->Read(reached.number, [&](const Block& block) {
      same = block.AsHead();
      return absl::OutOfRangeError("one block is enough");
    });
  }
  if (reached != same || !shelf_->damage().ok()) RETURN_IF_ERROR(shelf_->Empty());
  const absl::Status used = engine_->UseShelf(*shelf_);
  if (used.ok()) return used;
  ++seen_["shelf unreadable"];
  engine_->LeaveShelf();
  RETURN_IF_ERROR(shelf_->Empty());
  return engine_->UseShelf(*shelf_);
}

// The process begins. `end`: how much of the model must be there.
void World::Reopen(size_t end) {
  absl::Status opened = Open();
  if (shelf_ != nullptr && !shelf_->damage().ok()) opened = Open();
  if (!opened.ok()) return Fail(absl::StrCat("it does not open: ", opened.ToString()));
  const size_t last = engine_->head().last_sequence;
  if (last < durable_) return Fail("what was acknowledged is gone");
  if (last != end) return Fail(absl::StrCat("there are ", last, " records, not ", end));
  durable_ = end;
  Forget();
  ++seen_["opened"];
  Note(absl::StrCat("opened at block ", engine_->head().number));
  CheckReplay();
  if (ok() && random_.OneIn(1, 8)) CheckInStore();
}

}  // namespace turnabout::sim
