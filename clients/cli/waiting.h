// A Waiting tells a person at a terminal, while one long call is under way, that it still is.
//
//   const Waiting waiting(session.console(), "Verifying");
//   ... the call ...                        // Verifying: 12 s so far
#ifndef TURNABOUT_CLIENTS_CLI_WAITING_H_
#define TURNABOUT_CLIENTS_CLI_WAITING_H_

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "clients/cli/session.h"

namespace turnabout::cli {

// From its making to its end, on a thread of its own, and only where `console.err` is a terminal.
class Waiting {
 public:
  using Milliseconds = std::chrono::milliseconds;

  // Says nothing until `after`, then again and again. REQUIRES: nobody else writes to `console.err` meanwhile.
  Waiting(Console& console, std::string what, Milliseconds after = Milliseconds(2000),
          Milliseconds every = Milliseconds(1000));
  // Takes away what it wrote.
  ~Waiting();
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  void Run();

  Console& console_;
  const std::string what_;
  const Milliseconds after_;
  const Milliseconds every_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace turnabout::cli

#endif  // TURNABOUT_CLIENTS_CLI_WAITING_H_
