#include "server/app/standing.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/minutes.h"
#include "server/app/turns.h"

namespace turnabout {
namespace {

// "You have been a buddy to 2 people and had a buddy once."
std::string SoFar(const v1::Standing& standing) {
  const int64_t given = standing.turns_given();
  const int64_t received = standing.turns_received();
  const std::string gave = given == 1 ? "1 person" : absl::StrCat(given, " people");
  const std::string had = received == 1 ? "once" : absl::StrCat(received, " times");
  if (given > 0 && received > 0) return absl::StrCat("You have been a buddy to ", gave, ", and had a buddy ", had, ".");
  if (given > 0) return absl::StrCat("You have been a buddy to ", gave, ".");
  if (received > 0) return absl::StrCat("You have had a buddy ", had, ".");
  return "You have not had or been a buddy yet.";
}

std::string TurnsSentence(const v1::Standing& standing) {
  std::string sentence = SoFar(standing);
  const bool pledged = !standing.pledge().empty();
  const int64_t available = standing.turns_available();
  if (pledged) absl::StrAppend(&sentence, " You have agreed to buddy someone in return: thank you.");
  if (available > 0) {
    const std::string buddies = available == 1 ? "a buddy" : absl::StrCat(available, " buddies");
    return absl::StrCat(sentence, " You can have ", buddies, " now.");
  }
  return absl::StrCat(sentence, pledged ? " Your next buddy becomes available when you have given a turn."
                                        : " A buddy becomes available when you agree to buddy someone in return.");
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
