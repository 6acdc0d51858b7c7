// A Writer sends one write after another to a server that may be killed at any moment, and knows what must be there
// afterwards: everything that was acknowledged, and what was not once it has been sent again.
//
//   auto writer = NewHoursWriter(scheme, {ana, ben}, seed);
//   writer->Run(client, stop);      // until the server is gone
//   writer->Retry(next_client);     // sends again the one write without an answer
//   writer->expected();             // every resource that it wrote, as last acknowledged
#ifndef TURNABOUT_TESTS_CRASH_WRITERS_H_
#define TURNABOUT_TESTS_CRASH_WRITERS_H_

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/seed.h"
#include "tests/crash/client.h"

namespace turnabout {

// Resources by name.
using Resources = std::map<std::string, MessagePtr>;

// Used by one thread at a time.
class Writer {
 public:
  Writer(std::string id, Seed seed) : random_(seed), id_(std::move(id)) {}
  virtual ~Writer() = default;

  // Writes until `stop`, or until the server is gone: UNAVAILABLE, or what IsCutOff. Any other refusal fails the test.
  void Run(const Client& client, const std::atomic<bool>& stop);

  // From now on an answer counts only if `counts` says so once it was read; otherwise the write stays unanswered and
  // the server counts as gone. Null: every answer counts.
  void CountWhile(std::function<bool()> counts) { counts_ = std::move(counts); }

  // One write, the next or the one that was refused or not answered; its status.
  absl::Status TryOne(const Client& client);
  // The same, expecting success.
  void WriteOne(const Client& client);

  // Sends the write that was not answered once more, under the same request id, and expects success. True when there
  // was one and it turned out to have been written before, which one that was cut off must not have been.
  bool Retry(const Client& client);

  // Sends an acknowledged write again and expects the same answer and nothing new.
  void Repeat(const Client& client);

  const Resources& expected() const { return expected_; }
  size_t acknowledged() const { return acknowledged_.size(); }

 protected:
  // The next write, without a request id; null when the server, asked for what there is to do, is gone.
  virtual MessagePtr Next(const Client& client) = 0;
  // Told of each write that was acknowledged.
  virtual void Learn(const google::protobuf::Message&, const google::protobuf::Message&) {}

  // A text that nobody else writes.
  std::string Unique() { return id_ + "-" + std::to_string(++count_); }

  Random random_;

 private:
  struct Write {
    MessagePtr request;
    MessagePtr answer;
  };
  absl::Status Send(const Client& client);
  MessagePtr NextNamed(const Client& client);

  const std::string id_;
  std::function<bool()> counts_;
  int count_ = 0;
  MessagePtr pending_;    // sent, and not acknowledged; null for none
  bool cut_off_ = false;  // it was
  std::vector<Write> acknowledged_;
  Resources expected_;
};

// Exchanges between two members, logged by the giver and confirmed by the receiver.
std::unique_ptr<Writer> NewHoursWriter(const std::string& scheme, std::vector<std::string> two, Seed seed);

// Gifts between two members.
std::unique_ptr<Writer> NewGiftWriter(const std::string& scheme, std::vector<std::string> two, Seed seed);

// New members, pledges, rounds, and matches approved and accepted by both.
std::unique_ptr<Writer> NewMatchWriter(const std::string& scheme, Seed seed);

// A scheme with every limit out of the way, and `count` members of it, by name.
absl::Status MakeScheme(const Client& client, const std::string& slug);
absl::StatusOr<std::vector<std::string>> MakeMembers(const Client& client, const std::string& slug, int count);

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_CRASH_WRITERS_H_
