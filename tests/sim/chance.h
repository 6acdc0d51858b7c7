// A Chance draws everything that a simulated world does not decide itself: first what kind of world a seed is (many
// holds or none, tight limits, a slow disk, ...), then what happens next in it, and what is asked for.
//
//   Chance chance(seed);
//   const Command command = chance.NextCommand(model);
#ifndef TURNABOUT_TESTS_SIM_CHANCE_H_
#define TURNABOUT_TESTS_SIM_CHANCE_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/seed.h"
#include "tests/sim/command.h"
#include "tests/sim/disk.h"
#include "tests/sim/model.h"

namespace turnabout::sim {

enum class Event {
  kCommand,     // somebody asks for something
  kRepeat,      // somebody asks again
  kSweep,       // the server lets expire what is up
  kSeal,        // what was accepted goes to the disk
  kDisk,        // the disk answers
  kClock,       // time passes, or jumps
  kCut,         // what is durable goes to the shelf, a step further
  kRoom,        // the disk fills up, or has room again
  kKill,        // the process is gone
  kPowerCut,    // the machine is gone
  kStop,        // the process stops, in order
  kFailWrite,   // the disk fails, and nobody knows what it wrote
  kSpoilDisk,   // durable bytes change while the process is gone
  kSpoilShelf,  // a row on the shelf can be read no more
  kAudit,       // the journal is replayed beside the process
};

// What kind of world it is. Drawn once for each seed.
struct Kind {
  uint64_t steps = 0;
  uint32_t schemes = 1;
  uint32_t people = 1;
  bool has_shelf = false;
  uint32_t group_records = 1;  // the most that one block holds, unless one command alone has more
  std::array<uint64_t, 9> operations{};
  std::array<uint64_t, 8> events{};   // kCommand to kRoom
  std::array<uint64_t, 7> mishaps{};  // kKill to kAudit
  uint64_t mishap_every = 1;          // steps
  int64_t credit = 0;                 // the most that a floor allows, in minutes
  int64_t allowance = 0;              // the same in turns
  uint64_t limited = 0;               // of 8 limits, how many are there
  int64_t amount = 1;                 // the most minutes of one line
  uint64_t chain = 1;                 // lines that hang together
  uint64_t bulk = 0;                  // of 200 posts, how many have hundreds of lines
  uint64_t named = 0;                 // of 8 commands, how many have a request id
  uint64_t dry = 0;                   // of 50 commands, how many are dry runs
  uint64_t overridden = 0;            // of 30 lines, how many
  uint64_t mistakes = 0;              // of 200 things, how many are wrong
  uint64_t hot = 0;                   // of 8 accounts, how many are the one that everybody moves
  uint64_t crowd = 1;                 // the most who ask before any of them is answered
  int64_t hold_seconds = 1;           // the most
};

class Chance {
 public:
  explicit Chance(Seed seed);

  const Kind& kind() const { return kind_; }
  Random& random() { return random_; }

  Event NextEvent();
  // Opens most accounts.
  Command Opening();
  Command NextCommand(const Model& model);
  // The set of one open hold is let go. REQUIRES: there is one.
  Command Release(const Model& model);
  // Lets a hold expire.
  Command Expire(Name hold);
  // Gives a command that is about to run the names of its new entries, which ascend from one to the next.
  void NameNew(Command& command);

  Fate NextFate() { return static_cast<Fate>(random_.Below(5)); }
  Rot NextRot() { return static_cast<Rot>(random_.Below(3)); }
  // How far the clock moves, in seconds.
  int64_t NextTime();

  uint32_t AnyScheme() { return static_cast<uint32_t>(random_.Between(1, kind_.schemes)); }
  AccountName AnyAccount();
  // One that was written or, seldom, never was.
  Name AnyEntry(const Model& model);
  std::string AnyRow();

 private:
  bool IsMistake() { return random_.OneIn(kind_.mistakes, 200); }
  uint32_t AnyOwner();
  // One to be named or, seldom, none or one that is taken.
  Name NewId(const Model& model);
  Name AnyHold(const Model& model);
  int64_t AnyAmount(Unit unit);
  Line AnyLine(const Model& model, uint32_t scheme, Unit unit, uint32_t from, uint32_t to);
  std::vector<Line> Chain(const Model& model);
  std::vector<Line> BetweenSchemes(const Model& model);
  std::vector<Line> Bulk(const Model& model);
  std::vector<Line> AnyLines(const Model& model, bool may_cross);
  Operation Limits(const AccountName& account);
  Operation NextOperation(const Model& model);

  Random random_;
  Kind kind_;
  Name last_name_ = 0;
  uint64_t last_request_ = 0;
};

}  // namespace turnabout::sim

#endif  // TURNABOUT_TESTS_SIM_CHANCE_H_
