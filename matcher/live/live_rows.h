// LiveRows find who could help somebody, and whom somebody could help, among people who change.
//
//   LiveRows rows(traits, settings);
//   traits[ana] = TraitsOf(person, settings);
//   rows.Changed(ana);                     // from now on as she is
//   rows.GiversFor(ana, found);            // everyone who passes every hard criterion, with the pair's score
//   rows.ReceiversFor(ben, found);         // the other way round
//
// Most people are in two indexes, one of what they offer and one of what they would like, and those who changed since
// the indexes were made are few enough to be looked at one by one. When they are not, the indexes are made anew.
#ifndef TURNABOUT_MATCHER_LIVE_LIVE_ROWS_H_
#define TURNABOUT_MATCHER_LIVE_LIVE_ROWS_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "matcher/candidates/index.h"
#include "matcher/candidates/search.h"
#include "matcher/criteria/all.h"

namespace turnabout {

// The other one of a pair, and the pair's score.
struct LivePartner {
  int32_t person = 0;
  int32_t score = 0;
};

// Not thread-safe.
class LiveRows {
 public:
  // People are positions in `traits`. REQUIRES: both outlive the rows, and `settings` are those of the traits.
  LiveRows(const std::vector<Traits>& traits, const Settings& settings);
  LiveRows(const LiveRows&) = delete;
  LiveRows& operator=(const LiveRows&) = delete;

  // Says that somebody's traits are others now, or that they are new.
  void Changed(int32_t person);

  // Fills in everyone who passes every hard criterion, in no order. Capacity, turns and who rests are not looked at.
  void GiversFor(int32_t receiver, std::vector<LivePartner>& found);
  void ReceiversFor(int32_t giver, std::vector<LivePartner>& found);

 private:
  // Everyone as they are at one moment.
  struct Indexes {
    Indexes(absl::Span<const Traits> givers, absl::Span<const Traits> turned, const Settings& settings,
            const Settings& turned_settings)
        : givers(givers, settings), receivers(turned, turned_settings), by_need(this->givers), by_offer(receivers) {}
    const CandidateIndex givers;
    const CandidateIndex receivers;  // as if they gave what they would like
    CandidateSearch by_need;
    CandidateSearch by_offer;
  };

  void MakeIndexes();
  bool IsIndexed(int32_t person) const { return is_changed_[person] == 0; }

  const std::vector<Traits>& traits_;
  const Settings& settings_;
  const Settings turned_settings_;
  std::unique_ptr<Indexes> indexes_;
  std::vector<int32_t> changed_;     // since the indexes were made
  std::vector<uint8_t> is_changed_;  // by person
  std::vector<ScoredGiver> scored_;
  std::vector<int32_t> passing_;
};

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_LIVE_LIVE_ROWS_H_
