#include "server/app/live_schemes.h"

#include <chrono>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/status_macros.h"
#include "server/records/dates.h"
#include "store/codec.h"
#include "store/keyspace.h"

namespace turnabout {
namespace {

// What is written goes by in small groups: so long they are let gather before the journal is read.
constexpr std::chrono::milliseconds kGather{20};
// A scheme that nobody has asked about for so long is forgotten.
constexpr absl::Duration kIdle = absl::Hours(1);
// When more have changed than so many and one in so many people, working out everything anew is quicker.
constexpr int64_t kChangedLeast = 256;
constexpr int64_t kChangedShare = 8;
// How often what was written meanwhile is read too, where writing goes on all the while.
constexpr int kReadsMost = 8;

absl::Status Enough() { return absl::OutOfRangeError("enough"); }

}  // namespace

LiveSchemes::LiveSchemes(const Context& context) : context_(context) {
  context_.store.OnPublished([bell = bell_] {
    const std::lock_guard<std::mutex> lock(bell->mutex);
    if (!bell->following || std::exchange(bell->published, true)) return;
    bell->changed.notify_all();
  });
  thread_ = std::thread([this] { Run(); });
}

LiveSchemes::~LiveSchemes() {
  {
    const std::lock_guard<std::mutex> lock(bell_->mutex);
    bell_->stopping = true;
    bell_->following = false;
  }
  bell_->changed.notify_all();
  thread_.join();
  for (Asking& asking : bell_->asking) asking.told(nullptr);
}

void LiveSchemes::Ask(std::string slug, absl::Duration patience, Told told) {
  const absl::Time until = context_.clock.Now() + patience;
  const std::lock_guard<std::mutex> lock(bell_->mutex);
  bell_->asking.push_back({++bell_->last_number, std::move(slug), until, std::move(told)});
  bell_->changed.notify_all();
}

Seed LiveSchemes::SeedOn(uint32_t scheme, absl::CivilDay day) {
  return Seed{Mix(scheme, static_cast<uint64_t>(DayNumber(day)))};
}

int64_t LiveSchemes::builds() const {
  const std::lock_guard<std::mutex> lock(bell_->mutex);
  return bell_->builds;
}

int64_t LiveSchemes::kept() const {
  const std::lock_guard<std::mutex> lock(bell_->mutex);
  return bell_->kept;
}

void LiveSchemes::Run() {
  Bell& bell = *bell_;
  std::unique_lock<std::mutex> lock(bell.mutex);
  const auto asked = [&] { return bell.stopping || !bell.asking.empty(); };
  while (true) {
    bell.changed.wait(lock, [&] { return asked() || bell.published; });
    if (!asked()) bell.changed.wait_for(lock, kGather, asked);
    if (bell.stopping) return;
    if (!bell.asking.empty()) {
      AnswerFirst(lock);
      continue;
    }
    bell.published = false;
    lock.unlock();
    Forget();
    ReadOn().IgnoreError();  // whoever asks next is told
    lock.lock();
    bell.kept = static_cast<int64_t>(kept_.size());
    bell.following = bell.kept > 0;
    if (!bell.following) next_block_ = 0;
  }
}

// It stays among those who ask until it is answered, so that it may be given up.
void LiveSchemes::AnswerFirst(std::unique_lock<std::mutex>& lock) {
  Bell& bell = *bell_;
  const int64_t number = bell.asking.front().number;
  const std::string slug = bell.asking.front().slug;
  bell.following = true;
  lock.unlock();
  uint64_t revision = 0;
  const absl::StatusOr<Kept*> kept = BringUpToDate(slug, revision);
  if (!kept.ok()) Drop(slug, kept.status());
  lock.lock();
  bell.kept = static_cast<int64_t>(kept_.size());
  if (bell.asking.empty() || bell.asking.front().number != number) return;
  Told told = std::move(bell.asking.front().told);
  bell.asking.pop_front();
  lock.unlock();
  if (kept.ok()) {
    (*kept)->asked = context_.clock.Now();
    LiveScheme scheme{*(*kept)->pool, revision};
    told(&scheme);
  } else {
    told(nullptr);
  }
  lock.lock();
}

// It is read anew when somebody asks again.
void LiveSchemes::Drop(const std::string& slug, const absl::Status& why) {
  std::erase_if(kept_, [&](const auto& each) { return each.second->scheme->slug() == slug; });
  if (absl::IsNotFound(why) || absl::IsCancelled(why)) return;
  Log(Severity::kError, "the best set of matches cannot be worked out",
      {{"scheme", slug}, {"status", std::string(why.message())}});
}

void LiveSchemes::Forget() {
  const absl::Time now = context_.clock.Now();
  std::erase_if(kept_, [&](const auto& each) { return now - each.second->asked > kIdle; });
}

bool LiveSchemes::GoesOn() {
  const absl::Time now = context_.clock.Now();
  std::list<Asking> late;
  bool goes_on = true;
  {
    const std::lock_guard<std::mutex> lock(bell_->mutex);
    goes_on = !bell_->stopping;
    for (auto at = bell_->asking.begin(); at != bell_->asking.end();) {
      const auto next = std::next(at);
      if (at->until < now) late.splice(late.end(), bell_->asking, at);
      at = next;
    }
  }
  for (Asking& asking : late) asking.told(nullptr);
  return goes_on;
}

absl::StatusOr<LiveSchemes::Kept*> LiveSchemes::BringUpToDate(const std::string& slug, uint64_t& revision) {
  if (next_block_ == 0) {
    const Head head = context_.store.head();
    next_block_ = head.number + 1;
    read_to_ = head.last_sequence;
  }
  RETURN_IF_ERROR(ReadOn());
  Kept* kept = nullptr;
  for (const auto& [number, each] : kept_) {
    if (each->scheme->slug() == slug) kept = each.get();
  }
  // What was read holds for the end of the journal once nothing has changed since.
  for (int reads = 0; reads < kReadsMost; ++reads) {
    revision = read_to_;
    if (kept == nullptr || IsOutdated(*kept)) {
      ASSIGN_OR_RETURN(kept, Build(slug));
    } else if (!kept->members.empty() || !kept->pairs.empty()) {
      RETURN_IF_ERROR(ReadChanges(*kept));
    } else {
      break;
    }
    RETURN_IF_ERROR(ReadOn());
  }
  RETURN_IF_ERROR(kept->pool->Balance([&](int64_t, int64_t) { return GoesOn(); }));
  return kept;
}

bool LiveSchemes::IsOutdated(const Kept& kept) const {
  return kept.is_outdated || DayOf(kept.as_of) != DayOf(context_.clock.Now()) ||
         static_cast<int64_t>(kept.members.size()) > kChangedLeast + kept.pool->size() / kChangedShare;
}

absl::StatusOr<LiveSchemes::Kept*> LiveSchemes::Build(const std::string& slug) {
  ASSIGN_OR_RETURN(SchemePool read, ReadPool(context_, slug, read_to_));
  std::unique_ptr<Kept>& kept = kept_[read.scheme->number()];
  kept = nullptr;  // two at a time take twice the memory
  const Seed seed = SeedOn(read.scheme->number(), DayOf(read.as_of));
  absl::StatusOr<std::unique_ptr<LivePool>> pool =
      LivePool::Make(read.pool, read.settings, seed, [&](int64_t, int64_t) { return GoesOn(); });
  if (!pool.ok()) {
    kept_.erase(read.scheme->number());
    return pool.status();
  }
  kept = std::make_unique<Kept>();
  kept->scheme = std::move(read.scheme);
  kept->pool = *std::move(pool);
  kept->as_of = read.as_of;
  kept->asked = context_.clock.Now();
  const std::lock_guard<std::mutex> lock(bell_->mutex);
  ++bell_->builds;
  return kept.get();
}

absl::Status LiveSchemes::ReadChanges(Kept& kept) {
  const std::vector<MemberId> members(kept.members.begin(), kept.members.end());
  const std::vector<std::pair<MemberId, MemberId>> pairs(kept.pairs.begin(), kept.pairs.end());
  ASSIGN_OR_RETURN(const PoolPart part, ReadPoolPart(context_, *kept.scheme, kept.as_of, members, pairs));
  kept.members.clear();
  kept.pairs.clear();
  for (const Person& person : part.people) RETURN_IF_ERROR(kept.pool->SetPerson(person));
  for (const PoolPart::Pair& pair : part.pairs) {
    pair.barred ? kept.pool->Bar({pair.giver, pair.receiver}) : kept.pool->Unbar({pair.giver, pair.receiver});
  }
  return absl::OkStatus();
}

absl::Status LiveSchemes::ReadOn() {
  const absl::Status read = ReadBlocks();
  if (read.ok()) return read;
  Log(Severity::kError, "the journal cannot be followed", {{"status", std::string(read.message())}});
  kept_.clear();
  next_block_ = 0;
  return read;
}

absl::Status LiveSchemes::ReadBlocks() {
  const Head head = context_.store.head();
  if (next_block_ == 0 || next_block_ > head.number) return absl::OkStatus();
  const absl::Status read = context_.store.journal().Read(next_block_, [&](const Block& block) -> absl::Status {
    if (block.header.number > head.number) return Enough();
    RETURN_IF_ERROR(block.ForEach([&](const RecordView& record) { return Note(record); }));
    next_block_ = block.header.number + 1;
    read_to_ = block.AsHead().last_sequence;
    return absl::OkStatus();
  });
  return absl::IsOutOfRange(read) ? absl::OkStatus() : read;
}

absl::Status LiveSchemes::Note(const RecordView& record) {
  switch (record.kind) {
    case RecordKind::kDelete:
      NoteRow(record.payload);
      break;
    case RecordKind::kPut: {
      Cursor cursor(record.payload);
      NoteRow(cursor.Bytes(cursor.Fixed32()));
      break;
    }
    case RecordKind::kAccount: {
      ASSIGN_OR_RETURN(const AccountChange change, DecodeAccountChange(record.payload));
      NoteTurns(change.key);
      break;
    }
    case RecordKind::kEntry: {
      ASSIGN_OR_RETURN(const Entry entry, DecodeEntry(record.payload));
      NoteTurns(entry.from_key());
      NoteTurns(entry.to_key());
      break;
    }
    case RecordKind::kRequest:
      break;
  }
  return absl::OkStatus();
}

void LiveSchemes::NoteRow(absl::string_view key) {
  const std::optional<RowPlace> place = PlaceOf(key);
  if (!place.has_value()) return;
  if (place->table == Table::kScheme) {
    for (const auto& [number, kept] : kept_) {
      if (kept->scheme->slug() == place->rest) kept->is_outdated = true;
    }
    return;
  }
  Kept* const kept = FindByNumber(place->scheme);
  if (kept == nullptr) return;
  if (place->table == Table::kMember) kept->members.insert(MemberId(IdAtEnd(key)));
  if (place->table == Table::kRest) kept->pairs.insert(PairOfRest(key));
  if (place->table == Table::kRuleSet) kept->is_outdated = true;
}

void LiveSchemes::NoteTurns(const AccountKey& account) {
  if (account.unit != Unit::kTurns || IsSchemeOwner(account.owner)) return;
  if (Kept* const kept = FindByNumber(account.scheme)) kept->members.insert(MemberId(account.owner));
}

LiveSchemes::Kept* LiveSchemes::FindByNumber(uint32_t scheme) {
  const auto found = kept_.find(scheme);
  return found == kept_.end() ? nullptr : found->second.get();
}

}  // namespace turnabout
