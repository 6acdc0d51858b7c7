// A World is one store with a ledger, its disk and its shelf, the people who ask, and the clock: all of it drawn from
// one seed, one step after the other on one thread. A model foretells every answer; after every step what is kept is
// held against it. The engine is the store's own; its writer, its disk and its clock are this world.
//
//   World world(Seed{7}, {});
//   if (!world.Run(1000)) std::puts(world.problem().c_str());
#ifndef TURNABOUT_TESTS_SIM_WORLD_H_
#define TURNABOUT_TESTS_SIM_WORLD_H_

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "store/engine.h"
#include "tests/sim/chance.h"
#include "tests/sim/command.h"
#include "tests/sim/disk.h"
#include "tests/sim/model.h"
#include "tests/sim/shelf.h"

namespace turnabout::sim {

// What a projection does wrong: for tests of the simulator.
enum class BookFault {
  kNone,
  kDropsRecord,   // does not hear of one change of limits in five
  kKeepsRefused,  // keeps what a refused command wrote
};

// What is wrong on purpose: for tests of the simulator, which must notice.
struct Plant {
  JournalFault journal = JournalFault::kNone;
  ShelfFault shelf = ShelfFault::kNone;
  BookFault book = BookFault::kNone;
  std::string model_forgets = {};
};

class World {
 public:
  World(Seed seed, const Plant& plant);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // Takes the steps that this seed has, or `most`. False, and no further, once something is not as it must be.
  bool Run(uint64_t most);

  uint64_t steps() const { return steps_; }
  // What is not as it must be; "" while everything is.
  const std::string& problem() const { return problem_; }
  // The last things that happened, each with its step.
  std::vector<std::string> LastSteps() const;
  // How often there was each answer, each fault and each check.
  const std::map<std::string, uint64_t>& seen() const { return seen_; }
  // The journal as it is.
  Disk& disk() { return disk_; }

 private:
  struct Asked {
    Command command;
    Answer answer;
  };
  // A group on its way to the disk.
  struct Group {
    Block block;
    size_t end = 0;  // of the model, once it is durable
    std::vector<Asked> asked;
  };
  // A cut on its way to the shelf.
  struct Cutting {
    std::vector<Cut> cuts;
    Head head;
    std::optional<RowBatch> rows;
    bool is_put = false;
  };
  struct Happened {
    uint64_t step = 0;
    std::string what;
    std::optional<Asked> asked;
  };

  // Steps (world.cc).
  void Step();
  Command NextOfQueue();
  void Ask(Command asked);
  void Repeat();
  void Sweep();
  void Seal();
  void AnswerDisk();
  void Remember(const Command& command);
  void Flush();
  void MoveClock();
  void Cut();
  void ChangeRoom();
  void Fail(const std::string& problem);
  void Note(const std::string& what, std::optional<Asked> asked = std::nullopt);
  bool ok() const { return problem_.empty(); }

  // Ends and beginnings (world_restart.cc).
  void Forget();
  void TakeBack();
  void FailWrite();
  void Kill();
  void CutPower();
  void Crash(Fate fate, bool is_power);
  void Stop();
  void SpoilDisk();
  void ExpectDamage(size_t end);
  bool IsShelfDamaged();
  void Close();
  absl::Status Open();
  absl::Status OpenShelf(const Head& journal_head);
  void Reopen(size_t end);

  // Checks (world_check.cc).
  void CheckAll();
  void CheckLayer(Layer layer, size_t at);
  void CheckLimits(const AccountName& name, const Account& account);
  void Exempt(const Command& command);
  void CheckReplay();
  void CheckInStore();
  // One look at something, drawn.
  void Look();
  void LookAtEntry(Layer layer, size_t at);
  void LookAtStatement();
  void LookBack();
  void LookAtScheme();
  void LookAtHolds();
  void LookAtRows(Layer layer, size_t at);
  void LookAtRequest(Layer layer, size_t at);

  int64_t now_micros() const { return absl::ToUnixMicros(clock_); }
  bool Expect(bool is_so, absl::string_view what);

  const Plant plant_;
  Chance chance_;
  Random& random_;
  Model model_;
  std::vector<std::pair<AccountName, AccountKey>> names_;  // of every account that there may be

  // What outlives the process.
  Disk disk_;
  std::unique_ptr<SimShelf> shelf_;  // null for none
  absl::Time clock_ = absl::FromUnixSeconds(1'700'000'000);

  // The process.
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<Book> book_;
  std::optional<Ledger> ledger_;
  std::unique_ptr<Engine> engine_;
  absl::Time group_time_ = absl::InfinitePast();  // of what is staged
  std::vector<Asked> staged_;                     // not sealed yet
  std::optional<Group> sealed_;
  std::optional<Cutting> cutting_;

  // What people and this world know.
  size_t durable_ = 0;  // how much of the model is durable and acknowledged
  std::vector<Command> queue_;
  std::deque<Command> named_;  // asked before, to be asked again
  uint64_t steps_ = 0;
  std::string problem_;
  std::deque<Happened> happened_;
  std::map<std::string, uint64_t> seen_;

  // How low and how high each account could come to be at the last check, and whose limits were set aside since.
  std::map<AccountName, std::pair<int64_t, int64_t>> reach_;
  std::set<AccountName> exempt_;
};

}  // namespace turnabout::sim

#endif  // TURNABOUT_TESTS_SIM_WORLD_H_
