// A Crew is several writers who write at once into one scheme of a server that is stopped, killed or cut off, and the
// audit of everything they wrote once it is back.
//
//   Crew crew(seed);
//   crew.Audit(client);                               // at first there is nothing, and the scheme is made
//   crew.WriteWhile(client, [&] { server.Kill(); });
//   crew.Audit(next_client);                          // nothing lost, nothing twice
#ifndef TURNABOUT_TESTS_CRASH_CREW_H_
#define TURNABOUT_TESTS_CRASH_CREW_H_

#include <functional>
#include <memory>
#include <vector>

#include "base/seed.h"
#include "tests/crash/client.h"
#include "tests/crash/writers.h"

namespace turnabout {

// Used by one thread, the test's own.
class Crew {
 public:
  explicit Crew(Seed seed) : random_(seed) {}

  // Every writer writes, on a thread of its own, until the server is gone; it is `during` that ends it. Answers that
  // are read once `counts`, unless null, says false are as if they had never come.
  void WriteWhile(const Client& client, const std::function<void()>& during,
                  const std::function<bool()>& counts = nullptr);

  // Every writer in turn writes once, `rounds` times, and expects success.
  void WriteSome(const Client& client, int rounds);

  // Sends again what was not answered, and some of what was, and looks at everything.
  void Audit(const Client& client);

  // How many writes were acknowledged, and how many turned out to have been written without an answer.
  size_t acknowledged() const;
  int written_unanswered() const { return written_unanswered_; }

 private:
  void MakeWriters(const Client& client);

  Random random_;
  std::vector<std::unique_ptr<Writer>> writers_;
  int written_unanswered_ = 0;
};

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_CRASH_CREW_H_
