// An Exposition is what a page of metrics says, read strictly: whatever a reader of Prometheus' text format 0.0.4 might
// take in two ways, or not at all, is refused.
//
//   absl::StatusOr<Exposition> page = ReadExposition(text);
//   page->Value("turnabout_calls_total{code=\"OK\",method=\"PostEntry\"}");   // labels by name
//   page->families.at("turnabout_calls_total").type;                           // "counter"
#ifndef TURNABOUT_TESTS_SUPPORT_EXPOSITION_H_
#define TURNABOUT_TESTS_SUPPORT_EXPOSITION_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace turnabout {

struct ExposedSample {
  std::string name;
  std::map<std::string, std::string> labels;
  double value = 0;
};

struct ExposedFamily {
  std::string help;
  std::string type;
  std::vector<ExposedSample> samples;
};

struct Exposition {
  std::map<std::string, ExposedFamily> families;
  std::map<std::string, double> series;  // by name and labels, as above

  // Nothing when there is no such series.
  std::optional<double> Value(absl::string_view name_and_labels) const;
};

// INVALID_ARGUMENT with the line and what is wrong with it. Each family has HELP, TYPE and then its samples, once;
// names and escapes are those of the format; no series is there twice; a counter is named _total and is not negative; a
// histogram's buckets rise, never fall in number, and end with +Inf, which is its count.
absl::StatusOr<Exposition> ReadExposition(absl::string_view text);

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_SUPPORT_EXPOSITION_H_
