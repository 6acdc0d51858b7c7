#include "matcher/explain/nobody.h"

#include <algorithm>
#include <bit>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"

namespace turnabout {
namespace {

// Positions in kHardCriteria.
enum Hard { kJourney, kNeeds, kLanguage, kTime, kDistance, kPreferences, kChecks, kExclusions };

// Where more than one criterion would do alone, the one that is easiest to change is told.
constexpr Hard kEasiestFirst[] = {kTime, kDistance, kChecks, kPreferences, kNeeds, kJourney, kLanguage, kExclusions};

std::string People(size_t count) { return count == 1 ? "1 person" : absl::StrCat(count, " people"); }

int64_t WholeKilometres(int64_t metres) { return (metres + 999) / 1000; }

}  // namespace

NobodyEligible::NobodyEligible(const Instance& instance, const GiverIndex& index)
    : instance_(instance), index_(index) {}

void NobodyEligible::Explain(int32_t receiver, LeftOut& left_out) {
  const Traits& traits = instance_.receiver_traits[receiver];
  if (traits.needs_anywhere == 0) {
    left_out.blocking = std::string(kHardCriteria[kNeeds]);
    left_out.sentence_for_person = "Tell us what you would like a hand with, and we can look for someone.";
    left_out.sentence_for_coordinator = "They would like a buddy but have listed nothing they would like a hand with.";
    return;
  }
  for (int criterion = 0; criterion < kCriteria; ++criterion) index_.Passing(criterion, receiver, passing_[criterion]);
  for (const Hard criterion : kEasiestFirst) {
    const std::vector<int32_t> givers = AllBut(criterion, receiver);
    if (givers.empty()) continue;
    left_out.blocking = std::string(kHardCriteria[criterion]);
    Say(criterion, traits, givers, left_out);
    return;
  }
  left_out.blocking = FirstToFail(receiver);
  left_out.sentence_for_person = "No one who could help has joined yet. We will look again as new people join.";
  left_out.sentence_for_coordinator =
      absl::StrCat("No one is eligible, and no single change would help: \"", left_out.blocking,
                   "\" is the first thing to fail for everyone who is left. New people are needed.");
}

// The givers that pass everything but one criterion, distance included where it matters.
std::vector<int32_t> NobodyEligible::AllBut(int criterion, int32_t receiver) {
  const Traits& traits = instance_.receiver_traits[receiver];
  std::vector<int32_t> givers;
  for (size_t word = 0; word < index_.words(); ++word) {
    uint64_t bits = ~uint64_t{0};
    for (int other = 0; other < kCriteria; ++other) {
      if (other != criterion && other != kDistance) bits &= passing_[other][word];
    }
    for (; bits != 0; bits &= bits - 1) {
      const int32_t giver = static_cast<int32_t>(word * 64 + std::countr_zero(bits));
      const Traits& other = instance_.giver_traits[giver];
      const bool near = criterion == kNeeds ? WithinReach(other, traits) : DistanceAllows(other, traits);
      if (criterion == kDistance || near) givers.push_back(giver);
    }
  }
  return givers;
}

// The first criterion in the written order after which nobody is left.
std::string NobodyEligible::FirstToFail(int32_t receiver) const {
  GiverBits left(index_.words(), ~uint64_t{0});
  for (int criterion = 0; criterion < kCriteria; ++criterion) {
    bool any = false;
    for (size_t word = 0; word < left.size(); ++word) {
      if (criterion != kDistance) left[word] &= passing_[criterion][word];
      for (uint64_t bits = criterion == kDistance ? left[word] : 0; bits != 0; bits &= bits - 1) {
        const int bit = std::countr_zero(bits);
        const Traits& giver = instance_.giver_traits[word * 64 + bit];
        if (!DistanceAllows(giver, instance_.receiver_traits[receiver])) left[word] &= ~(uint64_t{1} << bit);
      }
      any |= left[word] != 0;
    }
    if (!any) return std::string(kHardCriteria[criterion]);
  }
  return std::string(kHardCriteria.back());
}

void NobodyEligible::Say(int criterion, const Traits& receiver, const std::vector<int32_t>& givers,
                         LeftOut& left_out) const {
  switch (criterion) {
    case kJourney:
      return SayJourney(receiver, givers, left_out);
    case kNeeds:
      return SayNeeds(givers, left_out);
    case kLanguage:
      return SayLanguage(receiver, givers, left_out);
    case kTime:
      return SayTime(receiver, givers, left_out);
    case kDistance:
      return SayDistance(receiver, givers, left_out);
    case kPreferences:
      return SayPreferences(receiver, givers, left_out);
    case kChecks:
      left_out.sentence_for_person =
          "Someone could help you once the scheme has finished its checks. There is nothing you need to do.";
      left_out.sentence_for_coordinator =
          absl::StrCat(People(givers.size()), " could give if every required check were in date.");
      return;
    default:
      left_out.sentence_for_person = "There is no one new for you yet. We will look again as new people join.";
      left_out.sentence_for_coordinator =
          absl::StrCat("Everyone who could give (", People(givers.size()),
                       ") is excluded, resting or paired with them already. New people are needed.");
  }
}

void NobodyEligible::SayNeeds(const std::vector<int32_t>& givers, LeftOut& left_out) const {
  left_out.sentence_for_person =
      absl::StrCat("No one near you offers what you asked for yet. ", People(givers.size()),
                   " could help with other things: think about what else you would like a hand with, or where.");
  left_out.sentence_for_coordinator = absl::StrCat(
      People(givers.size()), " within reach would be eligible if they offered what this person would like.");
}

void NobodyEligible::SayLanguage(const Traits& receiver, const std::vector<int32_t>& givers, LeftOut& left_out) const {
  const bool stated = receiver.languages != 0;
  const std::string languages = stated ? WordsFor(instance_.settings->words.languages, receiver.languages) : "";
  left_out.sentence_for_person = stated ? absl::StrCat("No one who could help you speaks ", languages, " yet.")
                                        : "Tell us which languages you speak, and we can look for someone.";
  left_out.sentence_for_coordinator = stated ? absl::StrCat("No giver who is otherwise eligible speaks ", languages,
                                                            ". One more who does would help: ", People(givers.size()),
                                                            " would be eligible but for the language.")
                                             : "No language is on record for this person.";
}

void NobodyEligible::SayTime(const Traits& receiver, const std::vector<int32_t>& givers, LeftOut& left_out) const {
  int best = 0;
  size_t most = 0;
  for (int slot = 0; slot < kSlotCount; ++slot) {
    const size_t free = static_cast<size_t>(std::count_if(givers.begin(), givers.end(), [&](int32_t giver) {
      return ((instance_.giver_traits[giver].slots >> slot) & 1) != 0;
    }));
    if (free > most) std::tie(best, most) = std::make_pair(slot, free);
  }
  const absl::string_view yet = receiver.slots == 0 ? "You have not told us when you are free. "
                                                    : "No one who could help is free when you are yet. ";
  if (most == 0) {
    left_out.sentence_for_person = std::string(yet);
    left_out.sentence_for_coordinator =
        absl::StrCat(People(givers.size()), " would be eligible if their free times were on record.");
    return;
  }
  left_out.sentence_for_person =
      absl::StrCat(yet, "Being free on ", SlotText(best), " too would give ", People(most), ".");
  left_out.sentence_for_coordinator = absl::StrCat("Only the time is in the way of ", People(givers.size()), ": ",
                                                   SlotText(best), " would suit ", People(most), ".");
}

void NobodyEligible::SayDistance(const Traits& receiver, const std::vector<int32_t>& givers, LeftOut& left_out) const {
  if (!receiver.has_place) {
    left_out.sentence_for_person = "Tell us roughly where you live, and we can look for someone near you.";
    left_out.sentence_for_coordinator = "They would like help in person and have no place on record.";
    return;
  }
  std::vector<int64_t> own;  // how far the person would have to go, for givers who would go that far
  int64_t nearest = -1;
  for (const int32_t at : givers) {
    const Traits& giver = instance_.giver_traits[at];
    if (!giver.has_place) continue;
    const int64_t metres = DistanceMetres(giver.place, receiver.place);
    nearest = nearest < 0 ? metres : std::min(nearest, metres);
    if (metres <= giver.reach_metres) own.push_back(metres);
  }
  const std::string within = DistanceText(receiver.reach_metres);
  if (nearest < 0) {
    left_out.sentence_for_person = absl::StrCat("No one within ", within, " can help yet.");
    left_out.sentence_for_coordinator =
        absl::StrCat(People(givers.size()), " might be eligible if their place were on record.");
    return;
  }
  if (own.empty()) {
    left_out.sentence_for_person = absl::StrCat("No one near enough can help yet. You can go ", within, ".");
    left_out.sentence_for_coordinator =
        absl::StrCat("Only the distance is in the way of ", People(givers.size()), ": the nearest is within ",
                     WholeKilometres(nearest), " km, further than they go or the scheme allows.");
    return;
  }
  const int64_t kilometres = WholeKilometres(*std::min_element(own.begin(), own.end()));
  const size_t count = static_cast<size_t>(
      std::count_if(own.begin(), own.end(), [&](int64_t metres) { return metres <= kilometres * 1000; }));
  left_out.sentence_for_person = absl::StrCat("No one within ", within, " can help yet. Widening to ", kilometres,
                                              " km would give ", People(count), ".");
  left_out.sentence_for_coordinator =
      absl::StrCat("They go ", within, "; ", kilometres, " km would make ", People(count), " eligible.");
}

void NobodyEligible::SayPreferences(const Traits& receiver, const std::vector<int32_t>& givers,
                                    LeftOut& left_out) const {
  const size_t own = static_cast<size_t>(std::count_if(
      givers.begin(), givers.end(), [&](int32_t giver) { return Welcomes(instance_.giver_traits[giver], receiver); }));
  if (own > 0) {
    left_out.sentence_for_person = absl::StrCat("No one you said you would welcome can help yet. If you changed that, ",
                                                People(own), " could help. It is your choice.");
    left_out.sentence_for_coordinator =
        absl::StrCat("Their own stated preference is what keeps ", People(own), " from being eligible.");
    return;
  }
  left_out.sentence_for_person = "No one who suits what both people asked for is free yet.";
  left_out.sentence_for_coordinator =
      absl::StrCat("Stated preferences are what keeps ", People(givers.size()), " from being eligible.");
}

void NobodyEligible::SayJourney(const Traits& receiver, const std::vector<int32_t>& givers, LeftOut& left_out) const {
  const size_t later = static_cast<size_t>(std::count_if(
      givers.begin(), givers.end(), [&](int32_t giver) { return !instance_.giver_traits[giver].stage_allows; }));
  if (later == givers.size()) {
    left_out.sentence_for_person = "The people who could help you are not able to give yet. We will look again.";
    left_out.sentence_for_coordinator =
        absl::StrCat(People(later), " could give after discharge from the service they use now.");
    return;
  }
  const std::string services = WordsFor(instance_.settings->words.services, receiver.services_now);
  left_out.sentence_for_person = absl::StrCat("No one who has used ", services, " can help yet.");
  left_out.sentence_for_coordinator = absl::StrCat("The scheme asks for givers who have used ", services, "; ",
                                                   People(givers.size() - later), " would be eligible without that.");
}

}  // namespace turnabout
