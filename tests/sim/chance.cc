#include "tests/sim/chance.h"

#include <iterator>
#include <numeric>

#include "absl/strings/str_cat.h"

namespace turnabout::sim {
namespace {

using What = Operation::What;

constexpr Name kNeverWritten = Name{1} << 60;
constexpr Name kToBeNamed = ~Name{0};
constexpr Name kLongestSet = 1000;

template <typename T, size_t count>
T OneOf(Random& random, const T (&choices)[count]) {
  return choices[random.Below(count)];
}

// A place in `weights`, each as often as it weighs. REQUIRES: one is not 0.
template <typename Weights>
size_t Weighed(Random& random, const Weights& weights) {
  uint64_t at = random.Below(std::accumulate(weights.begin(), weights.end(), uint64_t{0}));
  size_t place = 0;
  while (at >= weights[place]) at -= weights[place++];
  return place;
}

// Every kind of operation is left out, rare or common, and every kind of mishap too.
Kind DrawKind(Random& random) {
  Kind kind;
  kind.steps = OneOf<uint64_t>(random, {150, 300, 300, 600, 600, 1200, 2400});
  kind.schemes = static_cast<uint32_t>(random.Between(1, 3));
  kind.people = static_cast<uint32_t>(random.Between(1, 8));
  kind.has_shelf = random.OneIn(2, 3);
  kind.group_records = OneOf<uint32_t>(random, {1, 4, 20, 100, 400});
  for (uint64_t& weight : kind.operations) weight = OneOf<uint64_t>(random, {0, 1, 4, 12});
  kind.operations[static_cast<size_t>(What::kPost)] += 2;
  kind.operations[static_cast<size_t>(What::kRefuse)] /= 4;
  kind.events = {OneOf<uint64_t>(random, {40, 100, 200}), OneOf<uint64_t>(random, {0, 2, 15}),
                 OneOf<uint64_t>(random, {0, 1, 6}),      OneOf<uint64_t>(random, {4, 20, 60}),
                 OneOf<uint64_t>(random, {4, 20, 60}),    OneOf<uint64_t>(random, {1, 5, 20}),
                 OneOf<uint64_t>(random, {1, 6, 30}),     OneOf<uint64_t>(random, {0, 0, 1, 4})};
  for (uint64_t& weight : kind.mishaps) weight = OneOf<uint64_t>(random, {0, 1, 3});
  kind.mishaps[static_cast<size_t>(Event::kAudit) - static_cast<size_t>(Event::kKill)] += 1;
  kind.mishap_every = OneOf<uint64_t>(random, {25, 60, 120, 300});
  kind.credit = OneOf<int64_t>(random, {0, 5, 60, 600, 100'000});
  kind.allowance = OneOf<int64_t>(random, {0, 1, 3});
  kind.limited = OneOf<uint64_t>(random, {1, 4, 7, 8});
  kind.amount = OneOf<int64_t>(random, {2, 60, 600});
  kind.chain = OneOf<uint64_t>(random, {1, 2, 3, 8});
  kind.bulk = OneOf<uint64_t>(random, {0, 0, 0, 1, 10});
  kind.named = OneOf<uint64_t>(random, {0, 2, 6});
  kind.dry = OneOf<uint64_t>(random, {0, 1, 5});
  kind.overridden = OneOf<uint64_t>(random, {0, 0, 1, 6});
  kind.mistakes = OneOf<uint64_t>(random, {0, 1, 6});
  kind.hot = OneOf<uint64_t>(random, {0, 0, 3});
  kind.crowd = OneOf<uint64_t>(random, {1, 1, 3, 10});
  kind.hold_seconds = OneOf<int64_t>(random, {5, 500, 40'000'000});
  return kind;
}

}  // namespace

Chance::Chance(Seed seed) : random_(Seed{Mix(seed.value, 11)}), kind_(DrawKind(random_)) {}

Event Chance::NextEvent() {
  if (random_.OneIn(1, kind_.mishap_every)) {
    return static_cast<Event>(static_cast<size_t>(Event::kKill) + Weighed(random_, kind_.mishaps));
  }
  return static_cast<Event>(Weighed(random_, kind_.events));
}

int64_t Chance::NextTime() {
  constexpr int64_t kDay = 86'400;
  if (random_.OneIn(1, 12)) return OneOf<int64_t>(random_, {-365 * kDay, -kDay, -3600, -1, kDay, 365 * kDay});
  return random_.Between(0, OneOf<int64_t>(random_, {1, 30, 600}));
}

uint32_t Chance::AnyOwner() {
  if (random_.OneIn(kind_.hot, 8)) return 0;
  return static_cast<uint32_t>(random_.Below(kSchemeOwners + kind_.people));
}

AccountName Chance::AnyAccount() {
  return {AnyScheme(), random_.OneIn(2, 3) ? Unit::kMinutes : Unit::kTurns, AnyOwner()};
}

Name Chance::AnyEntry(const Model& model) {
  for (int attempt = 0; attempt < 20 && model.size() > 0; ++attempt) {
    if (IsMistake()) break;
    const uint64_t recent = random_.OneIn(1, 4) ? model.size() : std::min<uint64_t>(model.size(), 60);
    const Fact& fact = model.fact(model.size() - random_.Below(recent));
    if (const auto* entry = std::get_if<EntryFact>(&fact)) return entry->line.id;
  }
  return kNeverWritten + random_.Below(10);
}

Name Chance::AnyHold(const Model& model) {
  const std::vector<size_t> open = model.OpenHolds(model.size());
  if (open.empty() || random_.OneIn(1, 5)) return AnyEntry(model);
  return model.EntryAt(open[random_.Below(open.size())]).line.id;
}

std::string Chance::AnyRow() {
  return absl::StrCat(OneOf<absl::string_view>(random_, {"a", "b", "bb", "c"}), random_.Below(12));
}

Name Chance::NewId(const Model& model) {
  if (!IsMistake() || !random_.OneIn(1, 8)) return kToBeNamed;
  const Name taken = AnyEntry(model);
  return random_.OneIn(1, 4) || taken >= kNeverWritten ? 0 : taken;
}

void Chance::NameNew(Command& command) {
  for (Operation& operation : command.operations) {
    for (Line& line : operation.lines) {
      if (line.id != kToBeNamed) continue;
      line.id = ++last_name_;
      if (line.subject == kToBeNamed) line.subject = line.id;
    }
    if (operation.id != kToBeNamed) continue;
    operation.id = ++last_name_;
    if (operation.what == What::kResolveSet) last_name_ += kLongestSet;
  }
}

int64_t Chance::AnyAmount(Unit unit) {
  constexpr int64_t kMost = int64_t{1} << 40;
  if (IsMistake()) return OneOf<int64_t>(random_, {-1, 0, kMost, kMost + 1});
  if (unit == Unit::kTurns) return random_.OneIn(1, 10) ? random_.Between(1, 3) : 1;
  return random_.Between(1, kind_.amount);
}

Line Chance::AnyLine(const Model& model, uint32_t scheme, Unit unit, uint32_t from, uint32_t to) {
  constexpr EntryKind kKinds[] = {EntryKind::kExchange, EntryKind::kExchange, EntryKind::kActivity,
                                  EntryKind::kDonation, EntryKind::kGrant,    EntryKind::kGift,
                                  EntryKind::kOpening,  EntryKind::kExpiry};
  Line line{.id = NewId(model), .scheme = scheme, .unit = unit, .from = from, .to = to, .amount = AnyAmount(unit)};
  line.kind = unit == Unit::kTurns ? EntryKind::kTurn : OneOf(random_, kKinds);
  if (random_.OneIn(1, 3)) line.happened_on = static_cast<int32_t>(random_.Between(18'000, 20'000));
  line.category = static_cast<uint16_t>(random_.Below(3));
  line.subject = random_.Below(2) * line.id;
  line.overridden = random_.OneIn(kind_.overridden, 30);
  return line;
}

// Each gives to the one before: a chain, sometimes closed to a ring.
std::vector<Line> Chance::Chain(const Model& model) {
  const AccountName first = AnyAccount();
  const uint64_t count = random_.Between(1, static_cast<int64_t>(kind_.chain));
  const bool is_ring = count > 1 && random_.OneIn(1, 2);
  std::vector<Line> lines;
  uint32_t receiver = first.owner;
  for (uint64_t i = 0; i < count; ++i) {
    uint32_t giver = is_ring && i + 1 == count ? first.owner : AnyOwner();
    if (giver == receiver && !IsMistake()) giver = (receiver + 1) % (kSchemeOwners + kind_.people);
    lines.push_back(AnyLine(model, first.scheme, first.unit, receiver, giver));
    receiver = giver;
  }
  return lines;
}

// Out of one scheme into another, over their clearing accounts.
std::vector<Line> Chance::BetweenSchemes(const Model& model) {
  const uint32_t from = AnyScheme();
  const uint32_t to = from % kind_.schemes + 1;
  const auto person = [&] { return kSchemeOwners + static_cast<uint32_t>(random_.Below(kind_.people)); };
  std::vector<Line> lines = {AnyLine(model, from, Unit::kMinutes, person(), kClearingOwner),
                             AnyLine(model, to, Unit::kMinutes, kClearingOwner, person())};
  for (Line& line : lines) line.kind = EntryKind::kInterScheme;
  lines[1].amount = lines[0].amount;
  return lines;
}

std::vector<Line> Chance::Bulk(const Model& model) {
  std::vector<Line> lines;
  const AccountName first = AnyAccount();
  for (uint64_t i = random_.Below(300); lines.size() <= i;) {
    const uint32_t from = AnyOwner();
    lines.push_back(AnyLine(model, first.scheme, first.unit, from, (from + 1) % (kSchemeOwners + kind_.people)));
  }
  return lines;
}

std::vector<Line> Chance::AnyLines(const Model& model, bool may_cross) {
  if (random_.OneIn(kind_.bulk, 200)) return Bulk(model);
  if (may_cross && random_.OneIn(1, 5)) return BetweenSchemes(model);
  return Chain(model);
}

Operation Chance::Limits(const AccountName& account) {
  Operation operation{.what = What::kSetLimits, .account = account, .floor = kNoFloor, .ceiling = kNoCeiling};
  if (account.owner < kSchemeOwners && random_.OneIn(2, 3)) return operation;
  const int64_t most = account.unit == Unit::kTurns ? kind_.allowance : kind_.credit;
  if (random_.OneIn(kind_.limited, 8)) operation.floor = -random_.Between(0, most);
  if (random_.OneIn(kind_.limited, 16)) operation.ceiling = random_.Between(0, most);
  return operation;
}

Operation Chance::NextOperation(const Model& model) {
  Operation operation;
  operation.what = static_cast<What>(Weighed(random_, kind_.operations));
  const bool needs_hold = operation.what == What::kPostHold || operation.what == What::kResolveSet;
  if (needs_hold && model.OpenHolds(model.size()).empty() && random_.OneIn(7, 8)) operation.what = What::kHold;
  switch (operation.what) {
    case What::kSetLimits:
      return Limits(AnyAccount());
    case What::kCheckFloor:
      operation.account = AnyAccount();
      break;
    case What::kPost:
      operation.lines = AnyLines(model, true);
      break;
    case What::kHold:
      operation.lines = AnyLines(model, false);
      if (!random_.OneIn(1, 4)) operation.seconds = random_.Between(0, kind_.hold_seconds);
      if (random_.OneIn(1, 100)) operation.seconds = int64_t{1} << 33;
      break;
    case What::kPostHold:
      operation.entry = AnyHold(model);
      operation.amount = random_.OneIn(1, 2) ? 0 : random_.Between(-1, kind_.amount + 1);
      operation.id = NewId(model);
      break;
    case What::kResolveSet:
      operation.entry = AnyHold(model);
      operation.how = OneOf(random_, {EntryState::kPosted, EntryState::kVoided, EntryState::kExpired});
      operation.id = NewId(model);
      break;
    case What::kReverse:
      operation.entry = AnyEntry(model);
      operation.id = NewId(model);
      operation.overridden = random_.OneIn(kind_.overridden, 30);
      break;
    case What::kRow:
      operation.key = AnyRow();
      if (random_.OneIn(2, 3))
        operation.value = std::string(random_.Below(60), static_cast<char>('a' + random_.Below(26)));
      break;
    case What::kRefuse:
      break;
  }
  return operation;
}

Command Chance::Opening() {
  Command command;
  for (uint32_t scheme = 1; scheme <= kind_.schemes; ++scheme) {
    for (uint32_t owner = 0; owner < kSchemeOwners + kind_.people; ++owner) {
      for (const Unit unit : {Unit::kMinutes, Unit::kTurns}) {
        if (random_.OneIn(63, 64)) command.operations.push_back(Limits({scheme, unit, owner}));
      }
    }
  }
  return command;
}

Command Chance::NextCommand(const Model& model) {
  Command command;
  const uint64_t count = random_.OneIn(3, 4) ? 1 : random_.Between(2, 4);
  while (command.operations.size() < count) command.operations.push_back(NextOperation(model));
  command.dry_run = random_.OneIn(kind_.dry, 50);
  if (random_.OneIn(kind_.named, 8)) {
    command.request = absl::StrCat("r", ++last_request_);
    command.content = absl::StrCat("c", last_request_);
  }
  return command;
}

Command Chance::Release(const Model& model) {
  const std::vector<size_t> open = model.OpenHolds(model.size());
  Operation operation{.what = What::kResolveSet, .how = EntryState::kVoided};
  operation.entry = model.EntryAt(open[random_.Below(open.size())]).line.id;
  operation.id = kToBeNamed;
  return {.operations = {operation}};
}

Command Chance::Expire(Name hold) {
  Operation operation{.what = What::kResolveSet, .entry = hold, .how = EntryState::kExpired, .id = kToBeNamed};
  return {.operations = {operation}};
}

}  // namespace turnabout::sim
