// A turnaboutd of our own: started over a new data folder, asked where it listens, and stopped gently.
#ifndef TURNABOUT_CLIENTS_DEMO_SERVER_PROCESS_H_
#define TURNABOUT_CLIENTS_DEMO_SERVER_PROCESS_H_

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace turnabout::demo {

class ServerProcess {
 public:
  // Starts `program` with its data in `folder`/data and its log in `folder`/server.log, and waits until it serves.
  // FAILED_PRECONDITION with the end of its log when it does not within `patience`.
  static absl::StatusOr<std::unique_ptr<ServerProcess>> Start(const std::filesystem::path& program,
                                                              const std::filesystem::path& folder,
                                                              absl::Duration patience);
  // Stops the server if that has not been done.
  ~ServerProcess();

  const std::string& grpc_address() const { return grpc_address_; }
  const std::string& http_address() const { return http_address_; }

  // The most memory it has had, in kilobytes; 0 when the system does not say.
  int64_t PeakMemoryKb() const;

  // Asks it to finish, and waits. INTERNAL unless it ends with exit code 0 within 60 s.
  absl::Status Stop();

 private:
  ServerProcess() = default;
  absl::Status WaitUntilReady(const std::filesystem::path& ready_file, const std::filesystem::path& log,
                              absl::Duration patience);

  pid_t pid_ = -1;  // -1 once it has ended
  std::string grpc_address_;
  std::string http_address_;
};

}  // namespace turnabout::demo

#endif  // TURNABOUT_CLIENTS_DEMO_SERVER_PROCESS_H_
