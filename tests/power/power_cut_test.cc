// The power is cut, again and again, under a store that writes: what it had acknowledged is there afterwards, the same
// answer to the same request, nothing twice, and the books are right. That a cut can lose anything at all is shown by a
// writer that does not sync.
//
// What counts as acknowledged is what was read before the cut: answers that come while it happens prove nothing.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "tests/crash/client.h"
#include "tests/crash/crew.h"
#include "tests/crash/server_child.h"
#include "tests/power/cut_disk.h"
#include "tests/support/books.h"
#include "tests/support/seed.h"
#include "tests/unit/store/journal/journal_folder.h"

namespace turnabout {
namespace {

constexpr int kClients = 6;
constexpr int kCutsPerFolder = 25;            // then a new one, so that what is looked at stays small
constexpr uint64_t kLoadMostMicros = 60'000;  // how long is written before a cut
constexpr uint64_t kServerLoadMostMicros = 250'000;
constexpr uint64_t kNumbersMost = 5'000;  // how many numbers an unsynced writer has told before a cut

int Cuts(int by_default, int full) { return IsFullRun() ? full : by_default; }

// What a request came to: the entry that it wrote.
using Answers = std::map<RequestKey, EntryId>;

// A client that posts, holds, and posts what it held, each under a request id of its own; a request that was not
// answered is sent again.
class StoreClient {
 public:
  StoreClient(Seed seed, const OwnerId& one, const OwnerId& other) : random_(seed), one_(one), other_(other) {}

  // Writes until the store refuses. `acknowledge` is told each answer as soon as it is there; false: it came too late
  // to count.
  void Run(Books& books, const std::function<bool(const RequestKey&, const EntryId&)>& acknowledge) {
    while (true) {
      if (!pending_.has_value()) pending_ = Next();
      const absl::StatusOr<EntryId> entry = Send(books, *pending_);
      EXPECT_TRUE(entry.ok() || IsRefusedFor(entry.status(), Reason::kJournalUnavailable)) << entry.status();
      if (!entry.ok() || !acknowledge(pending_->key, *entry)) return;
      if (pending_->how == How::kHold) held_.push_back(*entry);
      pending_.reset();
    }
  }

 private:
  enum class How { kPost, kHold, kPostHeld };
  struct Request {
    RequestKey key{};
    How how = How::kPost;
    EntryId hold;
  };

  Request Next() {
    Request request;
    for (size_t half : {0, 1}) {
      const uint64_t bits = random_.Next();
      std::memcpy(request.key.data() + 8 * half, &bits, sizeof(bits));
    }
    request.how = random_.OneIn(1, 2) ? How::kPost : How::kHold;
    if (request.how == How::kHold && !held_.empty() && random_.OneIn(1, 2)) {
      request.how = How::kPostHeld;
      request.hold = held_.back();
      held_.pop_back();
    }
    return request;
  }

  // One command, which looks for the first answer and otherwise writes an entry and the answer, as the server does.
  absl::StatusOr<EntryId> Send(Books& books, const Request& request) {
    EntryId answer;
    const absl::StatusOr<uint64_t> written = books.store->WriteAndWait({}, [&](Txn& txn) -> absl::Status {
      if (const std::optional<Remembered> first = txn.FindRequest(request.key)) {
        ASSIGN_OR_RETURN(answer, EntryId::Parse(first->answer));
        return absl::OkStatus();
      }
      ASSIGN_OR_RETURN(answer, Carry(books, request, txn));
      txn.Remember(request.key, {"", answer.ToString()});
      return absl::OkStatus();
    });
    if (!written.ok()) return written.status();
    return answer;
  }

  absl::StatusOr<EntryId> Carry(Books& books, const Request& request, Txn& txn) {
    if (request.how == How::kPostHeld) {
      ASSIGN_OR_RETURN(const Entry posted, books.ledger->PostHold(request.hold, 0, books.ids.Next<EntryId>(), txn));
      return posted.id;
    }
    const std::vector<Draft> drafts = {books.Help(one_, other_, random_.Between(1, 60))};
    ASSIGN_OR_RETURN(const std::vector<Entry> entries, request.how == How::kPost
                                                           ? books.ledger->Post(drafts, txn)
                                                           : books.ledger->Hold(drafts, absl::InfiniteDuration(), txn));
    return entries.front().id;
  }

  Random random_;
  const OwnerId one_;
  const OwnerId other_;
  std::vector<EntryId> held_;
  std::optional<Request> pending_;
};

// What is in the journal, read without the help of any projection: every request's answer, which must be an entry of
// the same block. Expects no request and no entry twice, and every entry to be some request's.
Answers ReadAnswers(const Journal& journal) {
  Answers answers;
  std::set<EntryId> entries;
  const absl::Status read = journal.Read(1, [&](const Block& block) {
    std::set<EntryId> in_block;
    size_t requests = 0;
    const absl::Status visited = block.ForEach([&](const RecordView& record) {
      if (record.kind == RecordKind::kEntry) {
        const absl::StatusOr<Entry> entry = DecodeEntry(record.payload);
        EXPECT_TRUE(IsOk(entry));
        in_block.insert(entry->id);
        EXPECT_TRUE(entries.insert(entry->id).second) << "an entry twice";
      } else if (record.kind == RecordKind::kRequest) {
        RequestKey key;
        std::memcpy(key.data(), record.payload.data(), key.size());
        const absl::StatusOr<EntryId> entry = EntryId::Parse(record.payload.substr(key.size() + 4));
        EXPECT_TRUE(IsOk(entry));
        EXPECT_EQ(in_block.count(*entry), 1u) << "an answer apart from what it answers";
        EXPECT_TRUE(answers.emplace(key, *entry).second) << "a request was carried out twice";
        ++requests;
      }
      return absl::OkStatus();
    });
    EXPECT_EQ(requests, in_block.size()) << "an entry that no request wrote";
    return visited;
  });
  EXPECT_TRUE(IsOk(read));
  return answers;
}

class PowerCut : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    absl::StatusOr<std::unique_ptr<CutDisk>> disk = CutDisk::Make(scratch_.path(), GetParam());
    if (!disk.ok()) GTEST_SKIP() << "NOT TESTED: no power was cut on " << GetParam() << ": " << disk.status().message();
    disk_ = *std::move(disk);
  }

  std::string DataFolder(int cut) const { return absl::StrCat(disk_->path(), "/data", cut / kCutsPerFolder); }

  ServerChildOptions ServerOn(const std::string& folder) const {
    return {.data_dir = folder, .scratch = scratch_.path(), .flags = {"--ballast-mib", "0", "--low-water-mib", "1"}};
  }

  std::unique_ptr<Books> OpenBooks(const std::string& folder) {
    auto journal = OpenRocksdbJournal(SmallOptions(folder));
    EXPECT_TRUE(IsOk(journal));
    if (!journal.ok()) return nullptr;
    auto books = std::make_unique<Books>(*std::move(journal));
    books->clock.Advance(absl::Hours(++opened_));  // ids begin with the time, and none comes twice
    return books;
  }

  // Every client writes while the power is cut; what was acknowledged before that.
  Answers WriteUntilCut(Books& books, std::vector<StoreClient>& clients) {
    std::mutex mutex;
    Answers acknowledged;
    bool is_cut = false;
    const auto acknowledge = [&](const RequestKey& key, const EntryId& entry) {
      const std::lock_guard<std::mutex> lock(mutex);
      if (!is_cut) acknowledged.emplace(key, entry);
      return !is_cut;
    };
    std::vector<std::thread> threads;
    for (StoreClient& client : clients) threads.emplace_back([&] { client.Run(books, acknowledge); });
    absl::SleepFor(absl::Microseconds(random_.Below(kLoadMostMicros)));
    {
      const std::lock_guard<std::mutex> lock(mutex);
      is_cut = true;
    }
    EXPECT_TRUE(IsOk(disk_->CutPower()));
    for (std::thread& thread : threads) thread.join();
    return acknowledged;
  }

  const Seed seed_ = HasTestSeed() ? TestSeed(1) : SeedFromSystem();
  const testing::ScopedTrace trace_{__FILE__, __LINE__, RerunWith(seed_)};
  Random random_{seed_};
  const TemporaryFolder scratch_{FastPlace()};
  std::unique_ptr<CutDisk> disk_;
  int opened_ = 0;
};

TEST_P(PowerCut, LosesNothingThatWasAcknowledgedAndWritesNothingTwice) {
  const int cuts = Cuts(50, 1000);
  std::vector<StoreClient> clients;
  Answers acknowledged;
  size_t all_acknowledged = 0, unanswered = 0, ready = 0;
  for (int cut = 0; cut < cuts && !HasFailure(); ++cut) {
    SCOPED_TRACE(absl::StrCat("cut ", cut));
    std::unique_ptr<Books> books = OpenBooks(DataFolder(cut));
    ASSERT_NE(books, nullptr);
    if (cut % kCutsPerFolder == 0) {
      acknowledged.clear();
      clients.clear();
      for (int i = 0; i < kClients; ++i) clients.emplace_back(Seed{random_.Next()}, books->Member(), books->Member());
    }
    const Answers before = WriteUntilCut(*books, clients);
    books.reset();
    ASSERT_TRUE(IsOk(disk_->Restore()));
    all_acknowledged += before.size();
    acknowledged.insert(before.begin(), before.end());
    books = OpenBooks(DataFolder(cut));
    ASSERT_NE(books, nullptr);
    const Answers there = ReadAnswers(books->store->journal());
    for (const auto& [key, entry] : acknowledged) {
      const auto at = there.find(key);
      ASSERT_TRUE(at != there.end()) << "acknowledged and lost: " << entry.ToString();
      EXPECT_EQ(at->second, entry) << "another answer";
    }
    unanswered += there.size() - acknowledged.size();
    acknowledged = there;
    books->ExpectSound();
    ready += before.empty() ? 0 : 1;
  }
  EXPECT_GT(ready, static_cast<size_t>(cuts) / 2) << "most cuts came before anything was acknowledged";
  std::printf("%d cuts on %s: %zu acknowledged, 0 lost, %zu written and not acknowledged\n", cuts, GetParam(),
              all_acknowledged, unanswered);
}

// The same from outside: a server, its people and their matches.
TEST_P(PowerCut, UnderAServerLosesNothingThatWasAcknowledged) {
  const int cuts = Cuts(6, 100);
  std::optional<Crew> crew;
  size_t acknowledged = 0;
  // One more, over the last folder, only looks.
  for (int cut = 0; cut <= cuts && !HasFailure(); ++cut) {
    SCOPED_TRACE(absl::StrCat("cut ", cut));
    const bool is_new = cut % kCutsPerFolder == 0 && cut < cuts;
    if (crew.has_value() && (is_new || cut == cuts)) {
      ServerChild server(ServerOn(DataFolder(cut - 1)));
      ASSERT_TRUE(server.WaitUntilReady());
      ASSERT_NO_FATAL_FAILURE(crew->Audit(Client(server.grpc_address())));
      acknowledged += crew->acknowledged();
      EXPECT_EQ(server.Stop().code, 0) << server.Errors();
      if (cut == cuts) break;
    }
    if (is_new) crew.emplace(Seed{random_.Next()});
    ServerChild server(ServerOn(DataFolder(cut)));
    ASSERT_TRUE(server.WaitUntilReady());
    const Client client(server.grpc_address());
    ASSERT_NO_FATAL_FAILURE(crew->Audit(client));
    std::atomic<bool> is_on = true;
    const auto cut_power = [&] {
      absl::SleepFor(absl::Microseconds(random_.Below(kServerLoadMostMicros)));
      is_on = false;
      EXPECT_TRUE(IsOk(disk_->CutPower()));
    };
    crew->WriteWhile(client, cut_power, [&] { return is_on.load(); });
    server.Kill();
    ASSERT_TRUE(IsOk(disk_->Restore()));
  }
  EXPECT_GT(acknowledged, static_cast<size_t>(cuts));
  std::printf("%d cuts under a server on %s: %zu acknowledged, 0 lost\n", cuts, GetParam(), acknowledged);
}

// A child process that puts numbers into a database without a sync, and tells each.
class UnsyncedWriter {
 public:
  explicit UnsyncedWriter(const std::string& folder) {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    numbers_ = UniqueFd(ends[0]);
    const UniqueFd theirs(ends[1]);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, theirs.get(), STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::string program = PUT_UNSYNCED, argument = folder;
    char* const arguments[] = {program.data(), argument.data(), nullptr};
    EXPECT_EQ(::posix_spawn(&child_, program.c_str(), &actions, nullptr, arguments, environ), 0) << program;
    ::posix_spawn_file_actions_destroy(&actions);
  }
  ~UnsyncedWriter() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }

  // Waits for the next number; 0 when there will be none.
  uint64_t Next() {
    uint64_t number = 0;
    return ::read(numbers_.get(), &number, sizeof(number)) == sizeof(number) ? number : 0;
  }

 private:
  UniqueFd numbers_;
  pid_t child_ = 0;
};

// True when a database has `number`. One that cannot even be opened has nothing.
bool HasNumber(const std::string& folder, uint64_t number) {
  rocksdb::DB* raw = nullptr;
  if (!rocksdb::DB::Open(rocksdb::Options(), folder, &raw).ok()) return false;
  const std::unique_ptr<rocksdb::DB> db(raw);
  std::string value;
  return db->Get(rocksdb::ReadOptions(), absl::StrCat(number), &value).ok();
}

TEST_P(PowerCut, FindsOutAWriterThatDoesNotSync) {
  const int cuts = Cuts(10, 100);
  int lost_in = 0;
  for (int cut = 0; cut < cuts && !HasFailure(); ++cut) {
    const std::string folder = absl::StrCat(disk_->path(), "/unsynced", cut);
    uint64_t told = 0;
    {
      UnsyncedWriter writer(folder);
      for (uint64_t numbers = 1 + random_.Below(kNumbersMost); numbers > 0; --numbers) told = writer.Next();
      ASSERT_GT(told, 0u) << "it ended by itself";
      ASSERT_TRUE(IsOk(disk_->CutPower()));
    }
    ASSERT_TRUE(IsOk(disk_->Restore()));
    lost_in += !HasNumber(folder, told);
  }
  std::printf("%d cuts on %s without a sync: acknowledged writes lost in %d\n", cuts, GetParam(), lost_in);
  EXPECT_GE(10 * lost_in, 9 * cuts) << "cuts that lose nothing prove nothing";
}

// ext4; in a full run xfs too, where there is a program that makes one.
std::vector<const char*> Kinds() {
  const char* path = std::getenv("PATH");
  const std::vector<std::string> places = absl::StrSplit(path == nullptr ? "" : path, ':');
  const bool has_xfs = std::any_of(places.begin(), places.end(),
                                   [](const std::string& place) { return FileExists(place + "/mkfs.xfs"); });
  return has_xfs && IsFullRun() ? std::vector<const char*>{"ext4", "xfs"} : std::vector<const char*>{"ext4"};
}

INSTANTIATE_TEST_SUITE_P(Disks, PowerCut, testing::ValuesIn(Kinds()), [](const auto& info) { return info.param; });

}  // namespace
}  // namespace turnabout
