#include "server/app/actor.h"

#include "absl/strings/match.h"
#include "base/limits.h"

namespace turnabout {

Actor ReadActor(absl::string_view field, absl::string_view text, absl::string_view slug, bool required,
                Problems& problems) {
  constexpr absl::string_view kCoordinators = "coordinators/";
  Actor actor{std::string(text), {}};
  if (text.empty()) {
    if (required) problems.Add(field, "Enter who does this: a member's name, or coordinators/ and a name");
    return actor;
  }
  if (absl::StartsWith(text, kCoordinators) && text.size() > kCoordinators.size() &&
      text.size() <= kResourceNameLengthMax) {
    return actor;
  }
  std::string of_scheme(slug);
  actor.member = problems.CheckName<MemberId>(field, text, kMembers, of_scheme);
  return actor;
}

}  // namespace turnabout
