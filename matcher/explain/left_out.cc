#include "matcher/explain/left_out.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "matcher/explain/nobody.h"

namespace turnabout {
namespace {

// A shortage is looked for among at most this many givers; beyond that everyone is connected with everyone.
constexpr size_t kGroupGiversMax = 48;

std::string People(int64_t count) { return count == 1 ? "1 person" : absl::StrCat(count, " people"); }
std::string Places(int64_t count) { return count == 1 ? "1 place" : absl::StrCat(count, " places"); }

class Explainer {
 public:
  Explainer(const Instance& instance, EligibleRows& rows, const std::vector<PoolPair>& pairs)
      : instance_(instance),
        rows_(rows),
        nobody_(instance, rows.index()),
        served_(instance.receivers.size(), 0),
        receivers_of_(instance.givers.size()) {
    for (const PoolPair& pair : pairs) {
      ++served_[pair.receiver];
      receivers_of_[pair.giver].push_back(pair.receiver);
    }
  }

  absl::StatusOr<std::vector<LeftOut>> Run(Meter& meter) {
    const int32_t count = static_cast<int32_t>(served_.size());
    for (int32_t v = 0; v < count; ++v) {
      if (!meter.Tick(v, count)) return Refuse(Reason::kCancelled);
      if (!served_[v]) Explain(v);
    }
    SayShortages();
    const std::vector<Person>& people = instance_.pool->people;
    std::sort(left_out_.begin(), left_out_.end(),
              [&](const LeftOut& a, const LeftOut& b) { return people[a.person].id < people[b.person].id; });
    return std::move(left_out_);
  }

  LeftOut One(int32_t v) {
    Explain(v);
    SayShortages();
    groups_.clear();
    LeftOut one = std::move(left_out_.back());
    left_out_.pop_back();
    return one;
  }

 private:
  // People who can only be met by the same givers.
  struct Group {
    int64_t served = 0;
    std::vector<size_t> left_out;  // positions in left_out_
  };

  void Explain(int32_t v) {
    LeftOut& one = left_out_.emplace_back();
    one.person = instance_.receivers[v].person;
    if (rows_.size(v) == 0) {
      one.why = LeftOutClass::kNobodyEligible;
      nobody_.Explain(v, one);
      return;
    }
    const int64_t room = GiversWithRoom(v);
    if (room > 0) return SayTurnNeeded(v, room, one);
    std::vector<int32_t> givers;
    int64_t served = 0;
    switch (LookAround(v, givers, served)) {
      case Around::kRoom:
        return SayTurnNeeded(v, 0, one);
      case Around::kTaken: {
        one.why = LeftOutClass::kShortage;
        Group& group = groups_[givers];
        group.served = served;
        group.left_out.push_back(left_out_.size() - 1);
        return;
      }
      case Around::kTooMany:
        SayContested(v, one);
    }
  }

  bool HasRoom(int32_t giver) const {
    return static_cast<int64_t>(receivers_of_[giver].size()) < instance_.givers[giver].capacity;
  }

  int64_t GiversWithRoom(int32_t v) {
    const EligibleRows::Row row = rows_.At(v);
    return std::count_if(row.givers.begin(), row.givers.end(), [&](int32_t giver) { return HasRoom(giver); });
  }

  enum class Around { kRoom, kTaken, kTooMany };

  // Follows who else the person's givers serve, and who else could serve those, while the givers stay few.
  // kRoom: somebody on the way has room or a second buddy, so everyone could move up but for a missing turn.
  // kTaken: it came to an end with every place taken, so `givers` serve only people whom nobody else could.
  Around LookAround(int32_t v, std::vector<int32_t>& givers, int64_t& served) {
    std::vector<int32_t> people = {v};
    for (size_t next = 0; next < people.size(); ++next) {
      if (rows_.size(people[next]) > static_cast<int64_t>(kGroupGiversMax)) return Around::kTooMany;
      if (served_[people[next]] > 1) return Around::kRoom;
      const EligibleRows::Row row = rows_.At(people[next]);
      const size_t before = givers.size();
      for (const int32_t giver : row.givers) {
        if (std::find(givers.begin(), givers.begin() + before, giver) != givers.begin() + before) continue;
        if (HasRoom(giver)) return Around::kRoom;
        givers.push_back(giver);
      }
      if (givers.size() > kGroupGiversMax) return Around::kTooMany;
      for (size_t i = before; i < givers.size(); ++i) {
        for (const int32_t receiver : receivers_of_[givers[i]]) {
          if (std::find(people.begin(), people.end(), receiver) == people.end()) people.push_back(receiver);
        }
      }
    }
    std::sort(givers.begin(), givers.end());
    served = static_cast<int64_t>(people.size()) - 1;
    return Around::kTaken;
  }

  // True when nothing the person has done or pledged gives them a turn in this round.
  bool HasNoTurn(int32_t v) const {
    const Receiver& receiver = instance_.receivers[v];
    return receiver.turns == 0 && (receiver.giver == kNobody || receivers_of_[receiver.giver].empty());
  }

  // `room` is how many eligible givers have room; 0 when one could have it if others moved up.
  void SayTurnNeeded(int32_t v, int64_t room, LeftOut& one) const {
    one.why = LeftOutClass::kTurnNeeded;
    one.sentence_for_person = absl::StrCat(
        room > 0 ? absl::StrCat(People(room), " could help you now") : "A place could be found for you now",
        ", and you have no turn left. ", TurnAdvice(v), " would put you in the next round.");
    one.sentence_for_coordinator = absl::StrCat(
        room > 0 ? absl::StrCat(People(room), " with room could give to them.") : "Others could move up to make room.",
        " One turn would do it: a pledge, a turn given or a waiver.");
  }

  absl::string_view TurnAdvice(int32_t v) const {
    if (instance_.receivers[v].capacity > 0) return "Giving one turn, or a pledge to give one,";
    return "A pledge to help someone in return, in any way you can,";
  }

  bool HasFloors() const {
    const std::vector<FairnessGroup>& groups = instance_.settings->groups;
    return std::any_of(groups.begin(), groups.end(),
                       [](const FairnessGroup& each) { return each.floor_per_mille > 0; });
  }

  void SayContested(int32_t v, LeftOut& one) const {
    one.why = LeftOutClass::kContested;
    const std::string people = People(rows_.size(v));
    one.sentence_for_person =
        absl::StrCat(people, " could help you, and all the places with them are needed by others this time. ");
    if (HasNoTurn(v)) {
      absl::StrAppend(&one.sentence_for_person, "You have no turn left either. ", TurnAdvice(v),
                      " would give you a better chance.");
    } else {
      absl::StrAppend(&one.sentence_for_person, "You keep your place: the longer you wait, the sooner you come.");
    }
    one.sentence_for_coordinator =
        absl::StrCat(people,
                     " could give to them, and every place is needed by someone the round puts first: more "
                     "urgent, waiting longer, ",
                     HasFloors() ? "in a group below its floor, " : "",
                     "or because more people are served that way. One more place would help",
                     HasNoTurn(v) ? ", and so would a turn." : ".");
  }

  void SayShortages() {
    for (const auto& [givers, group] : groups_) SayShortage(givers, group);
  }

  void SayShortage(const std::vector<int32_t>& givers, const Group& group) {
    int64_t places = 0;
    for (const int32_t giver : givers) places += instance_.givers[giver].capacity;
    const int64_t people = group.served + static_cast<int64_t>(group.left_out.size());
    for (const size_t at : group.left_out) {
      left_out_[at].sentence_for_person =
          "There are fewer places than people for help like this near you. We are looking for more people who can give "
          "it.";
      left_out_[at].sentence_for_coordinator =
          absl::StrCat(People(people), " can only be helped from the same ", Places(places), ". ",
                       group.left_out.size() == 1 ? "One more giver" : "More givers", " like those would help.");
    }
  }

  const Instance& instance_;
  EligibleRows& rows_;
  NobodyEligible nobody_;
  std::vector<int32_t> served_;  // how many buddies each receiver has
  std::vector<std::vector<int32_t>> receivers_of_;
  std::map<std::vector<int32_t>, Group> groups_;
  std::vector<LeftOut> left_out_;
};

}  // namespace

class LeftOutExplainer::State : public Explainer {
 public:
  using Explainer::Explainer;
};

LeftOutExplainer::LeftOutExplainer(const Instance& instance, EligibleRows& rows, const std::vector<PoolPair>& pairs)
    : state_(std::make_unique<State>(instance, rows, pairs)) {}

LeftOutExplainer::~LeftOutExplainer() = default;

LeftOut LeftOutExplainer::Explain(int32_t receiver) { return state_->One(receiver); }

absl::StatusOr<std::vector<LeftOut>> ExplainLeftOut(const Instance& instance, EligibleRows& rows,
                                                    const std::vector<PoolPair>& pairs, Meter& meter) {
  return Explainer(instance, rows, pairs).Run(meter);
}

}  // namespace turnabout
