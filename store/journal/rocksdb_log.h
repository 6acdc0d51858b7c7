// Where RocksDB says what happens to it: the project's own log, instead of a file beside its data.
#ifndef TURNABOUT_STORE_JOURNAL_ROCKSDB_LOG_H_
#define TURNABOUT_STORE_JOURNAL_ROCKSDB_LOG_H_

#include <memory>

namespace rocksdb {
class Logger;
}  // namespace rocksdb

namespace turnabout {

// For Options::info_log of every database in the project: warnings and errors become log lines. RocksDB's own log file
// must not be used: Debian's build stops the process when that file cannot be written, and on a full disk it cannot.
// Threads: safe for concurrent use.
std::shared_ptr<rocksdb::Logger> NewRocksdbLog();

}  // namespace turnabout

#endif  // TURNABOUT_STORE_JOURNAL_ROCKSDB_LOG_H_
