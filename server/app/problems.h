// Problems gathers everything that is wrong with a request, so that all of it is said at once.
#ifndef TURNABOUT_SERVER_APP_PROBLEMS_H_
#define TURNABOUT_SERVER_APP_PROBLEMS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "base/id.h"
#include "base/reason.h"
#include "server/records/names.h"

namespace turnabout {

// How many wrong fields are named; more than anyone reads, and a request cannot make the server list millions.
inline constexpr size_t kProblemsMax = 100;

class Problems {
 public:
  // Problems beyond kProblemsMax are dropped.
  void Add(absl::string_view field, absl::string_view description);

  // Text of at most `bytes_max` bytes, and, when `required`, not only white space.
  void CheckText(absl::string_view field, absl::string_view text, size_t bytes_max, bool required);
  void CheckRange(absl::string_view field, int64_t value, int64_t low, int64_t high);
  // A date, or nothing for an empty text that is not `required`.
  std::optional<absl::CivilDay> CheckDate(absl::string_view field, absl::string_view text, bool required);
  // The scheme's slug. "" after a problem.
  std::string CheckScheme(absl::string_view field, absl::string_view name);
  void CheckRequestId(absl::string_view request_id);

  // The id in a name of `collection`, and, when `slug` is not empty, of that scheme; else sets it. An empty id after a
  // problem.
  template <typename T>
  T CheckName(absl::string_view field, absl::string_view name, absl::string_view collection, std::string& slug) {
    return T(CheckNameBytes(field, name, collection, slug));
  }

  bool empty() const { return problems_.empty(); }
  // OK, or BAD_FIELDS with all of them.
  absl::Status ToStatus() const;

 private:
  IdBytes CheckNameBytes(absl::string_view field, absl::string_view name, absl::string_view collection,
                         std::string& slug);

  std::vector<FieldProblem> problems_;
};

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_PROBLEMS_H_
