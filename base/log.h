// Log writes one JSON object a line to stderr: what happened, never to whom. Names, contacts, notes and tokens do not
// belong in a log; an id does.
//
//   Log(Severity::kInfo, "journal opened", {{"blocks", "12"}});
//   {"time":"2026-11-22T08:00:00Z","severity":"info","event":"journal opened","blocks":"12"}
#ifndef TURNABOUT_BASE_LOG_H_
#define TURNABOUT_BASE_LOG_H_

#include <initializer_list>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace turnabout {

enum class Severity { kDebug, kInfo, kWarning, kError };

using LogFacts = std::initializer_list<std::pair<absl::string_view, std::string>>;

// Threads: safe for concurrent use; a line is never torn. Dropped when below the severity that SetLogSeverity chose.
void Log(Severity severity, absl::string_view event, LogFacts facts = {});

// Info by default.
void SetLogSeverity(Severity lowest);

// `text` as the inside of a JSON string, with everything escaped that must be and bytes that are not UTF-8 replaced.
std::string JsonEscape(absl::string_view text);

}  // namespace turnabout

#endif  // TURNABOUT_BASE_LOG_H_
