#include "tests/support/exposition.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"

namespace turnabout {
namespace {

using Labels = std::map<std::string, std::string>;

constexpr absl::string_view kTypes[] = {"counter", "gauge", "histogram"};

absl::Status Wrong(absl::string_view what) { return absl::InvalidArgumentError(what); }

bool IsName(absl::string_view text, bool colons) {
  const auto fits = [&](char c) { return absl::ascii_isalnum(c) || c == '_' || (colons && c == ':'); };
  return !text.empty() && !absl::ascii_isdigit(text[0]) && std::all_of(text.begin(), text.end(), fits);
}

// Go's ParseFloat takes more; nothing here needs it.
absl::StatusOr<double> ReadValue(absl::string_view text) {
  if (text == "+Inf") return std::numeric_limits<double>::infinity();
  if (text == "-Inf") return -std::numeric_limits<double>::infinity();
  if (text == "NaN") return std::nan("");
  double value = 0;
  const bool digits = text.find_first_not_of("0123456789.eE+-") == absl::string_view::npos;
  if (!digits || !absl::SimpleAtod(text, &value)) return Wrong(absl::StrCat("\"", text, "\" is no value"));
  return value;
}

// Takes a label's value and the quote after it off `rest`.
absl::StatusOr<std::string> TakeQuoted(absl::string_view& rest) {
  std::string value;
  while (!rest.empty() && rest[0] != '"') {
    char c = rest[0];
    rest.remove_prefix(1);
    if (c == '\\') {
      if (rest.empty()) break;
      if (rest[0] != '\\' && rest[0] != '"' && rest[0] != 'n') return Wrong("an escape that there is not");
      c = rest[0] == 'n' ? '\n' : rest[0];
      rest.remove_prefix(1);
    }
    value += c;
  }
  if (!absl::ConsumePrefix(&rest, "\"")) return Wrong("a label's value without an end");
  return value;
}

// Takes `{a="b",c="d"}` off `rest`, or nothing.
absl::StatusOr<Labels> TakeLabels(absl::string_view& rest) {
  Labels labels;
  if (!absl::ConsumePrefix(&rest, "{")) return labels;
  do {
    const absl::string_view name = rest.substr(0, rest.find('='));
    if (!IsName(name, false) || absl::StartsWith(name, "__")) return Wrong(absl::StrCat("label \"", name, "\""));
    rest.remove_prefix(name.size());
    if (!absl::ConsumePrefix(&rest, "=\"")) return Wrong("a label without a value");
    ASSIGN_OR_RETURN(std::string value, TakeQuoted(rest));
    if (!labels.emplace(name, std::move(value)).second) return Wrong(absl::StrCat("label ", name, " twice"));
  } while (absl::ConsumePrefix(&rest, ","));
  if (!absl::ConsumePrefix(&rest, "}")) return Wrong("labels without an end");
  return labels;
}

std::string SeriesOf(const std::string& name, const Labels& labels) {
  if (labels.empty()) return name;
  const auto pair = [](std::string* out, const auto& label) {
    absl::StrAppend(out, label.first, "=\"", label.second, "\"");
  };
  return absl::StrCat(name, "{", absl::StrJoin(labels, ",", pair), "}");
}

absl::StatusOr<ExposedSample> ReadSample(absl::string_view line) {
  ExposedSample sample;
  const absl::string_view name = line.substr(0, line.find_first_of("{ "));
  if (!IsName(name, true)) return Wrong(absl::StrCat("name \"", name, "\""));
  sample.name = std::string(name);
  line.remove_prefix(name.size());
  ASSIGN_OR_RETURN(sample.labels, TakeLabels(line));
  if (!absl::ConsumePrefix(&line, " ")) return Wrong("no space before the value");
  ASSIGN_OR_RETURN(sample.value, ReadValue(line));
  return sample;
}

absl::Status CheckCounter(const std::string& name, const ExposedFamily& family) {
  if (!absl::EndsWith(name, "_total")) return Wrong("a counter is named _total");
  for (const ExposedSample& sample : family.samples) {
    if (!(sample.value >= 0) || std::isinf(sample.value)) return Wrong("a counter below 0");
  }
  return absl::OkStatus();
}

// One histogram: the samples that differ in nothing but `le`.
struct Parts {
  std::vector<std::pair<double, double>> buckets;  // upper bound, count; in the order of the page
  std::optional<double> sum;
  std::optional<double> count;
};

absl::Status CheckParts(const Parts& parts) {
  if (!parts.sum.has_value() || !parts.count.has_value()) return Wrong("a histogram without sum and count");
  if (parts.buckets.empty() || !std::isinf(parts.buckets.back().first)) return Wrong("a histogram without +Inf");
  if (parts.buckets.back().second != *parts.count) return Wrong("a histogram whose +Inf is not its count");
  for (size_t i = 0; i < parts.buckets.size(); ++i) {
    const auto [bound, count] = parts.buckets[i];
    if (count < 0 || count != std::floor(count)) return Wrong("a bucket that is no whole number");
    if (i == 0) continue;
    if (bound <= parts.buckets[i - 1].first) return Wrong("buckets out of order");
    if (count < parts.buckets[i - 1].second) return Wrong("buckets that do not add up");
  }
  return absl::OkStatus();
}

absl::Status CheckHistograms(const std::string& name, const ExposedFamily& family) {
  std::map<Labels, Parts> histograms;
  for (const ExposedSample& sample : family.samples) {
    Labels labels = sample.labels;
    const auto bound = labels.extract("le");
    Parts& parts = histograms[labels];
    if (sample.name == absl::StrCat(name, "_bucket")) {
      if (bound.empty()) return Wrong("a bucket without le");
      ASSIGN_OR_RETURN(const double upper, ReadValue(bound.mapped()));
      parts.buckets.emplace_back(upper, sample.value);
      continue;
    }
    if (!bound.empty()) return Wrong("le outside a bucket");
    (sample.name == absl::StrCat(name, "_sum") ? parts.sum : parts.count) = sample.value;
  }
  for (const auto& [labels, parts] : histograms) RETURN_IF_ERROR(CheckParts(parts));
  return absl::OkStatus();
}

class Reader {
 public:
  absl::Status Take(absl::string_view line) {
    if (absl::ConsumePrefix(&line, "# HELP ")) return Begin(line);
    if (absl::ConsumePrefix(&line, "# TYPE ")) return SetType(line);
    return AddSample(line);
  }

  absl::Status End() {
    if (family_ == nullptr) return absl::OkStatus();
    if (family_->samples.empty()) return Wrong(absl::StrCat(name_, " has no samples"));
    if (family_->type == "counter") return CheckCounter(name_, *family_);
    if (family_->type == "histogram") return CheckHistograms(name_, *family_);
    return absl::OkStatus();
  }

  Exposition page;

 private:
  absl::Status Begin(absl::string_view line) {
    RETURN_IF_ERROR(End());
    const std::pair<std::string, std::string> parts = absl::StrSplit(line, absl::MaxSplits(' ', 1));
    if (!IsName(parts.first, true)) return Wrong(absl::StrCat("name \"", parts.first, "\""));
    if (parts.second.empty() || absl::StrContains(parts.second, "\\")) return Wrong("no help, or odd help");
    if (page.families.count(parts.first) > 0) return Wrong(absl::StrCat(parts.first, " twice"));
    name_ = parts.first;
    family_ = &page.families[name_];
    family_->help = parts.second;
    return absl::OkStatus();
  }

  absl::Status SetType(absl::string_view line) {
    const std::pair<std::string, std::string> parts = absl::StrSplit(line, absl::MaxSplits(' ', 1));
    if (family_ == nullptr || parts.first != name_ || !family_->type.empty()) return Wrong("a type out of place");
    if (std::count(std::begin(kTypes), std::end(kTypes), parts.second) == 0) return Wrong("a type that there is not");
    family_->type = parts.second;
    return absl::OkStatus();
  }

  absl::Status AddSample(absl::string_view line) {
    if (family_ == nullptr || family_->type.empty()) return Wrong("a sample before its type");
    ASSIGN_OR_RETURN(ExposedSample sample, ReadSample(line));
    absl::string_view part = sample.name;
    const bool of_family = absl::ConsumePrefix(&part, name_);
    const bool fits =
        family_->type == "histogram" ? part == "_bucket" || part == "_sum" || part == "_count" : part.empty();
    if (!of_family || !fits) return Wrong(absl::StrCat(sample.name, " does not belong to ", name_));
    const std::string series = SeriesOf(sample.name, sample.labels);
    if (!page.series.emplace(series, sample.value).second) return Wrong(absl::StrCat(series, " twice"));
    family_->samples.push_back(std::move(sample));
    return absl::OkStatus();
  }

  std::string name_;
  ExposedFamily* family_ = nullptr;
};

}  // namespace

std::optional<double> Exposition::Value(absl::string_view name_and_labels) const {
  const auto found = series.find(std::string(name_and_labels));
  return found == series.end() ? std::nullopt : std::make_optional(found->second);
}

absl::StatusOr<Exposition> ReadExposition(absl::string_view text) {
  if (!absl::EndsWith(text, "\n")) return Wrong("no end of line at the end");
  text.remove_suffix(1);
  Reader reader;
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    const absl::Status taken = reader.Take(line);
    if (!taken.ok()) return Wrong(absl::StrCat("line ", number, ": ", taken.message(), ": ", line));
  }
  RETURN_IF_ERROR(reader.End());
  return std::move(reader.page);
}

}  // namespace turnabout
