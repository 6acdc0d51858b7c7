// An Actor is who does something, as a request says it: a member of the scheme, or a coordinator. Until access control
// exists this is taken on trust, which is why the server listens on loopback alone.
#ifndef TURNABOUT_SERVER_APP_ACTOR_H_
#define TURNABOUT_SERVER_APP_ACTOR_H_

#include <string>

#include "absl/strings/string_view.h"
#include "base/id.h"
#include "server/app/problems.h"

namespace turnabout {

struct Actor {
  std::string text;  // as it was given; kept with what they did
  MemberId member;   // empty for a coordinator, or for nobody

  bool is_coordinator() const { return !text.empty() && member.empty(); }
};

// Reads an actor of the scheme `slug`. A problem when it is neither, or empty and `required`.
Actor ReadActor(absl::string_view field, absl::string_view text, absl::string_view slug, bool required,
                Problems& problems);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_ACTOR_H_
