#include "tests/crash/crew.h"

#include <thread>

#include "tests/crash/audit.h"

namespace turnabout {
namespace {

constexpr char kSlug[] = "riverside";
constexpr char kScheme[] = "schemes/riverside";

}  // namespace

void Crew::MakeWriters(const Client& client) {
  const absl::Status made = MakeScheme(client, kSlug);
  ASSERT_TRUE(made.ok()) << made;
  const absl::StatusOr<std::vector<std::string>> names = MakeMembers(client, kSlug, 6);
  ASSERT_TRUE(names.ok()) << names.status();
  const std::vector<std::string>& who = *names;
  writers_.push_back(NewHoursWriter(kScheme, {who[0], who[1]}, Seed{random_.Next()}));
  writers_.push_back(NewHoursWriter(kScheme, {who[2], who[3]}, Seed{random_.Next()}));
  writers_.push_back(NewGiftWriter(kScheme, {who[4], who[5]}, Seed{random_.Next()}));
  writers_.push_back(NewMatchWriter(kScheme, Seed{random_.Next()}));
}

void Crew::WriteWhile(const Client& client, const std::function<void()>& during, const std::function<bool()>& counts) {
  std::atomic<bool> stop = false;
  std::vector<std::thread> threads;
  for (const auto& writer : writers_) {
    writer->CountWhile(counts);
    threads.emplace_back([&] { writer->Run(client, stop); });
  }
  during();
  stop = true;
  for (std::thread& thread : threads) thread.join();
}

void Crew::WriteSome(const Client& client, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    for (const auto& writer : writers_) writer->WriteOne(client);
  }
}

void Crew::Audit(const Client& client) {
  if (writers_.empty()) MakeWriters(client);
  ASSERT_FALSE(writers_.empty());
  for (const auto& writer : writers_) writer->CountWhile(nullptr);
  for (const auto& writer : writers_) written_unanswered_ += writer->Retry(client);
  for (const auto& writer : writers_) writer->Repeat(client);
  const absl::StatusOr<Contents> contents = ReadContents(client, kScheme);
  ASSERT_TRUE(contents.ok()) << contents.status();
  ExpectSound(*contents);
  for (const auto& writer : writers_) ExpectAllThere(writer->expected(), *contents);
  ExpectVerified(client);
}

size_t Crew::acknowledged() const {
  size_t all = 0;
  for (const auto& writer : writers_) all += writer->acknowledged();
  return all;
}

}  // namespace turnabout
