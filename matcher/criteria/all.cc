#include "matcher/criteria/all.h"

#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"
#include "matcher/matcher.h"

namespace turnabout {
namespace {

uint64_t BigEndian(const IdBytes& bytes, int from) {
  uint64_t word = 0;
  for (int i = 0; i < 8; ++i) word = (word << 8) | bytes[from + i];
  return word;
}

void AddFinding(absl::string_view criterion, int32_t score, int32_t weight, std::string sentence, Proposal& proposal) {
  if (weight == 0) return;
  proposal.findings.push_back({std::string(criterion), score, weight, std::move(sentence)});
}

}  // namespace

int32_t ScoreOf(const Traits& giver, const Traits& receiver, const Settings& settings) {
  const Weights& weights = settings.weights;
  const int64_t whole = int64_t{weights.needs_met} + weights.distance + weights.shared_time + weights.shared_journey +
                        weights.shared_language;
  if (whole == 0) return 0;
  const Meeting meeting = MeetingOf(giver, receiver);
  const int64_t sum = int64_t{weights.needs_met} * NeedsScore(meeting, receiver) +
                      int64_t{weights.distance} * DistanceScore(meeting, settings) +
                      int64_t{weights.shared_time} * TimeScore(giver, receiver) +
                      int64_t{weights.shared_journey} * JourneyScore(giver, receiver) +
                      int64_t{weights.shared_language} * LanguageScore(giver, receiver);
  return static_cast<int32_t>(sum / whole);
}

uint64_t LotteryOf(const MemberId& id, Seed seed) {
  return Mix(Mix(seed.value, BigEndian(id.bytes(), 0)), BigEndian(id.bytes(), 8));
}

absl::Status CheckPair(const Person& giver, const Person& receiver, const Settings& settings) {
  if (giver.id == receiver.id) return Refuse(Reason::kSelfPair);
  const Traits g = TraitsOf(giver, settings);
  const Traits r = TraitsOf(receiver, settings);
  RETURN_IF_ERROR(CheckJourney(g, r, settings));
  RETURN_IF_ERROR(CheckNeeds(g, r));
  RETURN_IF_ERROR(CheckLanguage(g, r));
  RETURN_IF_ERROR(CheckTime(g, r));
  RETURN_IF_ERROR(CheckDistance(g, r));
  RETURN_IF_ERROR(CheckPreferences(g, r));
  RETURN_IF_ERROR(CheckChecks(giver, settings));
  return CheckExclusions(g, r);
}

Proposal ScorePair(const Person& giver, const Person& receiver, const Settings& settings) {
  const Traits g = TraitsOf(giver, settings);
  const Traits r = TraitsOf(receiver, settings);
  const Weights& weights = settings.weights;
  const Words& words = settings.words;
  const Meeting meeting = MeetingOf(g, r);
  Proposal proposal;
  proposal.score = ScoreOf(g, r, settings);
  AddFinding("needs", NeedsScore(meeting, r), weights.needs_met, NeedsSentence(meeting, words), proposal);
  AddFinding("journey", JourneyScore(g, r), weights.shared_journey, JourneySentence(g, r, words), proposal);
  AddFinding("time", TimeScore(g, r), weights.shared_time, TimeSentence(g, r), proposal);
  AddFinding("language", LanguageScore(g, r), weights.shared_language, LanguageSentence(g, r, words), proposal);
  AddFinding("distance", DistanceScore(meeting, settings), weights.distance, DistanceSentence(meeting), proposal);
  return proposal;
}

}  // namespace turnabout
