#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/tidy/rules.h"

namespace turnabout::tidy {
namespace {

// Where an area lies, as paths and as #include lines spell it. The first that fits counts.
struct Place {
  std::string_view prefix;
  std::string_view area;
};

constexpr Place kPlaces[] = {
    {"base/", "base"},
    {"store/", "store"},
    {"ledger/", "ledger"},
    {"matcher/clear/", "matcher/clear"},  // clearing in numbers alone, which needs no server
    {"matcher/", "matcher"},
    {"server/records/", "server/records"},
    {"server/app/", "server/app"},
    {"server/services/status.", "server/services/status"},  // how a status leaves the process, gRPC or JSON
    {"server/services/utf8.", "server/services/status"},
    {"server/services/", "server/services"},
    {"server/edge/", "server/edge"},
    {"server/jobs/", "server/jobs"},
    {"server/daemon/", "server/daemon"},
    {"clients/", "clients"},
    {"tests/", "tests"},
    {"turnabout/storage/", "proto/storage"},
    {"turnabout/v1/", "proto/v1"},
    {"google/rpc/", "proto/v1"},
    {"grpc/health/", "proto/v1"},
};

// The twin of the drawing in docs/internals/ARCHITECTURE.md. An area may always include itself.
struct Arrow {
  std::string_view from;
  std::vector<std::string_view> to;
};

const std::vector<Arrow>& Arrows() {
  static const auto* arrows = new std::vector<Arrow>{
      {"base", {}},
      {"store", {"base"}},
      {"ledger", {"base", "store"}},
      {"matcher/clear", {"base"}},
      {"matcher", {"base", "matcher/clear"}},
      {"server/records", {"base", "store", "matcher", "ledger", "proto/storage", "proto/v1"}},
      {"server/app", {"base", "store", "ledger", "matcher", "server/records", "proto/v1"}},
      {"server/services/status", {"base", "proto/v1"}},
      {"server/services", {"base", "server/app", "server/records", "server/services/status", "proto/v1"}},
      {"server/edge", {"base", "server/services/status", "proto/v1"}},
      {"server/jobs", {"base", "server/app"}},
      {"server/daemon",  // puts the server together, so it sees all of it
       {"base", "store", "ledger", "matcher", "server/records", "server/app", "server/services/status",
        "server/services", "server/edge", "server/jobs", "proto/v1"}},
      {"clients", {"base", "matcher/clear", "proto/v1"}},  // `turnabout clear` is a tool by itself
  };
  return *arrows;
}

std::optional<std::string_view> AreaOf(std::string_view path) {
  for (const Place& place : kPlaces) {
    if (path.substr(0, place.prefix.size()) == place.prefix) return place.area;
  }
  return std::nullopt;
}

// What an #include line names, between its quotes or brackets; empty for any other line.
std::string_view Included(std::string_view line) {
  if (line.substr(0, 9) != "#include ") return {};
  size_t open = line.find_first_of("\"<");
  size_t close = line.find_last_of("\">");
  return close > open ? line.substr(open + 1, close - open - 1) : std::string_view();
}

std::string Join(const std::vector<std::string_view>& words) {
  std::string text;
  for (std::string_view word : words) text.append(text.empty() ? "" : ", ").append(word);
  return text.empty() ? "nothing of ours" : text;
}

bool StartsWithAny(std::string_view text, const std::vector<std::string_view>& starts) {
  return std::any_of(starts.begin(), starts.end(),
                     [&](std::string_view start) { return text.substr(0, start.size()) == start; });
}

}  // namespace

std::vector<Finding> CheckIncludes(const Source& source) {
  std::vector<Finding> findings;
  if (!IsCpp(source.path)) return findings;
  std::optional<std::string_view> from = AreaOf(source.path);
  if (from == "tests") return findings;
  auto arrow = std::find_if(Arrows().begin(), Arrows().end(), [&](const Arrow& a) { return a.from == from; });
  if (arrow == Arrows().end()) {
    return {{source.path, 1, "lies in no area; add it to the table in tests/tidy/include_rules.cc"}};
  }
  for (size_t i = 0; i < source.lines.size(); ++i) {
    std::string_view name = Included(source.lines[i]);
    std::optional<std::string_view> to = AreaOf(name);
    if (!to || to == from || std::count(arrow->to.begin(), arrow->to.end(), *to) > 0) continue;
    findings.push_back(
        {source.path, static_cast<int>(i) + 1,
         std::string(*from) + " may not include " + std::string(name) + "; it may include " + Join(arrow->to)});
  }
  return findings;
}

std::vector<Finding> CheckBackends(const Source& source) {
  static const auto* backends =
      new std::vector<std::string_view>{"store/journal/memory_journal.h", "store/journal/rocksdb_journal.h"};
  static const auto* allowed =
      new std::vector<std::string_view>{"store/journal/", "server/daemon/backends.cc", "tests/"};
  std::vector<Finding> findings;
  if (!IsCpp(source.path) || StartsWithAny(source.path, *allowed)) return findings;
  for (size_t i = 0; i < source.lines.size(); ++i) {
    std::string_view name = Included(source.lines[i]);
    if (!StartsWithAny(name, *backends)) continue;
    findings.push_back({source.path, static_cast<int>(i) + 1,
                        std::string(name) + " is one backend of several; take a Journal (store/journal/journal.h)"});
  }
  return findings;
}

std::vector<Finding> CheckHeavyHeaders(const Source& source) {
  static const auto* heavy =
      new std::vector<std::string_view>{"grpc/", "grpc++/", "grpcpp/", "rocksdb/", "boost/", "prometheus/"};
  // Headers that exist to hide such a library from everyone else.
  static const auto* allowed = new std::vector<std::string_view>{
      "tests/",
      "clients/cli/api.h",        // the one way in which the commands call the server
      "server/services/serve.h",  // what the handlers share; each of them includes gRPC anyway
  };
  std::vector<Finding> findings;
  if (!IsHeader(source.path) || StartsWithAny(source.path, *allowed)) return findings;
  for (size_t i = 0; i < source.lines.size(); ++i) {
    std::string_view name = Included(source.lines[i]);
    bool services = name.size() > 10 && name.substr(name.size() - 10) == ".grpc.pb.h";
    if (!services && !StartsWithAny(name, *heavy)) continue;
    findings.push_back({source.path, static_cast<int>(i) + 1,
                        std::string(name) + " belongs in a .cc; forward-declare, or hide it behind a pointer"});
  }
  return findings;
}

}  // namespace turnabout::tidy
