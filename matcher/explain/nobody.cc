#include "matcher/explain/nobody.h"

#include <algorithm>
#include <array>
#include <bit>

#include "absl/strings/str_cat.h"

namespace turnabout {
namespace {

// Where more than one criterion would do alone, the one that is easiest to change is told.
constexpr Hard kEasiestFirst[] = {Hard::kTime,  Hard::kDistance, Hard::kChecks,   Hard::kPreferences,
                                  Hard::kNeeds, Hard::kJourney,  Hard::kLanguage, Hard::kExclusions};

std::string People(int64_t count) { return count == 1 ? "1 person" : absl::StrCat(count, " people"); }

int64_t WholeKilometres(int64_t metres) { return (metres + 999) / 1000; }

absl::string_view NameOf(Hard criterion) { return kHardCriteria[static_cast<size_t>(criterion)]; }

}  // namespace

NobodyEligible::NobodyEligible(const Instance& instance, const CandidateIndex& index)
    : instance_(instance), search_(index, ScanFor(instance.means)) {}

void NobodyEligible::Explain(int32_t receiver, LeftOut& left_out) {
  const Traits& traits = instance_.receiver_traits[receiver];
  if (traits.needs_anywhere == 0) {
    left_out.blocking = std::string(NameOf(Hard::kNeeds));
    left_out.sentence_for_person = "Tell us what you would like a hand with, and we can look for someone.";
    left_out.sentence_for_coordinator = "They would like a buddy but have listed nothing they would like a hand with.";
    return;
  }
  for (const Hard criterion : kEasiestFirst) {
    left_out.blocking = std::string(NameOf(criterion));
    if (criterion == Hard::kDistance) {
      if (SayDistance(receiver, left_out)) return;
      continue;
    }
    const std::vector<int32_t> givers = AllBut(criterion, receiver);
    if (givers.empty()) continue;
    return Say(criterion, traits, givers, left_out);
  }
  left_out.blocking = std::string(FirstToFail(receiver));
  left_out.sentence_for_person = "No one who could help has joined yet. We will look again as new people join.";
  left_out.sentence_for_coordinator =
      absl::StrCat("No one is eligible, and no single change would help: \"", left_out.blocking,
                   "\" is the first thing to fail for everyone who is left. New people are needed.");
}

void NobodyEligible::Begin(const Traits& receiver, absl::Span<const int32_t> blocked) {
  search_.Begin(Area(receiver));
  search_.Add(receiver, blocked);
}

std::vector<int32_t> NobodyEligible::AllBut(Hard criterion, int32_t receiver) {
  const std::vector<int32_t>& blocked = instance_.receivers[receiver].blocked;
  Begin(instance_.receiver_traits[receiver],
        criterion == Hard::kExclusions ? absl::Span<const int32_t>() : absl::MakeConstSpan(blocked));
  std::vector<int32_t> givers;
  search_.Passing(kEveryCriterion & ~CriterionOf(criterion), {&givers, 1});
  return givers;
}

// The first criterion in the written order after which nobody is left.
absl::string_view NobodyEligible::FirstToFail(int32_t receiver) {
  Begin(instance_.receiver_traits[receiver], instance_.receivers[receiver].blocked);
  Criteria criteria = 0;
  for (const Hard criterion : {Hard::kJourney, Hard::kNeeds, Hard::kLanguage, Hard::kTime}) {
    criteria |= CriterionOf(criterion);
    if (!search_.AnyAnywhere(criteria)) return NameOf(criterion);
  }
  for (const Hard criterion : {Hard::kDistance, Hard::kPreferences, Hard::kChecks}) {
    criteria |= CriterionOf(criterion);
    std::vector<int32_t> givers;
    search_.Passing(criteria, {&givers, 1});
    if (givers.empty()) return NameOf(criterion);
  }
  return NameOf(Hard::kExclusions);
}

void NobodyEligible::Say(Hard criterion, const Traits& receiver, const std::vector<int32_t>& givers,
                         LeftOut& left_out) const {
  switch (criterion) {
    case Hard::kJourney:
      return SayJourney(receiver, givers, left_out);
    case Hard::kNeeds:
      return SayNeeds(givers, left_out);
    case Hard::kLanguage:
      return SayLanguage(receiver, givers, left_out);
    case Hard::kTime:
      return SayTime(receiver, givers, left_out);
    case Hard::kPreferences:
      return SayPreferences(receiver, givers, left_out);
    case Hard::kChecks:
      left_out.sentence_for_person =
          "Someone could help you once the scheme has finished its checks. There is nothing you need to do.";
      left_out.sentence_for_coordinator = absl::StrCat(People(static_cast<int64_t>(givers.size())),
                                                       " could give if every required check were in date.");
      return;
    default:
      left_out.sentence_for_person = "There is no one new for you yet. We will look again as new people join.";
      left_out.sentence_for_coordinator =
          absl::StrCat("Everyone who could give (", People(static_cast<int64_t>(givers.size())),
                       ") is excluded, resting or paired with them already. New people are needed.");
  }
}

void NobodyEligible::SayNeeds(const std::vector<int32_t>& givers, LeftOut& left_out) const {
  left_out.sentence_for_person =
      absl::StrCat("No one near you offers what you asked for yet. ", People(static_cast<int64_t>(givers.size())),
                   " could help with other things: think about what else you would like a hand with, or where.");
  left_out.sentence_for_coordinator =
      absl::StrCat(People(static_cast<int64_t>(givers.size())),
                   " within reach would be eligible if they offered what this person would like.");
}

void NobodyEligible::SayLanguage(const Traits& receiver, const std::vector<int32_t>& givers, LeftOut& left_out) const {
  const bool stated = receiver.languages != 0;
  const std::string languages = stated ? WordsFor(instance_.settings->words.languages, receiver.languages) : "";
  left_out.sentence_for_person = stated ? absl::StrCat("No one who could help you speaks ", languages, " yet.")
                                        : "Tell us which languages you speak, and we can look for someone.";
  left_out.sentence_for_coordinator =
      stated ? absl::StrCat("No giver who is otherwise eligible speaks ", languages,
                            ". One more who does would help: ", People(static_cast<int64_t>(givers.size())),
                            " would be eligible but for the language.")
             : "No language is on record for this person.";
}

void NobodyEligible::SayTime(const Traits& receiver, const std::vector<int32_t>& givers, LeftOut& left_out) const {
  std::array<int64_t, kSlotCount> free{};
  for (const int32_t giver : givers) {
    for (SlotSet rest = instance_.giver_traits[giver].slots & kEverySlot; rest != 0; rest &= rest - 1) {
      ++free[std::countr_zero(rest)];
    }
  }
  const int best = static_cast<int>(std::max_element(free.begin(), free.end()) - free.begin());
  const int64_t most = free[best];
  const absl::string_view yet = receiver.slots == 0 ? "You have not told us when you are free. "
                                                    : "No one who could help is free when you are yet. ";
  if (most == 0) {
    left_out.sentence_for_person = std::string(yet);
    left_out.sentence_for_coordinator = absl::StrCat(People(static_cast<int64_t>(givers.size())),
                                                     " would be eligible if their free times were on record.");
    return;
  }
  left_out.sentence_for_person =
      absl::StrCat(yet, "Being free on ", SlotText(best), " too would give ", People(most), ".");
  left_out.sentence_for_coordinator =
      absl::StrCat("Only the time is in the way of ", People(static_cast<int64_t>(givers.size())), ": ", SlotText(best),
                   " would suit ", People(most), ".");
}

// False when nobody is kept away by the distance alone.
bool NobodyEligible::SayDistance(int32_t receiver, LeftOut& left_out) {
  const std::vector<int32_t>& blocked = instance_.receivers[receiver].blocked;
  Traits traits = instance_.receiver_traits[receiver];
  const std::string within = DistanceText(traits.reach_metres);
  traits.reach_metres = kReachMetresMax;
  Begin(traits, blocked);
  const int64_t anywhere = search_.CountAnywhere();
  if (anywhere == 0) return false;
  if (!traits.has_place) {
    left_out.sentence_for_person = "Tell us roughly where you live, and we can look for someone near you.";
    left_out.sentence_for_coordinator = "They would like help in person and have no place on record.";
    return true;
  }
  // Of those who would come as far as that.
  std::vector<NearGiver> nearest;
  search_.Nearest(1, {&nearest, 1});
  if (nearest.empty()) {
    const int64_t squared = search_.SquaredToNearest();
    if (squared < 0) {
      left_out.sentence_for_person = absl::StrCat("No one within ", within, " can help yet.");
      left_out.sentence_for_coordinator =
          absl::StrCat(People(anywhere), " might be eligible if their place were on record.");
      return true;
    }
    left_out.sentence_for_person = absl::StrCat("No one near enough can help yet. You can go ", within, ".");
    left_out.sentence_for_coordinator =
        absl::StrCat("Only the distance is in the way of ", People(anywhere), ": the nearest is within ",
                     WholeKilometres(SquareRoot(squared) / 10), " km, further than they go or the scheme allows.");
    return true;
  }
  const int64_t kilometres = WholeKilometres(SquareRoot(nearest[0].squared_decimetres) / 10);
  traits.reach_metres = static_cast<int32_t>(kilometres * 1000);
  Begin(traits, blocked);
  int64_t count = 0;
  search_.Count({&count, 1});
  left_out.sentence_for_person = absl::StrCat("No one within ", within, " can help yet. Widening to ", kilometres,
                                              " km would give ", People(count), ".");
  left_out.sentence_for_coordinator =
      absl::StrCat("They go ", within, "; ", kilometres, " km would make ", People(count), " eligible.");
  return true;
}

void NobodyEligible::SayPreferences(const Traits& receiver, const std::vector<int32_t>& givers,
                                    LeftOut& left_out) const {
  const int64_t own = static_cast<int64_t>(std::count_if(
      givers.begin(), givers.end(), [&](int32_t giver) { return Welcomes(instance_.giver_traits[giver], receiver); }));
  if (own > 0) {
    left_out.sentence_for_person = absl::StrCat("No one you said you would welcome can help yet. If you changed that, ",
                                                People(own), " could help. It is your choice.");
    left_out.sentence_for_coordinator =
        absl::StrCat("Their own stated preference is what keeps ", People(own), " from being eligible.");
    return;
  }
  left_out.sentence_for_person = "No one who suits what both people asked for is free yet.";
  left_out.sentence_for_coordinator = absl::StrCat(
      "Stated preferences are what keeps ", People(static_cast<int64_t>(givers.size())), " from being eligible.");
}

void NobodyEligible::SayJourney(const Traits& receiver, const std::vector<int32_t>& givers, LeftOut& left_out) const {
  const int64_t later = static_cast<int64_t>(std::count_if(
      givers.begin(), givers.end(), [&](int32_t giver) { return !instance_.giver_traits[giver].stage_allows; }));
  if (later == static_cast<int64_t>(givers.size())) {
    left_out.sentence_for_person = "The people who could help you are not able to give yet. We will look again.";
    left_out.sentence_for_coordinator =
        absl::StrCat(People(later), " could give after discharge from the service they use now.");
    return;
  }
  const std::string services = WordsFor(instance_.settings->words.services, receiver.services_now);
  left_out.sentence_for_person = absl::StrCat("No one who has used ", services, " can help yet.");
  left_out.sentence_for_coordinator =
      absl::StrCat("The scheme asks for givers who have used ", services, "; ",
                   People(static_cast<int64_t>(givers.size()) - later), " would be eligible without that.");
}

}  // namespace turnabout
