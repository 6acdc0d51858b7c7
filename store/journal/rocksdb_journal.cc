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
#include "store/journal/data_folder.h"
#include "store/journal/head_file.h"
#include "store/journal/posix_file.h"
#include "store/journal/rocksdb_log.h"

namespace turnabout {
namespace {

constexpr char kDatabase[] = "journal";

absl::Status Damaged(absl::string_view block, absl::string_view problem) {
  return Refuse(Reason::kJournalDamaged, {{"block", block}, {"problem", problem}});
}

// A disk that refuses is unavailable; a file that is missing, or says what nobody wrote, is damage.
absl::Status FromRocksdb(const rocksdb::Status& status, absl::string_view verb, absl::string_view block) {
  if (status.ok()) return absl::OkStatus();
  const bool is_disk = (status.IsIOError() && !status.IsPathNotFound()) || status.IsNoSpace() || status.IsBusy();
  if (!is_disk) return Damaged(block, status.ToString());
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

absl::StatusOr<std::unique_ptr<rocksdb::DB>> OpenDatabase(const std::string& path, bool may_create, bool read_only) {
  rocksdb::DB* db = nullptr;
  // A new one has nothing to read yet, and has to be made before it can say so.
  const rocksdb::Status opened = read_only && !may_create
                                     ? rocksdb::DB::OpenForReadOnly(DatabaseOptions(false), path, &db)
                                     : rocksdb::DB::Open(DatabaseOptions(may_create), path, &db);
  RETURN_IF_ERROR(FromRocksdb(opened, "opened", "unknown"));
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
                 std::unique_ptr<rocksdb::DB> db, const RocksdbJournalOptions& options)
      : folder_(std::move(folder)),
        head_file_(std::move(head_file)),
        db_(std::move(db)),
        low_water_bytes_(options.low_water_bytes),
        read_only_(options.read_only) {}

  ~RocksdbJournal() override {
    if (!read_only_ && !head_file_->Sync().ok()) Log(Severity::kWarning, "the head could not be synced");
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
  absl::Status Visit(uint64_t from, uint64_t last, absl::FunctionRef<absl::Status(const Block&)> visit) const;
  absl::Status Put(const Block& block);

  const std::unique_ptr<DataFolder> folder_;  // outlives the database: it holds the lock
  const std::unique_ptr<HeadFile> head_file_;
  const std::unique_ptr<rocksdb::DB> db_;
  const uint64_t low_water_bytes_;
  const bool read_only_;
  bool failed_ = false;  // only the caller of Append looks at it

  mutable std::mutex mutex_;
  Head head_;  // guarded by mutex_
};

absl::StatusOr<uint64_t> RocksdbJournal::LastNumber() const {
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(rocksdb::ReadOptions()));
  at->SeekToLast();
  if (!at->Valid()) {
    RETURN_IF_ERROR(FromRocksdb(at->status(), "read", "unknown"));
    return uint64_t{0};
  }
  Cursor key(absl::string_view(at->key().data(), at->key().size()));
  const uint64_t number = key.BigEndian64();
  if (!key.Finished() || number == 0) return Damaged("unknown", "a key is not a block number");
  return number;
}

absl::Status RocksdbJournal::Recover() {
  ASSIGN_OR_RETURN(const uint64_t last, LastNumber());
  const Head& acknowledged = head_file_->stored();
  if (last < acknowledged.number) {
    return Damaged(absl::StrCat(last + 1),
                   absl::StrCat("the journal ends before it, but block ", acknowledged.number, " was acknowledged"));
  }
  // The acknowledged block and whatever was written after HEAD last reached the disk.
  Head head;
  RETURN_IF_ERROR(Visit(std::max<uint64_t>(acknowledged.number, 1), last, [&](const Block& block) {
    head = block.AsHead();
    if (head.number == acknowledged.number && head != acknowledged) {
      return Damaged(absl::StrCat(head.number), "it is not the block that was acknowledged");
    }
    return absl::OkStatus();
  }));
  SetHead(head);
  if (head == acknowledged || read_only_) return absl::OkStatus();
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
  return FromRocksdb(status, "written", absl::StrCat(block.header.number));
}

absl::Status RocksdbJournal::Read(uint64_t from, absl::FunctionRef<absl::Status(const Block&)> visit) const {
  TURNABOUT_CHECK(from >= 1);
  return Visit(from, HeadNow().number, visit);
}

absl::Status RocksdbJournal::Visit(uint64_t from, uint64_t last,
                                   absl::FunctionRef<absl::Status(const Block&)> visit) const {
  if (from > last) return absl::OkStatus();
  ChainReader chain(from);
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(rocksdb::ReadOptions()));
  at->Seek(KeyOf(chain.first()));
  for (uint64_t number = chain.first(); number <= last; ++number, at->Next()) {
    if (!at->Valid()) {
      RETURN_IF_ERROR(FromRocksdb(at->status(), "read", absl::StrCat(number)));
      return Damaged(absl::StrCat(number), "it is missing");
    }
    Cursor key(absl::string_view(at->key().data(), at->key().size()));
    if (key.BigEndian64() != number || !key.Finished()) return Damaged(absl::StrCat(number), "it is missing");
    RETURN_IF_ERROR(chain.Next(absl::string_view(at->value().data(), at->value().size()), visit));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Journal>> OpenRocksdbJournal(const RocksdbJournalOptions& options) {
  ASSIGN_OR_RETURN(std::unique_ptr<DataFolder> folder,
                   options.read_only ? DataFolder::OpenToRead(options.folder) : DataFolder::Open(options.folder));
  if (!options.read_only) RETURN_IF_ERROR(folder->ReleaseBallastBelow(options.low_water_bytes));
  ASSIGN_OR_RETURN(std::unique_ptr<HeadFile> head_file, HeadFile::Open(options.folder));
  // A database that is gone is only made anew while nothing was acknowledged from it.
  const bool is_new = head_file->stored().number == 0;
  if (is_new) RETURN_IF_ERROR(MakeFolder(folder->PathOf(kDatabase)));
  ASSIGN_OR_RETURN(std::unique_ptr<rocksdb::DB> db, OpenDatabase(folder->PathOf(kDatabase), is_new, options.read_only));
  if (!options.read_only) folder->KeepBallast(options.ballast_bytes, options.low_water_bytes);
  auto journal = std::make_unique<RocksdbJournal>(std::move(folder), std::move(head_file), std::move(db), options);
  RETURN_IF_ERROR(journal->Recover());
  return journal;
}

}  // namespace turnabout
