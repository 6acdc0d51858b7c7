#include "server/app/due.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/status_macros.h"
#include "server/app/exchanges.h"
#include "server/app/match_writer.h"
#include "server/app/member_cache.h"
#include "server/app/turns.h"
#include "server/records/dates.h"

namespace turnabout {
namespace {

using SchemePtr = std::shared_ptr<const SchemeView>;
using OnDue = std::function<absl::Status(const Context&, const SchemeView&, const Due&, Txn&)>;

int32_t TodayOf(const Txn& txn) { return DayNumber(DayOf(txn.now())); }

absl::Status ExchangeDue(const Context& context, const SchemeView& scheme, const Due& due, Txn& txn) {
  return ExchangeFellDue(context, scheme, ExchangeId(due.id), txn);
}

absl::Status MatchDue(const Context& context, const SchemeView& scheme, const Due& due, Txn& txn) {
  const MatchId id(due.id);
  ASSIGN_OR_RETURN(rows::MatchRow row, FindRow<rows::MatchRow>(txn, scheme, id));
  return FallMatch(context, scheme, id, MatchVerb::kExpire, "nobody answered in time", row, txn);
}

// A pledge's deferral ends, or its deadline has passed.
absl::Status PledgeDue(const Context& context, const SchemeView& scheme, const Due& due, Txn& txn) {
  const PledgeId id(due.id);
  ASSIGN_OR_RETURN(rows::PledgeRow pledge, FindRow<rows::PledgeRow>(txn, scheme, id));
  if (pledge.pledge().state() == v1::Pledge::STATE_DEFERRED) {
    pledge.mutable_pledge()->set_state(v1::Pledge::STATE_MADE);
    pledge.set_deadline_day(TodayOf(txn) + scheme.rules.proto().turns().pledge_days());
    txn.Delete(DueKey(Table::kPledgeDue, due.day, due.scheme, due.id));
    SavePledge(scheme, id, pledge, txn);
    return absl::OkStatus();
  }
  MemberCache members(context, scheme, txn);
  ASSIGN_OR_RETURN(rows::MemberRow * row, members.Find(IdFromRow<MemberId>(pledge.member())));
  EndPledge(scheme, id, pledge, v1::Pledge::STATE_LAPSED, "the deadline passed", *row, txn);
  members.SaveAll();
  return absl::OkStatus();
}

absl::Status WaiverDue(const Context& context, const SchemeView& scheme, const Due& due, Txn& txn) {
  const WaiverId id(due.id);
  ASSIGN_OR_RETURN(const rows::WaiverRow waiver, FindRow<rows::WaiverRow>(txn, scheme, id));
  MemberCache members(context, scheme, txn);
  ASSIGN_OR_RETURN(rows::MemberRow * row, members.Find(IdFromRow<MemberId>(waiver.member())));
  std::vector<std::string> live;
  for (const std::string& each : row->live_waivers()) {
    if (each != id.view()) live.push_back(each);
  }
  row->mutable_live_waivers()->Assign(live.begin(), live.end());
  txn.Delete(DueKey(Table::kWaiverDue, due.day, due.scheme, due.id));
  members.SaveAll();
  return absl::OkStatus();
}

// Everything in `table` whose day is before today, each as a command of its own: one that cannot be done does not stop
// the others.
absl::StatusOr<int> RunTable(const Context& context, absl::Time now, Table table, const OnDue& on_due) {
  std::vector<Due> found;
  const int32_t today = DayNumber(DayOf(now));
  RETURN_IF_ERROR(context.store.Read(0, [&](const Snapshot& snapshot) {
    const KeyRange range = DueRange(table, today);
    snapshot.Scan(range.begin, range.end, [&](absl::string_view key, absl::string_view) {
      found.push_back(ParseDueKey(key));
      return found.size() < kDueMost;
    });
    return absl::OkStatus();
  }));
  int done = 0;
  for (const Due& due : found) {
    const absl::StatusOr<uint64_t> written = context.store.WriteAndWait({}, [&](Txn& txn) -> absl::Status {
      // Somebody may have been quicker.
      if (!txn.Get(DueKey(table, due.day, due.scheme, due.id)).has_value()) return absl::OkStatus();
      return on_due(context, *SchemeByNumber(txn, due.scheme), due, txn);
    });
    if (written.ok()) {
      ++done;
    } else {
      Log(Severity::kError, "something due could not be done",
          {{"table", std::string(1, static_cast<char>(table))},
           {"id", IdBytesToText(due.id)},
           {"status", std::string(written.status().message())}});
    }
  }
  return done;
}

absl::StatusOr<int> RunLapsedHolds(const Context& context, absl::Time now) {
  std::vector<EntryId> lapsed;
  RETURN_IF_ERROR(context.store.Read(0, [&](const Snapshot&) {
    lapsed = context.book().LapsedHolds(now, kDueMost);
    return absl::OkStatus();
  }));
  int done = 0;
  for (const EntryId& hold : lapsed) {
    const absl::StatusOr<uint64_t> written = context.store.WriteAndWait({}, [&](Txn& txn) {
      return context.ledger
          .ResolveSet(
              hold, EntryState::kExpired, [&] { return context.ids.Next<EntryId>(); }, txn)
          .status();
    });
    if (written.ok()) ++done;
  }
  return done;
}

}  // namespace

absl::StatusOr<int> RunDue(const Context& context, absl::Time now) {
  ASSIGN_OR_RETURN(int done, RunLapsedHolds(context, now));
  const std::pair<Table, OnDue> tables[] = {{Table::kExchangeDue, ExchangeDue},
                                            {Table::kMatchDue, MatchDue},
                                            {Table::kPledgeDue, PledgeDue},
                                            {Table::kWaiverDue, WaiverDue}};
  for (const auto& [table, on_due] : tables) {
    ASSIGN_OR_RETURN(const int some, RunTable(context, now, table, on_due));
    done += some;
  }
  return done;
}

}  // namespace turnabout
