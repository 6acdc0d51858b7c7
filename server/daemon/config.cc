#include "server/daemon/config.h"

#include <arpa/inet.h>

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "base/status_macros.h"

namespace turnabout {
namespace {

struct Flag {
  absl::string_view name;
  absl::string_view value;  // what it takes; empty for a switch
  absl::string_view help;
  absl::string_view fallback;
};

// So that it fits in 64 bits as bytes.
constexpr uint64_t kMibMax = uint64_t{1} << 30;

constexpr Flag kFlags[] = {
    {"data-dir", "DIR", "where the journal is kept; made when it is not there", "none"},
    {"ephemeral", "", "keep everything in memory and lose it at the end", "no"},
    {"grpc", "HOST:PORT", "where gRPC is served; port 0 takes any that is free", "127.0.0.1:50051"},
    {"http", "HOST:PORT", "where JSON over HTTP is served", "127.0.0.1:8080"},
    {"ready-file", "FILE", "written as JSON with both addresses once everything is served", "none"},
    {"drain", "SECONDS", "how long a stop waits for calls under way", "10"},
    {"low-water-mib", "MIB", "writes are refused while less of the disk is free; reads go on", "256"},
    {"ballast-mib", "MIB", "kept on the disk, and given back to start on one that has filled", "64"},
    {"log", "LEVEL", "debug, info, warning or error", "info"},
};

absl::Status Wrong(absl::string_view flag, absl::string_view text, absl::string_view expected) {
  return absl::InvalidArgumentError(absl::StrCat("--", flag, " cannot be \"", text, "\": ", expected));
}

absl::Status SetSwitch(absl::string_view text, bool& out) {
  if (absl::SimpleAtob(text, &out)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("--ephemeral takes true or false, not \"", text, "\""));
}

absl::Status SetMib(absl::string_view name, absl::string_view text, uint64_t& out) {
  uint64_t mib = 0;
  if (!absl::SimpleAtoi(text, &mib) || mib > kMibMax) return Wrong(name, text, "give whole MiB, at most 1073741824");
  out = mib;
  return absl::OkStatus();
}

absl::Status Set(absl::string_view name, const std::string& text, Config& config) {
  if (name == "data-dir") {
    config.data_dir = text;
  } else if (name == "ready-file") {
    config.ready_file = text;
  } else if (name == "ephemeral") {
    return SetSwitch(text, config.ephemeral);
  } else if (name == "grpc") {
    ASSIGN_OR_RETURN(config.grpc, ParseAddress(text));
  } else if (name == "http") {
    ASSIGN_OR_RETURN(config.http, ParseAddress(text));
  } else if (name == "drain") {
    int seconds = 0;
    if (!absl::SimpleAtoi(text, &seconds) || seconds < 0) return Wrong(name, text, "give whole seconds");
    config.drain = absl::Seconds(seconds);
  } else if (name == "low-water-mib") {
    return SetMib(name, text, config.low_water_mib);
  } else if (name == "ballast-mib") {
    return SetMib(name, text, config.ballast_mib);
  } else {
    const std::pair<absl::string_view, Severity> levels[] = {{"debug", Severity::kDebug},
                                                             {"info", Severity::kInfo},
                                                             {"warning", Severity::kWarning},
                                                             {"error", Severity::kError}};
    for (const auto& [level, severity] : levels) {
      if (text != level) continue;
      config.log = severity;
      return absl::OkStatus();
    }
    return Wrong(name, text, "give debug, info, warning or error");
  }
  return absl::OkStatus();
}

std::string VariableOf(absl::string_view flag) {
  return absl::StrCat("TURNABOUT_", absl::AsciiStrToUpper(absl::StrReplaceAll(flag, {{"-", "_"}})));
}

// How many letters must be added, left out or changed to make `b` of `a` (Levenshtein 1966).
size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({change, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

absl::Status UnknownFlag(absl::string_view name) {
  std::string text = absl::StrCat("there is no flag --", name);
  for (const Flag& flag : kFlags) {
    if (EditDistance(flag.name, name) <= 2) absl::StrAppend(&text, "; did you mean --", flag.name, "?");
  }
  return absl::InvalidArgumentError(text);
}

const Flag* FindFlag(absl::string_view name) {
  for (const Flag& flag : kFlags) {
    if (flag.name == name) return &flag;
  }
  return nullptr;
}

// 127.0.0.0/8 as four numbers, or ::1. A name that begins with "127." may lead anywhere.
bool IsLoopback(absl::string_view host) {
  if (host == "::1") return true;
  in_addr address;
  return inet_pton(AF_INET, std::string(host).c_str(), &address) == 1 && (ntohl(address.s_addr) >> 24) == 127;
}

absl::Status CheckOneJournal(const Config& config) {
  if (config.data_dir.empty() || !config.ephemeral) return absl::OkStatus();
  return absl::InvalidArgumentError("give --data-dir or --ephemeral, not both: one keeps everything, one nothing");
}

bool IsFlag(absl::string_view text) { return absl::StartsWith(text, "--"); }

absl::Status ReadArguments(const std::vector<std::string>& arguments, Config& config) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (!IsFlag(arguments[i])) {
      return absl::InvalidArgumentError(absl::StrCat("\"", arguments[i], "\" is not a flag"));
    }
    const size_t equals = arguments[i].find('=');
    const std::string name = arguments[i].substr(2, equals == std::string::npos ? equals : equals - 2);
    const Flag* flag = FindFlag(name);
    if (flag == nullptr) return UnknownFlag(name);
    std::string value = "true";
    if (equals != std::string::npos) {
      value = arguments[i].substr(equals + 1);
    } else if (!flag->value.empty()) {
      if (++i == arguments.size() || IsFlag(arguments[i]))
        return absl::InvalidArgumentError(absl::StrCat("--", name, " takes a value"));
      value = arguments[i];
    }
    RETURN_IF_ERROR(Set(name, value, config));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Address> ParseAddress(absl::string_view text) {
  const size_t colon = text.rfind(':');
  uint32_t port = 0;
  if (colon == absl::string_view::npos || !absl::SimpleAtoi(text.substr(colon + 1), &port) || port > 65535) {
    return absl::InvalidArgumentError(absl::StrCat("\"", text, "\" is no address; write one as 127.0.0.1:50051"));
  }
  absl::string_view host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";
  if (!IsLoopback(host)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", host,
                     "\" is not this machine's loopback. Turnabout has no access control yet, so it serves "
                     "127.0.0.1 and ::1 only"));
  }
  return Address{std::string(host), static_cast<uint16_t>(port)};
}

absl::StatusOr<Config> ReadConfig(const std::vector<std::string>& arguments,
                                  const std::function<std::optional<std::string>(const std::string&)>& environment) {
  Config config;
  for (const Flag& flag : kFlags) {
    if (const std::optional<std::string> value = environment(VariableOf(flag.name))) {
      RETURN_IF_ERROR(Set(flag.name, *value, config));
    }
  }
  RETURN_IF_ERROR(CheckOneJournal(config));
  // Where the journal is kept is one choice: flags that make it set aside what the variables say of it.
  const std::string folder = std::exchange(config.data_dir, "");
  const bool ephemeral = std::exchange(config.ephemeral, false);
  RETURN_IF_ERROR(ReadArguments(arguments, config));
  RETURN_IF_ERROR(CheckOneJournal(config));
  if (config.data_dir.empty() && !config.ephemeral) {
    const bool denied = std::any_of(arguments.begin(), arguments.end(),
                                    [](absl::string_view each) { return absl::StartsWith(each, "--ephemeral"); });
    config.data_dir = folder;
    config.ephemeral = ephemeral && !denied;
  }
  if (config.data_dir.empty() && !config.ephemeral) {
    return absl::InvalidArgumentError(
        "say where to keep the journal with --data-dir DIR, or --ephemeral to keep nothing");
  }
  return config;
}

std::string ConfigHelp() {
  std::string help =
      "turnaboutd serve --data-dir ./data\n\n"
      "Serves time banks and buddy schemes over gRPC and over JSON and HTTP.\n\n"
      "  turnaboutd serve [FLAGS]   serve until SIGTERM or Ctrl-C\n"
      "  turnaboutd version         what this is\n"
      "  turnaboutd --help          this\n\n"
      "Flags of serve; each is also a variable of the environment, and the flag wins:\n";
  for (const Flag& flag : kFlags) {
    absl::StrAppendFormat(&help, "  %-24s %s [%s]\n",
                          absl::StrCat("--", flag.name, flag.value.empty() ? "" : " ", flag.value), flag.help,
                          flag.fallback);
  }
  absl::StrAppend(&help, "\nVariables are named after their flags: --data-dir is TURNABOUT_DATA_DIR.\n");
  return help;
}

}  // namespace turnabout
