#include "server/app/pool.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/status_macros.h"
#include "server/app/match_writer.h"
#include "server/app/turns.h"
#include "server/records/person.h"

namespace turnabout {
namespace {

// What is copied while the store is held.
struct Copied {
  std::vector<std::pair<MemberId, std::string>> members;  // by id, rows as bytes
  std::vector<Account> turns;                             // of each
  std::vector<std::pair<std::string, std::string>> rests;
};

Copied CopyRows(const Context& context, const SchemeView& scheme, const Snapshot& snapshot) {
  Copied copied;
  const KeyRange members = SchemeRange(Table::kMember, scheme.number());
  snapshot.Scan(members.begin, members.end, [&](absl::string_view key, absl::string_view value) {
    const MemberId id(IdAtEnd(key));
    copied.members.emplace_back(id, std::string(value));
    copied.turns.push_back(*context.book().FindAccount(TurnsOf(scheme, id), snapshot.layer()));
    return true;
  });
  const KeyRange rests = SchemeRange(Table::kRest, scheme.number());
  snapshot.Scan(rests.begin, rests.end, [&](absl::string_view key, absl::string_view value) {
    copied.rests.emplace_back(std::string(key), std::string(value));
    return true;
  });
  return copied;
}

}  // namespace

std::pair<MemberId, MemberId> PairOfRest(absl::string_view key) {
  const MemberId receiver(IdAtEnd(key));
  const MemberId giver(IdAtEnd(key.substr(0, key.size() - receiver.bytes().size())));
  return {giver, receiver};
}

int32_t SchemePool::PositionOf(const MemberId& id) const {
  const auto at = std::lower_bound(pool.people.begin(), pool.people.end(), id,
                                   [](const Person& person, const MemberId& wanted) { return person.id < wanted; });
  return at != pool.people.end() && at->id == id ? static_cast<int32_t>(at - pool.people.begin()) : -1;
}

absl::StatusOr<SchemePool> ReadPool(const Context& context, const std::string& slug, uint64_t at_least_revision) {
  SchemePool read;
  Copied copied;
  RETURN_IF_ERROR(context.store.Read(at_least_revision, [&](const Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(read.scheme, FindScheme(snapshot, slug));
    read.revision = snapshot.revision();
    copied = CopyRows(context, *read.scheme, snapshot);
    return absl::OkStatus();
  }));
  const absl::Time now = context.clock.Now();
  read.as_of = now;
  read.settings = read.scheme->rules.MatcherSettings();
  for (size_t i = 0; i < copied.members.size(); ++i) {
    const auto& [id, bytes] = copied.members[i];
    const auto row = ParseRow<rows::MemberRow>(bytes);
    read.pool.people.push_back(PersonOf(id, row, copied.turns[i], read.scheme->rules, now));
    if (row.has_point()) read.place_codes.try_emplace({row.latitude_e6(), row.longitude_e6()}, row.member().place());
  }
  const int32_t today = DayNumber(DayOf(now));
  for (const auto& [key, bytes] : copied.rests) {
    const int32_t until = ParseRow<rows::RestRow>(bytes).until_day();
    if (until <= today) continue;
    const auto [giver, receiver] = PairOfRest(key);
    const PoolPair pair{read.PositionOf(giver), read.PositionOf(receiver)};
    if (pair.giver < 0 || pair.receiver < 0) continue;
    (until == kWhilePaired ? read.pool.paired : read.pool.resting).push_back(pair);
  }
  return read;
}

absl::StatusOr<PoolPart> ReadPoolPart(const Context& context, const SchemeView& scheme, absl::Time as_of,
                                      const std::vector<MemberId>& members,
                                      const std::vector<std::pair<MemberId, MemberId>>& pairs) {
  PoolPart part;
  const int32_t today = DayNumber(DayOf(as_of));
  RETURN_IF_ERROR(context.store.Read(0, [&](const Snapshot& snapshot) {
    part.revision = snapshot.revision();
    for (const MemberId& id : members) {
      const auto row = LoadRow<rows::MemberRow>(snapshot, ResourceKey(Table::kMember, scheme.number(), id.bytes()));
      const Account* turns = context.book().FindAccount(TurnsOf(scheme, id), snapshot.layer());
      if (row.has_value() && turns != nullptr) part.people.push_back(PersonOf(id, *row, *turns, scheme.rules, as_of));
    }
    for (const auto& [giver, receiver] : pairs) {
      const auto rest = LoadRow<rows::RestRow>(snapshot, RestKey(scheme.number(), giver, receiver));
      part.pairs.push_back({giver, receiver, rest.has_value() && rest->until_day() > today});
    }
    return absl::OkStatus();
  }));
  return part;
}

}  // namespace turnabout
