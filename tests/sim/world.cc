#include "tests/sim/world.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/reason.h"

namespace turnabout::sim {
namespace {

constexpr size_t kHappenedMost = 16;
constexpr size_t kNamedMost = 40;  // commands that may be asked again
constexpr size_t kOpenHoldsMost = 60;
constexpr int64_t kRoomForAll = int64_t{1} << 60;

}  // namespace

World::World(Seed seed, const Plant& plant)
    : plant_(plant), chance_(seed), random_(chance_.random()), model_(plant.model_forgets), disk_(plant.journal) {
  if (chance_.kind().has_shelf) shelf_ = std::make_unique<SimShelf>(plant.shelf);
  for (uint32_t scheme = 1; scheme <= chance_.kind().schemes; ++scheme) {
    for (uint32_t owner = 0; owner < kSchemeOwners + chance_.kind().people; ++owner) {
      for (const Unit unit : {Unit::kMinutes, Unit::kTurns}) {
        const AccountName name{scheme, unit, owner};
        names_.emplace_back(name, KeyOf(name));
      }
    }
  }
}

World::~World() { Close(); }

bool World::Run(uint64_t most) {
  if (engine_ == nullptr) {
    Reopen(0);
    if (ok()) Ask(chance_.Opening());
  }
  while (ok() && steps_ < std::min(most, chance_.kind().steps)) Step();
  return ok();
}

void World::Step() {
  ++steps_;
  exempt_.clear();
  switch (chance_.NextEvent()) {
    case Event::kCommand:
      Ask(NextOfQueue());
      break;
    case Event::kRepeat:
      Repeat();
      break;
    case Event::kSweep:
      Sweep();
      break;
    case Event::kSeal:
      Seal();
      break;
    case Event::kDisk:
      AnswerDisk();
      break;
    case Event::kClock:
      MoveClock();
      break;
    case Event::kCut:
      Cut();
      break;
    case Event::kRoom:
      ChangeRoom();
      break;
    case Event::kKill:
      Kill();
      break;
    case Event::kPowerCut:
      CutPower();
      break;
    case Event::kStop:
      Stop();
      break;
    case Event::kFailWrite:
      FailWrite();
      break;
    case Event::kSpoilDisk:
      SpoilDisk();
      break;
    case Event::kSpoilShelf:
      if (shelf_ != nullptr) shelf_->SpoilRow(random_);
      break;
    case Event::kAudit:
      CheckReplay();
      break;
  }
  if (ok()) CheckAll();
}

// Some ask knowing the same, and are heard in any order.
Command World::NextOfQueue() {
  if (model_.OpenHolds(model_.size()).size() > kOpenHoldsMost) return chance_.Release(model_);
  if (queue_.empty()) queue_.resize(1 + random_.Below(chance_.kind().crowd));
  for (Command& each : queue_) {
    if (each.operations.empty()) each = chance_.NextCommand(model_);
  }
  std::swap(queue_[random_.Below(queue_.size())], queue_.back());
  Command command = std::move(queue_.back());
  queue_.pop_back();
  return command;
}

// One command, as the writer runs it, which names what is new.
void World::Ask(Command asked) {
  Command command = asked;
  chance_.NameNew(command);
  if (engine_->staged_records() == 0) group_time_ = std::max(group_time_, clock_);
  Exempt(command);
  const size_t before = model_.size();
  const Answer foretold = Foretell(command, model_, absl::ToUnixMicros(group_time_));
  Answer answer;
  const auto run = [&](Txn& txn) -> absl::Status {
    const absl::Status status = RunCommand(command, *ledger_, txn, answer);
    return shelf_ == nullptr || shelf_->damage().ok() ? status : shelf_->damage();
  };
  const absl::Status status = engine_->Run(run, group_time_, !command.dry_run);
  if (IsRefusedFor(status, Reason::kShelfDamaged)) return model_.Truncate(before);
  if (answer.reason.empty() && !status.ok()) answer.reason = status.ToString();
  ++seen_[answer.reason.empty() && !answer.repeated.empty() ? "repeated" : answer.reason];
  if (answer.entries.size() > 50) ++seen_["bulk written"];
  const bool agree = answer == foretold;
  Note(agree ? "" : "not as foretold", Asked{command, answer});
  if (!agree) return Fail(absl::StrCat("the answer is not the one that was foretold: ", TextOf(foretold)));
  staged_.push_back({std::move(asked), std::move(answer)});
  if (engine_->staged_records() >= chance_.kind().group_records) Flush();
}

// Somebody who does not know, or does not remember, asks again; sometimes for something else.
void World::Repeat() {
  if (named_.empty()) return;
  Command command = named_[random_.Below(named_.size())];
  if (random_.OneIn(1, 6)) command.content += "?";
  Ask(std::move(command));
}

// As the server does it: holds that are up, as readers see them, expire one by one.
void World::Sweep() {
  const size_t most = random_.OneIn(1, 3) ? 1 + random_.Below(5) : 1000;
  std::vector<Name> foretold = model_.Lapsed(now_micros(), durable_);
  foretold.resize(std::min(foretold.size(), most));
  std::vector<Name> lapsed;
  for (const EntryId& id : book_->LapsedHolds(clock_, most)) lapsed.push_back(NameOf(id));
  if (!Expect(lapsed == foretold, "the holds whose time is up")) return;
  for (const Name hold : lapsed) {
    if (!ok()) return;
    ++seen_["expiry"];
    Ask(chance_.Expire(hold));
  }
}

// What is staged becomes a block, and goes to the disk.
void World::Seal() {
  if (sealed_.has_value() || engine_->staged_records() == 0) return;
  BlockBuilder group = engine_->Seal();
  sealed_.emplace(Group{group.Seal(engine_->head(), group_time_), model_.size(), std::exchange(staged_, {})});
  Note(absl::StrCat("block ", sealed_->block.header.number, " is sealed with ", sealed_->block.header.record_count));
  Expect(durable_ + sealed_->block.header.record_count == sealed_->end, "how many records a block has");
}

void World::AnswerDisk() {
  if (!sealed_.has_value()) return;
  const absl::Status written = journal_->Append(sealed_->block);
  if (IsRefusedFor(written, Reason::kDiskFull)) return TakeBack();
  if (!written.ok()) return Fail(absl::StrCat("a block could not be appended: ", written.ToString()));
  engine_->Publish(sealed_->block.AsHead());
  durable_ = sealed_->end;
  for (const Asked& asked : sealed_->asked) Remember(asked.command);
  Note(absl::StrCat("block ", sealed_->block.header.number, " is durable"));
  sealed_.reset();
}

// It may be asked again.
void World::Remember(const Command& command) {
  if (command.request.empty()) return;
  named_.push_back(command);
  if (named_.size() > kNamedMost) named_.pop_front();
}

// The group is full: it goes to the disk, once the one before has.
void World::Flush() {
  AnswerDisk();
  if (ok()) Seal();
}

void World::MoveClock() {
  constexpr int64_t kEarliest = 1'000'000'000;
  clock_ = std::max(clock_ + absl::Seconds(chance_.NextTime()), absl::FromUnixSeconds(kEarliest));
  Note(absl::StrCat("it is ", now_micros()));
}

// One step of a cut: it is taken, made into rows, put on the shelf if that takes it, and then forgotten by the engine.
void World::Cut() {
  if (shelf_ == nullptr) return;
  if (!cutting_.has_value()) {
    cutting_.emplace(Cutting{engine_->TakeCuts(), engine_->head(), std::nullopt, false});
  } else if (!cutting_->rows.has_value()) {
    cutting_->rows.emplace();
    for (turnabout::Cut& cut : cutting_->cuts) cut(*cutting_->rows);
    cutting_->rows->Sort();
  } else if (!cutting_->is_put) {
    cutting_->is_put = shelf_->Put(*cutting_->rows, cutting_->head).ok();
    ++seen_[cutting_->is_put ? "cut" : "shelf full"];
    Note(cutting_->is_put ? absl::StrCat("the shelf reaches block ", cutting_->head.number) : "the shelf is full");
  } else {
    engine_->Shelved();
    cutting_.reset();
    if (random_.OneIn(1, 3)) Expect(shelf_->Sync().ok(), "a shelf that syncs");
  }
}

void World::ChangeRoom() {
  if (shelf_ != nullptr && random_.OneIn(1, 2)) return shelf_->SetFull(random_.OneIn(1, 2));
  disk_.SetRoom(disk_.room() < kRoomForAll / 2 ? kRoomForAll : random_.Between(0, 3000));
  Note(absl::StrCat("the disk has room for ", disk_.room()));
}

void World::Note(const std::string& what, std::optional<Asked> asked) {
  if (happened_.size() == kHappenedMost) happened_.pop_front();
  happened_.push_back({steps_, what, std::move(asked)});
}

std::vector<std::string> World::LastSteps() const {
  std::vector<std::string> steps;
  for (const Happened& each : happened_) {
    steps.push_back(absl::StrCat(each.step, ": ", each.what));
    if (each.asked.has_value()) {
      absl::StrAppend(&steps.back(), TextOf(each.asked->command), " → ", TextOf(each.asked->answer));
    }
  }
  return steps;
}

void World::Fail(const std::string& problem) {
  if (ok()) problem_ = absl::StrCat("step ", steps_, ": ", problem);
}

// False, and the end of this world, when something is not so. Nothing counts that was read from a damaged shelf.
bool World::Expect(bool is_so, absl::string_view what) {
  if (!is_so && (shelf_ == nullptr || shelf_->damage().ok())) Fail(absl::StrCat("wrong: ", what));
  return is_so;
}

}  // namespace turnabout::sim
