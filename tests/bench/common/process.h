// A Process is a child that the benchmark started: a server or a peer. It does not outlive the benchmark, and only ever
// its own id is signalled.
//
//   Process postgres({"/usr/lib/postgresql/15/bin/postgres", "-D", folder}, {.output = folder + "/log", .user = 101});
//   postgres.Pause();    // stands still while another contender is measured
//   postgres.Resume();
//   postgres.Stop(SIGINT);
#ifndef TURNABOUT_TESTS_BENCH_COMMON_PROCESS_H_
#define TURNABOUT_TESTS_BENCH_COMMON_PROCESS_H_

#include <signal.h>
#include <sys/types.h>

#include <string>
#include <vector>

namespace turnabout::bench {

struct ProcessOptions {
  std::string output;           // REQUIRED. Where what it prints goes
  uid_t user = 0;               // 0: as the benchmark itself
  gid_t group = 0;              // of `user`
  int when_orphaned = SIGKILL;  // what it is sent should the benchmark die
};

// Started from one thread, and not thread-safe.
class Process {
 public:
  // `words`: the program and its arguments.
  Process(const std::vector<std::string>& words, const ProcessOptions& options);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  // False once it has ended.
  bool Alive();

  // Stops and continues it and its children.
  void Pause();
  void Resume();

  // Sends `signal` and waits until it has ended. Its exit status, or -1 when a signal ended it.
  int Stop(int signal);
  // Waits until it has ended by itself. As Stop.
  int Wait();

  // Processor time so far, in seconds, with that of the children it has now.
  double CpuSeconds() const;

 private:
  void SignalAll(int signal) const;

  pid_t pid_ = -1;
  bool ended_ = false;
  bool paused_ = false;
  int status_ = 0;
};

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_COMMON_PROCESS_H_
