#include "server/app/watches.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "server/app/entry_view.h"
#include "server/app/problems.h"
#include "server/records/changes.h"
#include "server/records/dates.h"
#include "store/audit/prove.h"
#include "store/codec.h"

namespace turnabout {

// A record that a watch is told of.
struct ReadRecord {
  uint64_t sequence = 0;
  std::optional<Entry> entry;
  rows::EntryNoteRow note;  // of an entry
  std::string resource;     // otherwise: what changed, or is gone
  bool removed = false;
};

namespace {

// Events of one response, which stays below the 4 MiB that clients take.
constexpr int kEventsMax = 1000;
// Bytes of blocks read for one watch before another has its turn.
constexpr size_t kBytesOfTurn = size_t{1} << 20;
// Records made into events at a time, while the writer may have to wait.
constexpr size_t kShownAtOnce = 64;

absl::Status Enough() { return absl::OutOfRangeError("enough"); }

using Notes = absl::flat_hash_map<EntryId, rows::EntryNoteRow>;

// The words beside the entries of a block: they are written by the command that writes the entry.
absl::StatusOr<Notes> NotesOf(const Block& block) {
  Notes notes;
  RETURN_IF_ERROR(block.ForEach([&](const RecordView& record) {
    if (record.kind != RecordKind::kPut) return absl::OkStatus();
    Cursor cursor(record.payload);
    const absl::string_view key = cursor.Bytes(cursor.Fixed32());
    const std::optional<RowPlace> place = PlaceOf(key);
    if (!place.has_value() || place->table != Table::kEntryNote) return absl::OkStatus();
    notes[EntryId(IdAtEnd(key))] = ParseRow<rows::EntryNoteRow>(cursor.rest());
    return absl::OkStatus();
  }));
  return notes;
}

// The row that a put or a delete is about.
absl::string_view KeyIn(const RecordView& record) {
  if (record.kind == RecordKind::kDelete) return record.payload;
  Cursor cursor(record.payload);
  return cursor.Bytes(cursor.Fixed32());
}

// What a watch of this scheme is told of the record, if anything; of entries, of `account` alone where there is one.
absl::StatusOr<std::optional<ReadRecord>> ReadEvent(const SchemeView& scheme, const std::optional<AccountKey>& account,
                                                    const RecordView& record, Notes& notes) {
  ReadRecord read;
  read.sequence = record.sequence;
  std::optional<std::string> resource;
  if (record.kind == RecordKind::kEntry) {
    ASSIGN_OR_RETURN(read.entry, DecodeEntry(record.payload));
    const Entry& entry = *read.entry;
    if (entry.scheme != scheme.number()) return std::nullopt;
    if (account.has_value() && entry.from_key() != *account && entry.to_key() != *account) return std::nullopt;
    read.note = std::move(notes[entry.id]);
    return read;
  }
  if (record.kind == RecordKind::kAccount) {
    ASSIGN_OR_RETURN(const AccountChange change, DecodeAccountChange(record.payload));
    if (change.key.scheme == scheme.number()) resource = ChildName(scheme.slug(), kAccounts, AccountText(change.key));
  } else if (record.kind == RecordKind::kPut || record.kind == RecordKind::kDelete) {
    resource = ChangedResource(scheme, KeyIn(record));
  }
  if (!resource.has_value()) return std::nullopt;
  read.resource = *std::move(resource);
  read.removed = record.kind == RecordKind::kDelete;
  return read;
}

// True for two changes in a row of one resource, which are told of once: as when its places are imported.
bool SameResource(const ReadRecord& a, const ReadRecord& b) {
  return !a.entry.has_value() && !b.entry.has_value() && a.resource == b.resource && a.removed == b.removed;
}

}  // namespace

void Watch::Next(Reply<v1::WatchJournalResponse> reply) {
  Watches::Bell& bell = *watches_.bell_;
  std::unique_lock<std::mutex> lock(bell.mutex);
  if (over_.ok() && !bell.stopping) {
    waiting_ = std::move(reply);
    bell.waiting.push_back(shared_from_this());
    bell.rung = true;
    bell.changed.notify_all();
    return;
  }
  const absl::Status over = over_.ok() ? Refuse(Reason::kDraining) : over_;
  lock.unlock();
  reply(over);
}

void Watch::End(const absl::Status& status) {
  Reply<v1::WatchJournalResponse> reply;
  {
    const std::lock_guard<std::mutex> lock(watches_.bell_->mutex);
    if (over_.ok()) over_ = status;
    reply = std::exchange(waiting_, nullptr);
  }
  if (reply) reply(status);
}

Watches::Watches(const Context& context, Options options) : context_(context), options_(options) {
  context_.store.OnPublished([bell = bell_] {
    const std::lock_guard<std::mutex> lock(bell->mutex);
    if (bell->waiting.empty()) return;
    bell->rung = true;
    bell->changed.notify_all();
  });
  thread_ = std::thread([this] { Run(); });
}

Watches::~Watches() {
  {
    const std::lock_guard<std::mutex> lock(bell_->mutex);
    bell_->stopping = true;
  }
  bell_->changed.notify_all();
  thread_.join();
  for (const std::shared_ptr<Watch>& watch : bell_->waiting) watch->End(Refuse(Reason::kDraining));
  bell_->waiting.clear();
}

absl::StatusOr<std::shared_ptr<Watch>> Watches::Start(const v1::WatchJournalRequest& request) {
  Problems problems;
  const std::string slug = problems.CheckScheme("parent", request.parent());
  if (request.after_revision() < 0) problems.Add("after_revision", "Give a revision, or 0 for everything");
  RETURN_IF_ERROR(problems.ToStatus());
  std::shared_ptr<Watch> watch(new Watch(*this));
  watch->entries_only_ = request.entries_only() || !request.account().empty();
  watch->sequence_ = static_cast<uint64_t>(request.after_revision());
  watch->told_ = watch->sequence_;
  watch->told_at_ = context_.clock.Now();
  RETURN_IF_ERROR(context_.store.Read(0, [&](const Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(watch->scheme_, FindScheme(snapshot, slug));
    if (watch->sequence_ > snapshot.revision()) {
      return Refuse(Reason::kNotInJournal, {{"what", "revision"}, {"number", absl::StrCat(request.after_revision())}});
    }
    if (request.account().empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(watch->account_, AccountNamed(*watch->scheme_, request.account()));
    if (context_.book().FindAccount(*watch->account_, snapshot.layer()) != nullptr) return absl::OkStatus();
    return Refuse(Reason::kAccountNotFound, {{"name", request.account()}});
  }));
  return watch;
}

void Watches::Run() {
  Bell& bell = *bell_;
  std::unique_lock<std::mutex> lock(bell.mutex);
  while (true) {
    const auto rung = [&] { return bell.rung || bell.stopping; };
    if (bell.waiting.empty()) {
      bell.changed.wait(lock, rung);
    } else {
      bell.changed.wait_for(lock, absl::ToChronoMilliseconds(options_.progress_every), rung);
    }
    if (bell.stopping) return;
    bell.rung = false;
    std::deque<std::shared_ptr<Watch>> turn = std::exchange(bell.waiting, {});
    lock.unlock();
    std::vector<std::shared_ptr<Watch>> unanswered;
    for (std::shared_ptr<Watch>& watch : turn) {
      if (!Serve(*watch)) unanswered.push_back(std::move(watch));
    }
    const uint64_t latest = context_.store.revision();
    lock.lock();
    for (std::shared_ptr<Watch>& watch : unanswered) {
      bell.rung = bell.rung || watch->sequence_ < latest;
      bell.waiting.push_back(std::move(watch));
    }
  }
}

Reply<v1::WatchJournalResponse> Watches::TakeReply(Watch& watch) {
  const std::lock_guard<std::mutex> lock(watch.watches_.bell_->mutex);
  return std::exchange(watch.waiting_, nullptr);
}

// True when the watch has been told something, or waits no longer.
bool Watches::Serve(Watch& watch) {
  v1::WatchJournalResponse response;
  const absl::Status read = ReadOn(watch, response);
  if (!read.ok()) {
    watch.End(read);
    return true;
  }
  const absl::Time now = context_.clock.Now();
  const bool progress = watch.sequence_ > watch.told_ && now - watch.told_at_ >= options_.progress_every;
  if (response.events().empty() && !progress) {
    const std::lock_guard<std::mutex> lock(bell_->mutex);
    return watch.waiting_ == nullptr;
  }
  watch.told_ = watch.sequence_;
  watch.told_at_ = now;
  response.set_revision(static_cast<int64_t>(watch.sequence_));
  if (Reply<v1::WatchJournalResponse> reply = TakeReply(watch)) reply(std::move(response));
  return true;
}

// Reads on until there is a response's worth, or the end, or enough for one turn.
absl::Status Watches::ReadOn(Watch& watch, v1::WatchJournalResponse& response) const {
  const Head head = context_.store.head();
  if (watch.sequence_ >= head.last_sequence) return absl::OkStatus();
  if (watch.block_ == 0) {
    ASSIGN_OR_RETURN(watch.block_, BlockOf(context_.store.journal(), watch.sequence_ + 1, head));
  }
  size_t bytes = 0;
  const absl::Status read = context_.store.journal().Read(watch.block_, [&](const Block& block) -> absl::Status {
    if (block.header.number > head.number || bytes >= kBytesOfTurn) return Enough();
    bytes += block.body.size();
    RETURN_IF_ERROR(ReadBlock(watch, block, response));
    if (response.events_size() >= kEventsMax) return Enough();
    watch.block_ = block.header.number + 1;
    watch.sequence_ = block.AsHead().last_sequence;
    return absl::OkStatus();
  });
  return absl::IsOutOfRange(read) ? absl::OkStatus() : read;
}

// Adds events for records that come after watch.sequence_, as many as the response has room for.
absl::Status Watches::ReadBlock(Watch& watch, const Block& block, v1::WatchJournalResponse& response) const {
  ASSIGN_OR_RETURN(Notes notes, NotesOf(block));
  std::vector<ReadRecord> read;
  const size_t room = static_cast<size_t>(kEventsMax - response.events_size());
  const absl::Status done = block.ForEach([&](const RecordView& record) -> absl::Status {
    if (record.sequence <= watch.sequence_) return absl::OkStatus();
    ASSIGN_OR_RETURN(std::optional<ReadRecord> event, ReadEvent(*watch.scheme_, watch.account_, record, notes));
    if (event.has_value() && (event->entry.has_value() || !watch.entries_only_)) {
      if (!read.empty() && SameResource(read.back(), *event)) {
        read.back().sequence = record.sequence;
      } else if (read.size() == room) {
        return Enough();
      } else {
        read.push_back(*std::move(event));
      }
    }
    watch.sequence_ = record.sequence;
    return absl::OkStatus();
  });
  if (!done.ok() && !absl::IsOutOfRange(done)) return done;
  for (size_t at = 0; at < read.size(); at += kShownAtOnce) {
    RETURN_IF_ERROR(
        Show(watch, absl::MakeConstSpan(read).subspan(at, kShownAtOnce), block.header.time_micros, response));
  }
  return absl::OkStatus();
}

absl::Status Watches::Show(const Watch& watch, absl::Span<const ReadRecord> records, int64_t time_micros,
                           v1::WatchJournalResponse& response) const {
  return context_.store.Read(0, [&](const Snapshot& snapshot) {
    for (const ReadRecord& record : records) {
      v1::JournalEvent& event = *response.add_events();
      event.set_sequence(static_cast<int64_t>(record.sequence));
      *event.mutable_write_time() = TimestampOf(time_micros);
      if (!record.entry.has_value()) {
        (record.removed ? event.mutable_removed() : event.mutable_changed())->assign(record.resource);
        continue;
      }
      EntryRow as_written;
      as_written.entry = *record.entry;
      as_written.sequence = record.sequence;
      as_written.current = record.entry->state;
      v1::Entry& entry = *event.mutable_entry();
      entry = ToApiWithoutWords(context_.book(), snapshot, *watch.scheme_, as_written);
      entry.set_note(record.note.note());
      entry.set_actor(record.note.actor());
    }
    return absl::OkStatus();
  });
}

}  // namespace turnabout
