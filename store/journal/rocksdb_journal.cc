#include "store/journal/rocksdb_journal.h"

#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/log.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "store/codec.h"
#include "store/journal/chain.h"
#include "store/journal/damage.h"
#include "store/journal/data_folder.h"
#include "store/journal/head_file.h"
#include "store/journal/posix_file.h"
#include "store/journal/rocksdb_log.h"

namespace turnabout {
namespace {

constexpr char kDatabase[] = "journal";

// A disk that refuses is unavailable; a file that is missing, or says what nobody wrote, is damage.
absl::Status FromRocksdb(const rocksdb::Status& status, absl::string_view verb) {
  if (status.ok()) return absl::OkStatus();
  const bool is_disk = (status.IsIOError() && !status.IsPathNotFound()) || status.IsNoSpace() || status.IsBusy();
  if (!is_disk) return DamagedPlace("its database", status.ToString());
  return Refuse(Reason::kJournalUnavailable, {{"verb", verb}, {"problem", status.ToString()}});
}

rocksdb::Options DatabaseOptions(bool may_create) {
  rocksdb::Options options;
  options.create_if_missing = may_create;
  // The default opens with status OK after a flipped bit in the middle of its log and silently drops what came after.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.track_and_verify_wals_in_manifest = true;
  options.paranoid_checks = true;
  // A third of an entry is zeros and high bytes, which the quickest of codecs takes out on its way from the log to a
  // table. Blocks arrive in key order, so compaction moves files without rewriting them.
  options.compression = rocksdb::kLZ4Compression;
  // Two of these are what is flushed while opening, at most; the default ballast is as large.
  options.write_buffer_size = size_t{32} << 20;
  options.max_write_buffer_number = 2;
  options.max_open_files = 256;
  options.max_background_jobs = 2;
  options.skip_stats_update_on_db_open = true;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.info_log = NewRocksdbLog();
  // After an error nobody writes until the journal is opened anew, RocksDB included.
  options.max_bgerror_resume_count = 0;
  rocksdb::BlockBasedTableOptions table;
  table.no_block_cache = true;  // each block is read once, in order
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

absl::StatusOr<std::unique_ptr<rocksdb::DB>> OpenDatabase(const std::string& path, bool may_create) {
  if (may_create) RETURN_IF_ERROR(MakeFolder(path));
  rocksdb::DB* db = nullptr;
  RETURN_IF_ERROR(FromRocksdb(rocksdb::DB::Open(DatabaseOptions(may_create), path, &db), "opened"));
  return std::unique_ptr<rocksdb::DB>(db);
}

// To be read only. Null for one that is new: there is nothing to make it for. Of one whose log is damaged everything
// before the damage, of which `problem` tells.
absl::StatusOr<std::unique_ptr<rocksdb::DB>> OpenDatabaseToRead(const std::string& path, bool may_be_new,
                                                                std::string& problem) {
  if (may_be_new && !FileExists(absl::StrCat(path, "/CURRENT"))) return nullptr;
  rocksdb::Options options = DatabaseOptions(false);
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened = rocksdb::DB::OpenForReadOnly(options, path, &db);
  if (opened.ok()) return std::unique_ptr<rocksdb::DB>(db);
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  if (!opened.IsCorruption() || !rocksdb::DB::OpenForReadOnly(options, path, &db).ok()) {
    return FromRocksdb(opened, "opened");
  }
  problem = opened.ToString();
  return std::unique_ptr<rocksdb::DB>(db);
}

std::string KeyOf(uint64_t number) {
  std::string key;
  PutBigEndian64(key, number);
  return key;
}

class RocksdbJournal : public Journal {
 public:
  RocksdbJournal(std::unique_ptr<DataFolder> folder, std::unique_ptr<HeadFile> head_file,
                 std::unique_ptr<rocksdb::DB> db, std::string problem, const RocksdbJournalOptions& options)
      : folder_(std::move(folder)),
        head_file_(std::move(head_file)),
        db_(std::move(db)),
        problem_(std::move(problem)),
        low_water_bytes_(options.low_water_bytes),
        read_only_(options.read_only) {}

  ~RocksdbJournal() override {
    if (!read_only_ && !head_file_->Sync().ok()) Log(Severity::kWarning, "the head could not be synced");
    if (db_ == nullptr) return;
    const rocksdb::Status closed = db_->Close();
    if (!closed.ok()) Log(Severity::kWarning, "the journal did not close cleanly", {{"problem", closed.ToString()}});
  }

  // Finds the last block and holds it against the head that was acknowledged last. Called once, before use.
  absl::Status Recover();

  absl::string_view backend() const override { return "rocksdb"; }
  absl::Status Append(const Block& block) override;
  absl::Status Read(uint64_t from, absl::FunctionRef<absl::Status(const Block&)> visit) const override;
  absl::StatusOr<Head> ReadHead() const override { return HeadNow(); }

 private:
  Head HeadNow() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return head_;
  }
  void SetHead(const Head& head) {
    const std::lock_guard<std::mutex> lock(mutex_);
    head_ = head;
  }
  absl::StatusOr<uint64_t> LastNumber() const;
  absl::Status FindHead(uint64_t last, Head& head) const;
  absl::Status Missing(uint64_t number) const;
  absl::Status Visit(uint64_t from, uint64_t last, absl::FunctionRef<absl::Status(const Block&)> visit) const;
  absl::Status Put(const Block& block);

  const std::unique_ptr<DataFolder> folder_;  // outlives the database: it holds the lock
  const std::unique_ptr<HeadFile> head_file_;
  const std::unique_ptr<rocksdb::DB> db_;  // null while nothing was ever written, where it is only read
  const std::string problem_;              // why it may end too early, where it is only read; otherwise ""
  const uint64_t low_water_bytes_;
  const bool read_only_;
  bool failed_ = false;  // only the caller of Append looks at it

  mutable std::mutex mutex_;
  Head head_;  // guarded by mutex_
};

absl::StatusOr<uint64_t> RocksdbJournal::LastNumber() const {
  if (db_ == nullptr) return uint64_t{0};
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(rocksdb::ReadOptions()));
  at->SeekToLast();
  if (!at->Valid()) {
    RETURN_IF_ERROR(FromRocksdb(at->status(), "read"));
    return uint64_t{0};
  }
  Cursor key(absl::string_view(at->key().data(), at->key().size()));
  const uint64_t number = key.BigEndian64();
  if (!key.Finished() || number == 0) return DamagedPlace("its database", "a key is not a block number");
  return number;
}

// The end of a journal whose last block is numbered `last`: the acknowledged block and whatever was written after HEAD
// last reached the disk.
absl::Status RocksdbJournal::FindHead(uint64_t last, Head& head) const {
  const uint64_t acknowledged = head_file_->stored().number;
  if (last < acknowledged) {
    return DamagedBlock(last + 1,
                        absl::StrCat("the journal ends before it, but block ", acknowledged, " was acknowledged"));
  }
  return Visit(std::max<uint64_t>(acknowledged, 1), last, [&](const Block& block) {
    head = block.AsHead();
    return absl::OkStatus();
  });
}

absl::Status RocksdbJournal::Recover() {
  const Head& acknowledged = head_file_->stored();
  Head head = acknowledged;
  const absl::StatusOr<uint64_t> last = LastNumber();
  const absl::Status found = last.ok() ? FindHead(*last, head) : last.status();
  if (read_only_) {
    // Whoever only reads comes upon what is wrong where it is, after everything before it.
    if (!found.ok()) head.number = std::max(last.value_or(0), acknowledged.number);
    SetHead(head);
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(found);
  SetHead(head);
  if (head == acknowledged) return absl::OkStatus();
  RETURN_IF_ERROR(head_file_->Write(head));
  return head_file_->Sync();
}

absl::Status RocksdbJournal::Append(const Block& block) {
  const Head head = HeadNow();
  if (read_only_) {
    return Refuse(Reason::kJournalUnavailable, {{"verb", "written"}, {"problem", "it was opened to be read only"}});
  }
  if (failed_) {
    return Refuse(Reason::kJournalUnavailable,
                  {{"verb", "written"}, {"problem", "an earlier write failed; it must be opened anew"}});
  }
  RETURN_IF_ERROR(CheckAppend(block, head));
  RETURN_IF_ERROR(folder_->CheckFree(low_water_bytes_ + kBlockHeaderBytes + block.body.size()));
  const absl::Status put = Put(block);
  if (!put.ok()) {
    failed_ = true;
    return put;
  }
  const Head next = block.AsHead();
  // The block is durable by now, whatever becomes of HEAD.
  if (const absl::Status written = head_file_->Write(next); !written.ok()) {
    Log(Severity::kError, "the head could not be written", {{"problem", std::string(written.message())}});
    failed_ = true;
  }
  SetHead(next);
  return absl::OkStatus();
}

absl::Status RocksdbJournal::Put(const Block& block) {
  const std::string key = KeyOf(block.header.number);
  const std::string header = EncodeHeader(block.header);
  const rocksdb::Slice key_parts[] = {key};
  const rocksdb::Slice value_parts[] = {header, block.body};
  rocksdb::WriteBatch batch;
  rocksdb::Status status =
      batch.Put(db_->DefaultColumnFamily(), rocksdb::SliceParts(key_parts, 1), rocksdb::SliceParts(value_parts, 2));
  if (status.ok()) {
    rocksdb::WriteOptions options;
    options.sync = true;
    status = db_->Write(options, &batch);
  }
  return AtBlock(FromRocksdb(status, "written"), block.header.number);
}

absl::Status RocksdbJournal::Read(uint64_t from, absl::FunctionRef<absl::Status(const Block&)> visit) const {
  TURNABOUT_CHECK(from >= 1);
  return Visit(from, HeadNow().number, visit);
}

absl::Status RocksdbJournal::Missing(uint64_t number) const {
  return DamagedBlock(number, problem_.empty() ? "it is missing" : absl::StrCat("it is missing; ", problem_));
}

absl::Status RocksdbJournal::Visit(uint64_t from, uint64_t last,
                                   absl::FunctionRef<absl::Status(const Block&)> visit) const {
  if (from > last) return absl::OkStatus();
  if (db_ == nullptr) return Missing(from);
  const Head& acknowledged = head_file_->stored();
  const auto check_and_visit = [&](const Block& block) -> absl::Status {
    if (block.header.number == acknowledged.number && block.AsHead() != acknowledged) {
      return DamagedBlock(block.header.number, "it is not the block that was acknowledged");
    }
    return visit(block);
  };
  ChainReader chain(from);
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(rocksdb::ReadOptions()));
  at->Seek(KeyOf(chain.first()));
  for (uint64_t number = chain.first(); number <= last; ++number, at->Next()) {
    if (!at->Valid()) {
      RETURN_IF_ERROR(AtBlock(FromRocksdb(at->status(), "read"), number));
      return Missing(number);
    }
    Cursor key(absl::string_view(at->key().data(), at->key().size()));
    if (key.BigEndian64() != number || !key.Finished()) return Missing(number);
    RETURN_IF_ERROR(chain.Next(absl::string_view(at->value().data(), at->value().size()), check_and_visit));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Journal>> OpenRocksdbJournal(const RocksdbJournalOptions& options) {
  ASSIGN_OR_RETURN(std::unique_ptr<DataFolder> folder,
                   options.read_only ? DataFolder::OpenToRead(options.folder) : DataFolder::Open(options.folder));
  if (!options.read_only) RETURN_IF_ERROR(folder->ReleaseBallastBelow(options.low_water_bytes));
  ASSIGN_OR_RETURN(std::unique_ptr<HeadFile> head_file, HeadFile::Open(options.folder, options.read_only));
  // A database that is gone is only made anew while nothing was acknowledged from it.
  const uint64_t acknowledged = head_file->stored().number;
  const bool is_new = acknowledged == 0;
  const std::string path = folder->PathOf(kDatabase);
  if (!is_new && !FileExists(absl::StrCat(path, "/CURRENT"))) {
    return DamagedPlace(absl::StrCat("the folder ", kDatabase),
                        absl::StrCat("there is no database in it, but block ", acknowledged, " was acknowledged"));
  }
  std::string problem;
  ASSIGN_OR_RETURN(std::unique_ptr<rocksdb::DB> db,
                   options.read_only ? OpenDatabaseToRead(path, is_new, problem) : OpenDatabase(path, is_new));
  if (!options.read_only) folder->KeepBallast(options.ballast_bytes, options.low_water_bytes);
  auto journal = std::make_unique<RocksdbJournal>(std::move(folder), std::move(head_file), std::move(db),
                                                  std::move(problem), options);
  RETURN_IF_ERROR(journal->Recover());
  return journal;
}

}  // namespace turnabout
