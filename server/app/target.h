// A Target is what most writes name: a resource of a scheme, and who acts on it.
#ifndef TURNABOUT_SERVER_APP_TARGET_H_
#define TURNABOUT_SERVER_APP_TARGET_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "server/app/actor.h"
#include "server/app/problems.h"
#include "server/app/request.h"
#include "server/records/rows.h"

namespace turnabout {

template <typename T>
struct Target {
  std::string slug;
  T id;
  Actor actor;
};

enum class ActorIs { kOptional, kRequired };

// Reads `name`, `request_id`, `actor` and, where there is one, `reason` of a request. Adds what is wrong with them.
template <typename T, typename Request>
Target<T> ReadTarget(const Request& request, absl::string_view collection, ActorIs actor, Problems& problems) {
  Target<T> target;
  target.id = problems.CheckName<T>("name", request.name(), collection, target.slug);
  target.actor = ReadActor("actor", request.actor(), target.slug, actor == ActorIs::kRequired, problems);
  problems.CheckRequestId(request.request_id());
  if constexpr (requires { request.reason(); }) problems.CheckText("reason", request.reason(), kNoteLengthMax, false);
  return target;
}

// RunWrite for a scheme that is there: SCHEME_NOT_FOUND otherwise.
template <typename Response, typename Request>
void RunSchemeWrite(const Context& context, const Call& call, const std::string& slug, const Request& request,
                    Reply<Response> reply, std::function<absl::Status(const SchemeView&, Txn&, Response&)> act) {
  RunWrite<Response>(context, call, slug, request, std::move(reply),
                     [slug, act = std::move(act)](Txn& txn, Response& response) -> absl::Status {
                       ASSIGN_OR_RETURN(const std::shared_ptr<const SchemeView> scheme, FindScheme(txn, slug));
                       return act(*scheme, txn, response);
                     });
}

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_TARGET_H_
