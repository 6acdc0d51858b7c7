// A Server is the whole service in one process: journal, store, application, gRPC, JSON over HTTP, and the clock's
// jobs.
//
//   absl::StatusOr<std::unique_ptr<Server>> server = Server::Start(config, clock, SeedFromSystem());
//   (*server)->grpc_port();
//   (*server)->Drain();   // refuses new calls, finishes those under way
#ifndef TURNABOUT_SERVER_DAEMON_SERVER_H_
#define TURNABOUT_SERVER_DAEMON_SERVER_H_

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/seed.h"
#include "server/app/app.h"
#include "server/daemon/config.h"

namespace turnabout {

// Threads: safe for concurrent use, but for destruction.
class Server {
 public:
  // Serves by the time it returns. Errors: those of the journal, and UNAVAILABLE when an address is taken.
  // `on_failure` is called once, from another thread, when the journal can no longer be written; stop the process then.
  // REQUIRES: `clock` outlives the server.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const Config& config, const Clock& clock, Seed seed,
                                                       std::function<void(const absl::Status&)> on_failure);
  virtual ~Server() = default;

  virtual uint16_t grpc_port() const = 0;
  virtual uint16_t http_port() const = 0;
  virtual App& app() = 0;

  // Takes no new calls (UNAVAILABLE) and lets those under way finish, for as long as the configuration says; then
  // cancels them. Health says NOT_SERVING meanwhile.
  virtual void Drain() = 0;
};

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_DAEMON_SERVER_H_
