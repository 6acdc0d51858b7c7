#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include "tests/tidy/rules.h"

namespace turnabout::tidy {
namespace {

constexpr int kLineCharacters = 120;
constexpr size_t kSourceLines = 500;
constexpr size_t kHeaderLines = 300;

bool IsWordCharacter(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool StartsWith(std::string_view text, std::string_view start) { return text.substr(0, start.size()) == start; }

// True if `line` has `word` where a word starts.
bool HasWord(std::string_view line, std::string_view word) {
  for (size_t at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
    if (at == 0 || !IsWordCharacter(line[at - 1])) return true;
  }
  return false;
}

// Where a ban holds.
enum class In { kEverywhere, kOutsideTests, kLibraries };

struct Ban {
  std::string_view word;
  In in;
  std::vector<std::string_view> except;
  std::string_view instead;
};

const std::vector<Ban>& Bans() {
  constexpr std::string_view kLog = "LogInfo and its kin of base/log.h";
  constexpr std::string_view kClock = "the Clock that was passed in (base/clock.h), or to measure, steady_clock";
  constexpr std::string_view kSeed = "the Seed that was passed in (base/seed.h)";
  static const auto* bans = new std::vector<Ban>{
      {"std::cout", In::kLibraries, {}, kLog},
      {"std::cerr", In::kLibraries, {"base/log.cc", "base/check.cc"}, kLog},
      {"printf(", In::kLibraries, {}, kLog},
      {"fprintf(", In::kLibraries, {"base/log.cc", "base/check.cc"}, kLog},
      {"puts(", In::kLibraries, {}, kLog},
      {"absl::Now(", In::kOutsideTests, {"base/clock.cc"}, kClock},
      {"std::random_device", In::kEverywhere, {"base/seed.cc"}, kSeed},
      {"rand(", In::kEverywhere, {}, kSeed},
      {"srand(", In::kEverywhere, {}, kSeed},
      {"absl::Mutex", In::kEverywhere, {}, "std::mutex, which the thread sanitizer understands"},
  };
  return *bans;
}

// Programs may print; libraries log.
bool IsProgram(std::string_view path) {
  return StartsWith(path, "clients/") || EndsWith(path, "/main.cc") || EndsWith(path, "_main.cc");
}

bool Holds(const Ban& ban, std::string_view path) {
  if (std::count(ban.except.begin(), ban.except.end(), path) > 0) return false;
  if (ban.in == In::kEverywhere) return true;
  if (StartsWith(path, "tests/")) return false;
  return ban.in == In::kOutsideTests || !IsProgram(path);
}

struct Synonym {
  std::string_view wrong;
  std::string_view right;
};

constexpr Synonym kSynonyms[] = {
    {"tenant", "scheme"},      {"treasury", "community pot"}, {"customer", "member"},
    {"serviceuser", "member"}, {"beneficiary", "member"},
};

// The words of `line` in lower case and without underscores, so that kMaxServiceUsers reads "kmaxserviceusers".
std::string Folded(std::string_view line) {
  std::string folded;
  for (char c : line) {
    if (c != '_') folded += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return folded;
}

// Characters, not bytes: every byte but the ones that continue a UTF-8 character.
int Characters(std::string_view line) {
  return static_cast<int>(std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string Guard(std::string_view path) {
  std::string guard = "TURNABOUT_";
  for (char c : path) guard += IsWordCharacter(c) ? static_cast<char>(std::toupper(c)) : '_';
  return guard + "_";
}

// Calls `judge(line)` for each line of `lines`; a text it gives back is a finding.
template <typename Judge>
std::vector<Finding> EachLine(const Source& source, const std::vector<std::string>& lines, Judge judge) {
  std::vector<Finding> findings;
  for (size_t i = 0; i < lines.size(); ++i) {
    std::string what = judge(std::string_view(lines[i]));
    if (!what.empty()) findings.push_back({source.path, static_cast<int>(i) + 1, std::move(what)});
  }
  return findings;
}

void Append(std::vector<Finding> more, std::vector<Finding>& findings) {
  for (Finding& finding : more) findings.push_back(std::move(finding));
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Finding& finding) {
  return out << finding.path << ":" << finding.line << ": " << finding.what;
}

std::vector<Finding> CheckBannedCalls(const Source& source) {
  if (!IsCpp(source.path)) return {};
  return EachLine(source, source.code, [&](std::string_view line) -> std::string {
    for (const Ban& ban : Bans()) {
      if (Holds(ban, source.path) && HasWord(line, ban.word)) {
        return std::string(ban.word) + " is not for here; use " + std::string(ban.instead);
      }
    }
    return "";
  });
}

std::vector<Finding> CheckWords(const Source& source) {
  if (!IsCpp(source.path) && !EndsWith(source.path, ".proto")) return {};
  return EachLine(source, source.code, [](std::string_view line) -> std::string {
    std::string folded = Folded(line);
    for (const Synonym& synonym : kSynonyms) {
      if (folded.find(synonym.wrong) != std::string::npos) {
        return "the word is " + std::string(synonym.right) + ", not " + std::string(synonym.wrong);
      }
    }
    return "";
  });
}

std::vector<Finding> CheckSize(const Source& source) {
  if (EndsWith(source.path, ".md")) return {};
  std::vector<Finding> findings = EachLine(source, source.lines, [](std::string_view line) -> std::string {
    int characters = Characters(line);
    return characters > kLineCharacters ? "a line of " + std::to_string(characters) + " characters; at most 120" : "";
  });
  size_t limit = IsHeader(source.path) ? kHeaderLines : kSourceLines;
  if (IsCpp(source.path) && source.lines.size() > limit) {
    findings.push_back({source.path, static_cast<int>(source.lines.size()),
                        "a file of " + std::to_string(source.lines.size()) +
                            " lines; split it by idea so that each is "
                            "at most " +
                            std::to_string(limit)});
  }
  return findings;
}

std::vector<Finding> CheckHeaderOpening(const Source& source) {
  if (!IsHeader(source.path)) return {};
  std::vector<Finding> findings;
  if (source.lines.empty() || !StartsWith(source.lines[0], "// ")) {
    findings.push_back({source.path, 1, "a header opens with a comment that says what the thing is"});
  }
  std::string guard = Guard(source.path);
  auto has = [&](const std::string& line) { return std::count(source.lines.begin(), source.lines.end(), line) == 1; };
  if (!has("#ifndef " + guard) || !has("#define " + guard) || !has("#endif  // " + guard)) {
    findings.push_back({source.path, 1, "its guard is " + guard + " (#ifndef, #define and \"#endif  // \")"});
  }
  return findings;
}

std::vector<Finding> CheckMarks(const Source& source) {
  return EachLine(source, source.lines, [](std::string_view line) -> std::string {
    if (line.find('\t') != std::string_view::npos) return "a tab; use spaces";
    if (!line.empty() && std::isspace(static_cast<unsigned char>(line.back()))) return "white space at the end";
    // Spelt in two halves so that this file passes its own rule.
    for (std::string_view mark : {"TO"
                                  "DO",
                                  "FIX"
                                  "ME"}) {
      if (HasWord(line, mark)) return "do it now, or write what is missing in the docs";
    }
    return "";
  });
}

std::vector<Finding> CheckAll(const Source& source) {
  std::vector<Finding> findings;
  for (auto* check : {CheckIncludes, CheckBackends, CheckHeavyHeaders, CheckBannedCalls, CheckWords,
                      CheckFunctionLength, CheckSize, CheckHeaderOpening, CheckMarks}) {
    Append(check(source), findings);
  }
  return findings;
}

}  // namespace turnabout::tidy
