// People turns references into members and members into the names they like to be called.
#ifndef TURNABOUT_CLIENTS_CLI_PEOPLE_H_
#define TURNABOUT_CLIENTS_CLI_PEOPLE_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/cli/api.h"
#include "turnabout/v1/member.pb.h"

namespace turnabout::cli {

// Asks the server once for each person and remembers. Not thread-safe.
class People {
 public:
  // REQUIRES: `api` outlives it.
  explicit People(Api& api) : api_(api) {}

  // The member with this reference, id or full name, in the BASIC view. NOT_FOUND when there is none.
  absl::StatusOr<v1::Member> Find(absl::string_view scheme, absl::string_view text);

  // What to call somebody in a sentence: a display name, "the coordinator", or the name as it is when it is not known.
  // An account's name finds its owner: "…/accounts/pot.minutes" is "the community pot".
  std::string Called(absl::string_view name);

  // What to type for somebody: the reference where there is one, else the id.
  std::string Typed(absl::string_view name);

  // Reads every member of a scheme, so that many calls to Called cost few requests.
  absl::Status LoadAll(absl::string_view scheme);

  void Remember(const v1::Member& member);

 private:
  const v1::Member* Known(absl::string_view name);

  Api& api_;
  std::map<std::string, v1::Member, std::less<>> members_;  // by full name; one without a name is not there
};

}  // namespace turnabout::cli

#endif  // TURNABOUT_CLIENTS_CLI_PEOPLE_H_
