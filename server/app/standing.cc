#include "server/app/standing.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/minutes.h"
#include "server/app/turns.h"

namespace turnabout {
namespace {

std::string Times(int64_t count) {
  if (count == 0) return "nobody yet";
  return count == 1 ? "1 person" : absl::StrCat(count, " people");
}

std::string TurnsSentence(const v1::Standing& standing) {
  const std::string so_far =
      absl::StrCat("You have been a buddy to ", Times(standing.turns_given()), ", and had a buddy ",
                   standing.turns_received() == 0   ? "not yet"
                   : standing.turns_received() == 1 ? "once"
                                                    : absl::StrCat(standing.turns_received(), " times"),
                   ".");
  const std::string pledge = standing.pledge().empty() ? "" : " You have agreed to buddy someone in return: thank you.";
  if (standing.turns_available() > 0) {
    return absl::StrCat(
        so_far, pledge, " You can have ",
        standing.turns_available() == 1 ? "a buddy" : absl::StrCat(standing.turns_available(), " buddies"), " now.");
  }
  if (standing.pledge().empty()) {
    return absl::StrCat(so_far, " A buddy becomes available when you agree to buddy someone in return.");
  }
  return absl::StrCat(so_far, pledge, " Your next buddy becomes available when you have given a turn.");
}

std::string MinutesSentence(int64_t balance) {
  if (balance >= 0) return absl::StrCat("You have ", FormatMinutes(Minutes(balance)), " to use.");
  return absl::StrCat("You have had ", FormatMinutes(Minutes(-balance)), " more than you have given.");
}

}  // namespace

v1::Standing StandingOf(const Context& context, const Snapshot& snapshot, const SchemeView& scheme, const MemberId& id,
                        const rows::MemberRow& row) {
  const Account& turns = *context.book().FindAccount(TurnsOf(scheme, id), snapshot.layer());
  const Account& minutes = *context.book().FindAccount(MinutesOf(scheme, id), snapshot.layer());
  v1::Standing standing;
  standing.set_member(NameOf(scheme.slug(), kMembers, id));
  standing.set_turns_given(turns.given);
  standing.set_turns_received(turns.received);
  const int32_t today = DayNumber(DayOf(context.clock.Now()));
  standing.set_turn_allowance(AllowanceOn(snapshot, scheme, row, today));
  standing.set_turns_available(std::max<int64_t>(0, turns.posted - turns.held_out + standing.turn_allowance()));
  if (LivePledge(snapshot, scheme, row).has_value()) {
    standing.set_pledge(NameOf(scheme.slug(), kPledges, IdFromRow<PledgeId>(row.live_pledge())));
  }
  standing.set_minutes_given(minutes.given);
  standing.set_minutes_received(minutes.received);
  standing.set_minutes_balance(minutes.posted);
  standing.set_sentence(absl::StrCat(TurnsSentence(standing), " ", MinutesSentence(minutes.posted)));
  return standing;
}

}  // namespace turnabout
