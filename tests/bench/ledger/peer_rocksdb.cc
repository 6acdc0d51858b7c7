#include "tests/bench/ledger/peer_rocksdb.h"

#include <rocksdb/db.h>
#include <rocksdb/version.h>
#include <rocksdb/write_batch.h>

#include <atomic>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "tests/bench/ledger/transfers.h"

namespace turnabout::bench {

struct RawRocksdb::Database {
  std::unique_ptr<rocksdb::DB> db;
  std::atomic<uint64_t> sequence{0};
};

namespace {

constexpr size_t kTransferBytes = 128;

std::string Key(char kind, uint64_t number) {
  std::string key(1, kind);
  for (int shift = 56; shift >= 0; shift -= 8) key.push_back(static_cast<char>(number >> shift));
  return key;
}

void AddTransfer(const Transfer& transfer, uint64_t sequence, rocksdb::WriteBatch& batch) {
  const std::string balance(16, 'b');
  batch.Put(Key('a', static_cast<uint64_t>(transfer.from)), balance);
  batch.Put(Key('a', static_cast<uint64_t>(transfer.to)), balance);
  batch.Put(Key('t', sequence), std::string(kTransferBytes, 't'));
  const std::string id(transfer.request_id.begin(), transfer.request_id.end());
  batch.Put("i" + id, Key('t', sequence));
}

}  // namespace

RawRocksdb::RawRocksdb(const std::string& folder) : database_(std::make_unique<Database>()) {
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* raw = nullptr;
  TURNABOUT_CHECK(rocksdb::DB::Open(options, absl::StrCat(folder, "/rocksdb"), &raw).ok());
  database_->db.reset(raw);
}

RawRocksdb::~RawRocksdb() = default;

Sample RawRocksdb::Run(int threads, int batch, absl::Duration length) {
  const Recorder::Time until = Recorder::Now() + absl::ToChronoNanoseconds(length);
  Recorder recorder;
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) {
    running.emplace_back([&] {
      rocksdb::WriteOptions synced;
      synced.sync = true;
      for (Transfers transfers(Spread::kUniform, NextSeed()); Recorder::Now() < until;) {
        const Recorder::Time asked = Recorder::Now();
        rocksdb::WriteBatch writes;
        for (int each = 0; each < batch; ++each) AddTransfer(transfers.Next(), ++database_->sequence, writes);
        TURNABOUT_CHECK(database_->db->Write(synced, &writes).ok());
        recorder.Answered(asked, batch);
      }
    });
  }
  for (std::thread& thread : running) thread.join();
  return recorder.Take();
}

std::string RawRocksdb::Version() { return absl::StrCat(ROCKSDB_MAJOR, ".", ROCKSDB_MINOR, ".", ROCKSDB_PATCH); }

}  // namespace turnabout::bench
