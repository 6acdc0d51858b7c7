#include "store/journal/rocksdb_log.h"

#include <rocksdb/env.h>

#include <cstdarg>
#include <cstdio>
#include <string>

#include "absl/strings/ascii.h"
#include "base/log.h"

namespace turnabout {
namespace {

class RocksdbLog : public rocksdb::Logger {
 public:
  RocksdbLog() : rocksdb::Logger(rocksdb::InfoLogLevel::WARN_LEVEL) {}

  using rocksdb::Logger::Logv;

  void Logv(const char* format, va_list arguments) override {
    Logv(rocksdb::InfoLogLevel::INFO_LEVEL, format, arguments);
  }

  void Logv(const rocksdb::InfoLogLevel level, const char* format, va_list arguments) override {
    if (level < rocksdb::InfoLogLevel::WARN_LEVEL || level == rocksdb::InfoLogLevel::HEADER_LEVEL) return;
    char message[1024];
    if (std::vsnprintf(message, sizeof(message), format, arguments) < 0) return;
    const bool is_warning = level == rocksdb::InfoLogLevel::WARN_LEVEL;
    Log(is_warning ? Severity::kWarning : Severity::kError, "rocksdb",
        {{"message", std::string(absl::StripAsciiWhitespace(message))}});
  }
};

}  // namespace

std::shared_ptr<rocksdb::Logger> NewRocksdbLog() { return std::make_shared<RocksdbLog>(); }

}  // namespace turnabout
