#include "base/log.h"

#include <unistd.h>

#include <atomic>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "base/clock.h"

namespace turnabout {
namespace {

std::atomic<Severity> lowest_severity{Severity::kInfo};

absl::string_view NameOf(Severity severity) {
  switch (severity) {
    case Severity::kDebug:
      return "debug";
    case Severity::kInfo:
      return "info";
    case Severity::kWarning:
      return "warning";
    case Severity::kError:
      return "error";
  }
  return "error";
}

// How many bytes the UTF-8 character at the start of `text` has; 0 when it is not one.
size_t Utf8Length(absl::string_view text) {
  const auto byte = static_cast<unsigned char>(text[0]);
  const size_t length = byte < 0x80 ? 1 : (byte >> 5) == 6 ? 2 : (byte >> 4) == 14 ? 3 : (byte >> 3) == 30 ? 4 : 0;
  if (length == 0 || length > text.size()) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[i]) >> 6) != 2) return 0;
  }
  return length;
}

}  // namespace

std::string JsonEscape(absl::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const size_t length = Utf8Length(text);
    const char c = text[0];
    if (length == 0) {
      out += "\\ufffd";
    } else if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += absl::StrFormat("\\u%04x", static_cast<unsigned char>(c));
    } else {
      out.append(text.data(), length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

void SetLogSeverity(Severity lowest) { lowest_severity = lowest; }

void Log(Severity severity, absl::string_view event, LogFacts facts) {
  if (severity < lowest_severity.load(std::memory_order_relaxed)) return;
  const std::string time = absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", SystemClock().Now(), absl::UTCTimeZone());
  std::string line = absl::StrCat("{\"time\":\"", time, "\",\"severity\":\"", NameOf(severity), "\",\"event\":\"",
                                  JsonEscape(event), "\"");
  for (const auto& [key, value] : facts) absl::StrAppend(&line, ",\"", key, "\":\"", JsonEscape(value), "\"");
  line += "}\n";
  // One write call a line, so that lines from several threads do not mix.
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace turnabout
