// A ServerChild is a real turnaboutd as a child of this test: started over a data folder, killed or stopped, reaped.
//
//   ServerChild server({.data_dir = folder, .scratch = scratch});
//   ASSERT_TRUE(server.WaitUntilReady());
//   Client client(server.grpc_address());
//   server.Kill();
//
// Only ever signals the process that it started, which does not outlive the test: the kernel ends it with its parent.
#ifndef TURNABOUT_TESTS_CRASH_SERVER_CHILD_H_
#define TURNABOUT_TESTS_CRASH_SERVER_CHILD_H_

#include <gtest/gtest.h>
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace turnabout {

struct ServerChildOptions {
  std::string data_dir;                       // REQUIRED
  std::string scratch;                        // REQUIRED. A folder for its ready file and its output
  std::vector<std::string> flags;             // besides those for the folder and the addresses
  std::vector<std::string> environment = {};  // "NAME=value", besides the test's own
};

// How a process ended.
struct Ending {
  bool ended = false;
  int code = -1;                                // its exit status; -1 when a signal ended it
  int signal = 0;                               // 0 when it exited by itself
  absl::Duration after = absl::ZeroDuration();  // since it was asked, or since the call
};

// Started from one thread, the test's own. Not thread-safe.
class ServerChild {
 public:
  explicit ServerChild(const ServerChildOptions& options);
  ~ServerChild();
  ServerChild(const ServerChild&) = delete;
  ServerChild& operator=(const ServerChild&) = delete;

  // Fails with what it wrote when it has ended, or is not ready within a minute.
  testing::AssertionResult WaitUntilReady();

  const std::string& grpc_address() const { return grpc_address_; }
  uint16_t http_port() const { return http_port_; }
  pid_t pid() const { return pid_; }

  // SIGKILL, and reaped. True when that is what ended it.
  bool Kill();
  // SIGTERM.
  void AskToStop();
  // Waits for it to end, at most a minute.
  Ending WaitForEnd();
  // AskToStop and WaitForEnd.
  Ending Stop();

  // What it has written to standard error, and to standard output.
  std::string Errors() const;
  std::string Output() const;

 private:
  bool Reap(int flags);

  const std::string base_;  // of the names of its files
  pid_t pid_ = -1;
  bool alive_ = false;
  int status_ = 0;
  absl::Time asked_ = absl::InfiniteFuture();
  std::string grpc_address_;
  uint16_t http_port_ = 0;
};

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_CRASH_SERVER_CHILD_H_
