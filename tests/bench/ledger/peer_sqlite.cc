#include "tests/bench/ledger/peer_sqlite.h"

#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>
#include <initializer_list>

#include "absl/strings/str_cat.h"
#include "tests/bench/ledger/transfers.h"

namespace turnabout::bench {
namespace {

constexpr char kTables[] = R"sql(
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA cache_size = -1000000;
CREATE TABLE account (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL DEFAULT 0, floor INTEGER NOT NULL,
                      ceiling INTEGER NOT NULL);
CREATE TABLE transfer (id INTEGER PRIMARY KEY, request_id BLOB NOT NULL UNIQUE, from_account INTEGER NOT NULL,
                       to_account INTEGER NOT NULL, amount INTEGER NOT NULL CHECK (amount > 0),
                       created INTEGER NOT NULL DEFAULT (unixepoch()));
CREATE TABLE entry (account INTEGER NOT NULL, transfer INTEGER NOT NULL, amount INTEGER NOT NULL,
                    PRIMARY KEY (account, transfer)) WITHOUT ROWID;
)sql";

[[noreturn]] void GiveUp(sqlite3* database) {
  std::fprintf(stderr, "bench_ledger: SQLite: %s\n", sqlite3_errmsg(database));
  std::abort();
}

class Statement {
 public:
  Statement(sqlite3* database, const char* sql) : database_(database) {
    if (sqlite3_prepare_v2(database, sql, -1, &statement_, nullptr) != SQLITE_OK) GiveUp(database);
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  void BindBytes(int place, const void* bytes, int length) {
    sqlite3_bind_blob(statement_, place, bytes, length, SQLITE_STATIC);
  }

  // Runs it with `numbers` as the parameters from `first` on. It must have changed one row, if any are to be.
  void Run(std::initializer_list<int64_t> numbers = {}, int first = 1, bool one_row = false) {
    for (const int64_t number : numbers) sqlite3_bind_int64(statement_, first++, number);
    if (sqlite3_step(statement_) != SQLITE_DONE) GiveUp(database_);
    if (one_row && sqlite3_changes(database_) != 1) GiveUp(database_);
    sqlite3_reset(statement_);
  }

 private:
  sqlite3* const database_;
  sqlite3_stmt* statement_ = nullptr;
};

class TheSqlite final : public Sqlite {
 public:
  explicit TheSqlite(sqlite3* database) : database_(database) {
    Execute(kTables);
    Execute("BEGIN");
    Statement open(database_, "INSERT INTO account (id, floor, ceiling) VALUES (?, ?, ?)");
    for (int i = 0; i < kAccounts; ++i) open.Run({i, -kBalanceMax, kBalanceMax});
    Execute("COMMIT");
    statements_ = std::make_unique<Statements>(database_);
  }

  ~TheSqlite() override {
    statements_.reset();
    sqlite3_close(database_);
  }

  Sample Run(int batch, absl::Duration length) override {
    const Recorder::Time until = Recorder::Now() + absl::ToChronoNanoseconds(length);
    Transfers transfers(Spread::kUniform, NextSeed());
    Recorder recorder;
    while (Recorder::Now() < until) {
      const Recorder::Time asked = Recorder::Now();
      statements_->begin.Run();
      for (int i = 0; i < batch; ++i) Post(transfers.Next());
      statements_->commit.Run();
      recorder.Answered(asked, batch);
    }
    return recorder.Take();
  }

  std::string Version() override { return sqlite3_libversion(); }

 private:
  struct Statements {
    explicit Statements(sqlite3* database)
        : begin(database, "BEGIN IMMEDIATE"),
          commit(database, "COMMIT"),
          transfer(database, "INSERT INTO transfer (request_id, from_account, to_account, amount) VALUES (?, ?, ?, 1)"),
          entry(database, "INSERT INTO entry VALUES (?, ?, ?)"),
          take(database, "UPDATE account SET balance = balance - 1 WHERE id = ? AND balance - 1 >= floor"),
          give(database, "UPDATE account SET balance = balance + 1 WHERE id = ? AND balance + 1 <= ceiling") {}
    Statement begin, commit, transfer, entry, take, give;
  };

  void Execute(const char* sql) {
    if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) GiveUp(database_);
  }

  void Post(const Transfer& transfer) {
    Statements& to = *statements_;
    to.transfer.BindBytes(1, transfer.request_id.data(), static_cast<int>(transfer.request_id.size()));
    to.transfer.Run({transfer.from, transfer.to}, 2, true);
    const int64_t number = sqlite3_last_insert_rowid(database_);
    to.entry.Run({transfer.from, number, -1});
    to.entry.Run({transfer.to, number, 1});
    to.take.Run({transfer.from}, 1, true);
    to.give.Run({transfer.to}, 1, true);
  }

  sqlite3* const database_;
  std::unique_ptr<Statements> statements_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Sqlite>> Sqlite::Open(const std::string& folder) {
  sqlite3* database = nullptr;
  if (sqlite3_open(absl::StrCat(folder, "/sqlite.db").c_str(), &database) != SQLITE_OK) GiveUp(database);
  return std::make_unique<TheSqlite>(database);
}

}  // namespace turnabout::bench
