// A Shelf in a RocksDB database of its own, without a log: what a killed process had not flushed is made anew from the
// journal.
#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/sst_file_writer.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <mutex>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "base/log.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "store/codec.h"
#include "store/journal/posix_file.h"
#include "store/shelf/rocksdb_shelf_options.h"
#include "store/shelf/shelf.h"

namespace turnabout {
namespace {

// Above this many rows a file is written and taken in whole; below it, it would cost more than it saves.
constexpr size_t kFileRowsMin = 20'000;
constexpr size_t kCacheBytes = size_t{64} << 20;
// Of what rows mean and in which family they lie. 1 had one row for each entry of a statement, and no number.
constexpr uint16_t kShelfVersion = 2;
constexpr char kDamagedFile[] = "DAMAGED";
// Sorts before every table, since tables begin with letters.
constexpr char kReachedKey[] = "\x01reached";

rocksdb::Slice SliceOf(absl::string_view bytes) { return {bytes.data(), bytes.size()}; }
absl::string_view ViewOf(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

absl::Status Unavailable(absl::string_view verb, absl::string_view problem) {
  return Refuse(Reason::kJournalUnavailable, {{"verb", verb}, {"problem", problem}});
}

std::string EncodeReached(const Head& head) {
  std::string out;
  PutFixed16(out, kShelfVersion);
  PutFixed64(out, head.number);
  PutFixed64(out, head.last_sequence);
  PutBytes(out, AsView(head.hash));
  PutFixed64(out, static_cast<uint64_t>(head.time_micros));
  return out;
}

std::optional<Head> DecodeReached(absl::string_view bytes) {
  Cursor cursor(bytes);
  if (cursor.Fixed16() != kShelfVersion) return std::nullopt;
  Head head;
  head.number = cursor.Fixed64();
  head.last_sequence = cursor.Fixed64();
  head.hash = cursor.Array<32>();
  head.time_micros = static_cast<int64_t>(cursor.Fixed64());
  return cursor.Finished() ? std::make_optional(head) : std::nullopt;
}

// A table's own range of keys, or a part of it.
struct Range {
  Range(const ShelfTable& table, absl::string_view begin, absl::string_view end)
      : first(table.prefix), last(table.prefix) {
    absl::StrAppend(&first, begin);
    if (end.empty()) {
      ++last.back();
    } else {
      absl::StrAppend(&last, end);
    }
  }
  std::string first;
  std::string last;  // not included
};

rocksdb::ReadOptions OptionsAt(const rocksdb::Snapshot* snapshot) {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  return options;
}

class RocksdbShelf : public Shelf {
 public:
  RocksdbShelf(std::string folder, bool read_only, uint64_t low_water_bytes)
      : folder_(std::move(folder)), read_only_(read_only), low_water_bytes_(low_water_bytes) {}
  ~RocksdbShelf() override { Close(); }

  absl::Status Open();
  absl::Status OpenToRead();

  Head reached() const override {
    const std::lock_guard<std::mutex> lock(mutex_);
    return reached_;
  }
  absl::Status Put(const RowBatch& rows, const Head& reached) override;
  absl::Status Sync() override;
  absl::Status Empty() override;
  std::unique_ptr<ShelfView> NewSnapshot() const override;
  std::optional<std::string> Get(const ShelfTable& table, absl::string_view key) const override {
    return GetAt(nullptr, table, key);
  }
  void Scan(const ShelfTable& table, absl::string_view begin, absl::string_view end, Visit visit) const override {
    ScanAt(nullptr, table, begin, end, visit);
  }
  void ScanBack(const ShelfTable& table, absl::string_view begin, absl::string_view end, Visit visit) const override {
    ScanBackAt(nullptr, table, begin, end, visit);
  }
  void ReportUnreadable(absl::string_view problem) const override;
  absl::Status damage() const override {
    const std::lock_guard<std::mutex> lock(mutex_);
    return damage_;
  }

  // As things were at `snapshot`, or as they are where it is null.
  std::optional<std::string> GetAt(const rocksdb::Snapshot* snapshot, const ShelfTable& table,
                                   absl::string_view key) const;
  void ScanAt(const rocksdb::Snapshot* snapshot, const ShelfTable& table, absl::string_view begin,
              absl::string_view end, Visit visit) const;
  void ScanBackAt(const rocksdb::Snapshot* snapshot, const ShelfTable& table, absl::string_view begin,
                  absl::string_view end, Visit visit) const;

 private:
  friend class RocksdbSnapshot;

  rocksdb::Status OpenDatabase();
  absl::StatusOr<Head> ReadReached(const rocksdb::Snapshot* snapshot) const;
  absl::Status LearnReached();
  void Close();
  bool IsMarkedDamaged() const { return FileExists(PathOf(kDamagedFile)); }
  std::string PathOf(absl::string_view name) const { return absl::StrCat(folder_, "/", name); }
  rocksdb::ColumnFamilyHandle* FamilyOf(RowOrder order) const { return families_[static_cast<size_t>(order)]; }
  absl::Status CheckRoom(const RowBatch& rows) const;
  bool MayTakeFiles() const;
  rocksdb::Status PutFew(const RowBatch& rows, const std::string& reached);
  rocksdb::Status PutMany(const RowBatch& rows, const std::string& reached);
  using RowSpan = absl::Span<const RowBatch::Row>;
  rocksdb::Status WriteFile(const RowBatch& rows, RowOrder order, RowSpan span, const std::string& reached,
                            const std::string& path);
  rocksdb::Status WriteFiles(const RowBatch& rows, RowOrder order, const std::string& reached,
                             rocksdb::IngestExternalFileArg& files);
  void Found(const rocksdb::Status& status) const;

  const std::string folder_;
  const bool read_only_;
  const uint64_t low_water_bytes_;
  const std::shared_ptr<rocksdb::Cache> cache_ = rocksdb::NewLRUCache(kCacheBytes);
  std::unique_ptr<rocksdb::DB> db_;
  bool has_failed_ = false;  // a Put did, since the database was opened
  std::array<rocksdb::ColumnFamilyHandle*, std::size(kRowOrders)> families_{};

  mutable std::mutex mutex_;
  Head reached_;                 // guarded by mutex_
  mutable absl::Status damage_;  // guarded by mutex_
};

rocksdb::Status RocksdbShelf::OpenDatabase() {
  if (!read_only_ && !MakeFolder(PathOf("rows")).ok()) return rocksdb::Status::IOError("the folder cannot be made");
  std::vector<rocksdb::ColumnFamilyDescriptor> families = {
      {rocksdb::kDefaultColumnFamilyName, ShelfFamilyOptions(RowOrder::kChanging, cache_)},
      {"ascending", ShelfFamilyOptions(RowOrder::kAscending, cache_)},
      {"scattered", ShelfFamilyOptions(RowOrder::kScattered, cache_)}};
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const rocksdb::Options options(ShelfDatabaseOptions(), families[0].options);
  const rocksdb::Status opened = read_only_
                                     ? rocksdb::DB::OpenForReadOnly(options, PathOf("rows"), families, &handles, &db)
                                     : rocksdb::DB::Open(options, PathOf("rows"), families, &handles, &db);
  if (!opened.ok()) return opened;
  db_.reset(db);
  std::copy(handles.begin(), handles.end(), families_.begin());
  return opened;
}

void RocksdbShelf::Close() {
  if (db_ == nullptr) return;
  for (rocksdb::ColumnFamilyHandle*& family : families_) {
    db_->DestroyColumnFamilyHandle(family);
    family = nullptr;
  }
  db_.reset();
  has_failed_ = false;
}

absl::StatusOr<Head> RocksdbShelf::ReadReached(const rocksdb::Snapshot* snapshot) const {
  std::string bytes;
  const rocksdb::Status got = db_->Get(OptionsAt(snapshot), FamilyOf(RowOrder::kChanging), kReachedKey, &bytes);
  if (got.IsNotFound()) return Head{};
  if (!got.ok()) return absl::DataLossError(got.ToString());
  const std::optional<Head> head = DecodeReached(bytes);
  if (!head.has_value()) return absl::DataLossError("how far it goes cannot be read");
  return *head;
}

absl::Status RocksdbShelf::LearnReached() {
  ASSIGN_OR_RETURN(const Head head, ReadReached(nullptr));
  const std::lock_guard<std::mutex> lock(mutex_);
  reached_ = head;
  return absl::OkStatus();
}

absl::Status RocksdbShelf::Open() {
  // What is no folder is no shelf.
  std::error_code ignored;
  if (FileExists(folder_) && !std::filesystem::is_directory(folder_, ignored)) {
    std::filesystem::remove(folder_, ignored);
  }
  RETURN_IF_ERROR(MakeFolder(folder_));
  if (IsMarkedDamaged()) return Empty();
  const rocksdb::Status opened = OpenDatabase();
  std::string problem = opened.ok() ? "" : opened.ToString();
  if (opened.ok()) {
    const absl::Status read = LearnReached();
    if (read.ok()) return read;
    problem = std::string(read.message());
  }
  if (opened.IsIOError() && !opened.IsPathNotFound()) return Unavailable("opened", problem);
  Log(Severity::kWarning, "rows beside the journal cannot be read; they are made anew from it", {{"problem", problem}});
  return Empty();
}

absl::Status RocksdbShelf::OpenToRead() {
  const auto damaged = [](absl::string_view problem) { return Refuse(Reason::kShelfDamaged, {{"problem", problem}}); };
  if (IsMarkedDamaged()) return damaged("they were found to be so before");
  const rocksdb::Status opened = OpenDatabase();
  if (!opened.ok()) return damaged(opened.ToString());
  const absl::Status read = LearnReached();
  return read.ok() ? read : damaged(read.message());
}

absl::Status RocksdbShelf::Empty() {
  Close();
  std::error_code failed;
  std::filesystem::remove_all(PathOf("rows"), failed);
  if (!failed) std::filesystem::remove(PathOf(kDamagedFile), failed);
  if (failed) return Unavailable("emptied", failed.message());
  const rocksdb::Status opened = OpenDatabase();
  if (!opened.ok()) return Unavailable("opened", opened.ToString());
  const std::lock_guard<std::mutex> lock(mutex_);
  reached_ = Head{};
  damage_ = absl::OkStatus();
  return absl::OkStatus();
}

rocksdb::Status RocksdbShelf::PutFew(const RowBatch& rows, const std::string& reached) {
  rocksdb::WriteBatch batch;
  for (const RowOrder order : kRowOrders) {
    rocksdb::ColumnFamilyHandle* family = FamilyOf(order);
    for (const RowBatch::Row& row : rows.of(order)) {
      const std::optional<absl::string_view> value = rows.value(row);
      const rocksdb::Status added = value.has_value() ? batch.Put(family, SliceOf(rows.key(row)), SliceOf(*value))
                                                      : batch.Delete(family, SliceOf(rows.key(row)));
      if (!added.ok()) return added;
    }
  }
  const rocksdb::Status added = batch.Put(FamilyOf(RowOrder::kChanging), kReachedKey, reached);
  if (!added.ok()) return added;
  rocksdb::WriteOptions options;
  options.disableWAL = true;
  return db_->Write(options, &batch);
}

rocksdb::Status RocksdbShelf::WriteFile(const RowBatch& rows, RowOrder order, RowSpan span, const std::string& reached,
                                        const std::string& path) {
  rocksdb::ColumnFamilyHandle* family = FamilyOf(order);
  rocksdb::Options options = db_->GetOptions(family);
  // Such a file is soon merged with others, which is when packing it pays.
  if (order == RowOrder::kScattered) options.compression = rocksdb::kNoCompression;
  rocksdb::SstFileWriter file(rocksdb::EnvOptions(), options, family);
  rocksdb::Status status = file.Open(path);
  if (status.ok() && order == RowOrder::kChanging) status = file.Put(kReachedKey, reached);
  for (const RowBatch::Row& row : span) {
    if (!status.ok()) return status;
    const std::optional<absl::string_view> value = rows.value(row);
    status =
        value.has_value() ? file.Put(SliceOf(rows.key(row)), SliceOf(*value)) : file.Delete(SliceOf(rows.key(row)));
  }
  return status.ok() ? file.Finish() : status;
}

// The files of one order.
rocksdb::Status RocksdbShelf::WriteFiles(const RowBatch& rows, RowOrder order, const std::string& reached,
                                         rocksdb::IngestExternalFileArg& files) {
  files.column_family = FamilyOf(order);
  files.options.move_files = true;
  files.options.write_global_seqno = false;
  RowSpan rest = rows.of(order);
  do {
    RowSpan span = rest;
    if (order == RowOrder::kAscending) {
      // A file of one table mostly begins after all files before it ended, and is never merged with any then.
      const auto other = std::find_if(rest.begin(), rest.end(),
                                      [&](const auto& row) { return rows.table(row) != rows.table(rest.front()); });
      span = rest.subspan(0, static_cast<size_t>(other - rest.begin()));
    }
    rest.remove_prefix(span.size());
    const std::string path =
        PathOf(absl::StrCat("taking-", static_cast<int>(order), "-", files.external_files.size(), ".sst"));
    files.external_files.push_back(path);
    const rocksdb::Status written = WriteFile(rows, order, span, reached, path);
    if (!written.ok()) return written;
  } while (!rest.empty());
  return rocksdb::Status::OK();
}

// Files for each order, taken in together. The first has how far they go.
rocksdb::Status RocksdbShelf::PutMany(const RowBatch& rows, const std::string& reached) {
  std::vector<rocksdb::IngestExternalFileArg> all;
  for (const RowOrder order : kRowOrders) {
    if (order != RowOrder::kChanging && rows.of(order).empty()) continue;
    const rocksdb::Status written = WriteFiles(rows, order, reached, all.emplace_back());
    if (written.ok()) continue;
    for (const rocksdb::IngestExternalFileArg& files : all) {
      for (const std::string& path : files.external_files) {
        std::error_code ignored;
        std::filesystem::remove(path, ignored);  // they may be what filled the disk
      }
    }
    return written;
  }
  return db_->IngestExternalFiles(all);
}

absl::Status RocksdbShelf::CheckRoom(const RowBatch& rows) const {
  ASSIGN_OR_RETURN(const uint64_t free_bytes, FreeBytes(folder_));
  if (free_bytes >= low_water_bytes_ + rows.bytes()) return absl::OkStatus();
  return Unavailable("written", absl::StrCat("the disk is nearly full: ", free_bytes, " bytes free"));
}

// RocksDB 7.8 recovers from an error in the background, a full disk above all, but for one flag, by which it then takes
// files in under the number 0 (ErrorHandler::ClearBGError leaves is_db_stopped_ set). So none are given to it any more
// once there was an error: rows go through its memory, which that flag does not harm.
bool RocksdbShelf::MayTakeFiles() const {
  uint64_t errors = 0;
  return !has_failed_ && db_->GetIntProperty(rocksdb::DB::Properties::kBackgroundErrors, &errors) && errors == 0;
}

absl::Status RocksdbShelf::Put(const RowBatch& rows, const Head& reached) {
  RETURN_IF_ERROR(CheckRoom(rows));
  const std::string mark = EncodeReached(reached);
  const rocksdb::Status put = rows.size() < kFileRowsMin || !MayTakeFiles() ? PutFew(rows, mark) : PutMany(rows, mark);
  if (!put.ok()) {
    has_failed_ = true;
    // A disk that was full may have room by the next time.
    (void)db_->Resume();
    return Unavailable("written", put.ToString());
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  reached_ = reached;
  return absl::OkStatus();
}

absl::Status RocksdbShelf::Sync() {
  const rocksdb::Status flushed = db_->Flush(rocksdb::FlushOptions(), {families_.begin(), families_.end()});
  return flushed.ok() ? absl::OkStatus() : Unavailable("written", flushed.ToString());
}

// Notes what reading came upon: nothing when it went well.
void RocksdbShelf::Found(const rocksdb::Status& status) const {
  if (!status.ok() && !status.IsNotFound()) ReportUnreadable(status.ToString());
}

void RocksdbShelf::ReportUnreadable(absl::string_view problem) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!damage_.ok()) return;
  damage_ = Refuse(Reason::kShelfDamaged, {{"problem", problem}});
  if (read_only_) return;
  Log(Severity::kError, "rows beside the journal are damaged; they are made anew at the next start",
      {{"problem", std::string(problem)}});
  (void)WriteFileDurably(folder_, kDamagedFile, problem);
}

std::optional<std::string> RocksdbShelf::GetAt(const rocksdb::Snapshot* snapshot, const ShelfTable& table,
                                               absl::string_view key) const {
  std::string value;
  const rocksdb::Status got =
      db_->Get(OptionsAt(snapshot), FamilyOf(table.order), absl::StrCat(table.prefix, key), &value);
  Found(got);
  return got.ok() ? std::make_optional(std::move(value)) : std::nullopt;
}

void RocksdbShelf::ScanAt(const rocksdb::Snapshot* snapshot, const ShelfTable& table, absl::string_view begin,
                          absl::string_view end, Visit visit) const {
  const Range range(table, begin, end);
  const rocksdb::Slice upper = range.last;
  rocksdb::ReadOptions options = OptionsAt(snapshot);
  options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(options, FamilyOf(table.order)));
  for (at->Seek(range.first); at->Valid(); at->Next()) {
    if (!visit(ViewOf(at->key()).substr(table.prefix.size()), ViewOf(at->value()))) return;
  }
  Found(at->status());
}

void RocksdbShelf::ScanBackAt(const rocksdb::Snapshot* snapshot, const ShelfTable& table, absl::string_view begin,
                              absl::string_view end, Visit visit) const {
  const Range range(table, begin, end);
  const rocksdb::Slice lower = range.first;
  const rocksdb::Slice upper = range.last;
  rocksdb::ReadOptions options = OptionsAt(snapshot);
  options.iterate_lower_bound = &lower;
  options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(options, FamilyOf(table.order)));
  for (at->SeekToLast(); at->Valid(); at->Prev()) {
    if (!visit(ViewOf(at->key()).substr(table.prefix.size()), ViewOf(at->value()))) return;
  }
  Found(at->status());
}

// A RocksdbShelf as it was when this was made.
class RocksdbSnapshot : public ShelfView {
 public:
  explicit RocksdbSnapshot(const RocksdbShelf& shelf) : shelf_(shelf), snapshot_(shelf.db_->GetSnapshot()) {
    const absl::StatusOr<Head> reached = shelf.ReadReached(snapshot_);
    if (reached.ok()) {
      reached_ = *reached;
    } else {
      shelf.ReportUnreadable(reached.status().message());
    }
  }
  ~RocksdbSnapshot() override { shelf_.db_->ReleaseSnapshot(snapshot_); }
  RocksdbSnapshot(const RocksdbSnapshot&) = delete;
  RocksdbSnapshot& operator=(const RocksdbSnapshot&) = delete;

  Head reached() const override { return reached_; }
  std::optional<std::string> Get(const ShelfTable& table, absl::string_view key) const override {
    return shelf_.GetAt(snapshot_, table, key);
  }
  void Scan(const ShelfTable& table, absl::string_view begin, absl::string_view end, Visit visit) const override {
    shelf_.ScanAt(snapshot_, table, begin, end, visit);
  }
  void ScanBack(const ShelfTable& table, absl::string_view begin, absl::string_view end, Visit visit) const override {
    shelf_.ScanBackAt(snapshot_, table, begin, end, visit);
  }
  void ReportUnreadable(absl::string_view problem) const override { shelf_.ReportUnreadable(problem); }
  absl::Status damage() const override { return shelf_.damage(); }

 private:
  const RocksdbShelf& shelf_;
  const rocksdb::Snapshot* const snapshot_;
  Head reached_;
};

std::unique_ptr<ShelfView> RocksdbShelf::NewSnapshot() const { return std::make_unique<RocksdbSnapshot>(*this); }

}  // namespace

absl::StatusOr<std::unique_ptr<Shelf>> Shelf::Open(const std::string& folder, uint64_t low_water_bytes) {
  auto shelf = std::make_unique<RocksdbShelf>(folder, false, low_water_bytes);
  RETURN_IF_ERROR(shelf->Open());
  return std::unique_ptr<Shelf>(std::move(shelf));
}

absl::StatusOr<std::unique_ptr<Shelf>> Shelf::OpenToRead(const std::string& folder) {
  auto shelf = std::make_unique<RocksdbShelf>(folder, true, 0);
  RETURN_IF_ERROR(shelf->OpenToRead());
  return std::unique_ptr<Shelf>(std::move(shelf));
}

}  // namespace turnabout
