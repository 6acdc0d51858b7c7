#include "matcher/clear/text.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "matcher/clear/line_reader.h"

namespace turnabout::clear {
namespace {

constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
constexpr int32_t kNobody = -1;

// Members in the order in which lines name them. Small ids, which most are, are looked up in a table.
class Names {
 public:
  explicit Names(size_t small) : small_(small, kNobody) {}

  int32_t Find(int64_t id) const {
    if (static_cast<size_t>(id) < small_.size()) return small_[static_cast<size_t>(id)];
    const auto at = large_.find(id);
    return at == large_.end() ? kNobody : at->second;
  }

  int32_t FindOrAdd(int64_t id) {
    int32_t& member = static_cast<size_t>(id) < small_.size() ? small_[static_cast<size_t>(id)]
                                                              : large_.try_emplace(id, kNobody).first->second;
    if (member == kNobody) {
      member = static_cast<int32_t>(ids_.size());
      ids_.push_back(id);
    }
    return member;
  }

  const std::vector<int64_t>& ids() const { return ids_; }

 private:
  std::vector<int32_t> small_;
  absl::flat_hash_map<int64_t, int32_t> large_;
  std::vector<int64_t> ids_;
};

int32_t Clipped(int64_t count) {
  return static_cast<int32_t>(std::min<int64_t>(count, std::numeric_limits<int32_t>::max()));
}

class ProblemReader {
 public:
  explicit ProblemReader(absl::string_view text) : text_(text), lines_(text), names_(0) {}

  absl::StatusOr<Problem> Read() {
    if (!ReadLines()) return lines_.status();
    Problem problem = Members();
    AddEdges(problem);
    RETURN_IF_ERROR(RefuseTwins(problem));
    return problem;
  }

 private:
  struct Member {
    int64_t capacity = 0, need = 0, allowance = 0, bonus = 0;
    bool stated = false;
  };
  struct Edge {
    int32_t giver;
    int32_t receiver;
    int64_t weight;
  };

  bool ReadLines() {
    if (!lines_.NextLine()) return lines_.ExpectedAtLine("p turnabout MEMBERS EDGES");
    if (!ReadHead()) return false;
    while (lines_.NextLine()) {
      if (lines_.kind() == "m") {
        if (!ReadMember()) return false;
      } else if (lines_.kind() == "e") {
        if (!ReadEdge()) return false;
      } else {
        return lines_.ExpectedAtLine("a line that begins with c, m or e");
      }
    }
    if (lines_.status().ok() && static_cast<int64_t>(edges_.size()) < edges_promised_) {
      return lines_.ExpectedAtLine(
          absl::StrCat(edges_promised_, " e lines, as line ", head_line_, " says; there are ", edges_.size()));
    }
    return lines_.status().ok();
  }

  bool ReadHead() {
    int word = 0;
    if (lines_.kind() != "p") return lines_.ExpectedAtLine("p turnabout MEMBERS EDGES");
    if (!lines_.TakeWord({"turnabout"}, word) || !lines_.Take("MEMBERS", 0, kMembersMax, members_promised_) ||
        !lines_.Take("EDGES", 0, kEdgesMax - 1, edges_promised_) || !lines_.TakeEnd()) {
      return false;
    }
    head_line_ = lines_.line();
    // No line is shorter than 2 bytes for each member or edge, whatever was promised.
    const size_t lines_most = text_.size() / 2;
    names_ = Names(std::min<size_t>(4 * static_cast<size_t>(members_promised_) + 64, 4 * lines_most));
    members_.reserve(std::min<size_t>(static_cast<size_t>(members_promised_), lines_most));
    edges_.reserve(std::min<size_t>(static_cast<size_t>(edges_promised_), lines_most));
    return true;
  }

  bool ReadMember() {
    int64_t id = 0;
    Member member;
    member.stated = true;
    if (!lines_.Take("ID", 0, kMost, id)) return false;
    const int32_t named = Named(id);
    if (named == kNobody) return false;
    if (members_[named].stated) return lines_.ExpectedAtField("the ID of a member without an m line so far");
    if (!lines_.Take("GIVE_CAPACITY", 0, kMost, member.capacity) ||
        !lines_.Take("RECEIVE_NEED", 0, kMost, member.need) || !lines_.Take("ALLOWANCE", 0, kMost, member.allowance) ||
        !lines_.Take("BONUS", 0, kMost, member.bonus) || !lines_.TakeEnd()) {
      return false;
    }
    members_[named] = member;
    return true;
  }

  bool ReadEdge() {
    int64_t giver = 0;
    int64_t receiver = 0;
    Edge edge;
    if (static_cast<int64_t>(edges_.size()) == edges_promised_) {
      return lines_.ExpectedAtLine(absl::StrCat("no more e lines: line ", head_line_, " says ", edges_promised_));
    }
    if (!lines_.Take("GIVER", 0, kMost, giver)) return false;
    if ((edge.giver = Named(giver)) == kNobody) return false;
    if (!lines_.Take("RECEIVER", 0, kMost, receiver)) return false;
    if (receiver == giver) return lines_.ExpectedAtField("a RECEIVER other than the GIVER");
    if ((edge.receiver = Named(receiver)) == kNobody) return false;
    if (!lines_.Take("WEIGHT", kLeast, kMost, edge.weight) || !lines_.TakeEnd()) return false;
    edges_.push_back(edge);
    return true;
  }

  // The member whose id was taken last; kNobody, and a mistake, when that is one member too many.
  int32_t Named(int64_t id) {
    const int32_t member = names_.FindOrAdd(id);
    if (member < static_cast<int32_t>(members_.size())) return member;
    if (static_cast<int64_t>(members_.size()) == members_promised_) {
      lines_.ExpectedAtField(
          absl::StrCat("one of the ", members_promised_, " members that line ", head_line_, " says there are"));
      return kNobody;
    }
    members_.emplace_back();
    return member;
  }

  // The members by id, and where each is.
  Problem Members() {
    const std::vector<int64_t>& ids = names_.ids();
    std::vector<int32_t> order(ids.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](int32_t a, int32_t b) { return ids[a] < ids[b]; });
    rank_.resize(order.size());
    Problem problem;
    for (size_t i = 0; i < order.size(); ++i) {
      const Member& member = members_[order[i]];
      rank_[order[i]] = static_cast<int32_t>(i);
      problem.ids.push_back(ids[order[i]]);
      problem.capacity.push_back(Clipped(member.capacity));
      problem.need.push_back(Clipped(member.need));
      problem.allowance.push_back(Clipped(member.allowance));
      problem.bonus.push_back(member.bonus);
    }
    return problem;
  }

  void AddEdges(Problem& problem) {
    problem.first.assign(problem.ids.size() + 1, 0);
    for (Edge& edge : edges_) {
      edge.giver = rank_[edge.giver];
      edge.receiver = rank_[edge.receiver];
      ++problem.first[edge.receiver + 1];
    }
    std::partial_sum(problem.first.begin(), problem.first.end(), problem.first.begin());
    std::vector<int64_t> at(problem.first.begin(), problem.first.end() - 1);
    std::vector<std::pair<int32_t, int64_t>> lists(edges_.size());
    for (const Edge& edge : edges_) lists[at[edge.receiver]++] = {edge.giver, edge.weight};
    std::vector<Edge>().swap(edges_);
    for (size_t v = 0; v < problem.ids.size(); ++v) {
      std::sort(lists.begin() + problem.first[v], lists.begin() + problem.first[v + 1]);
    }
    problem.giver.reserve(lists.size());
    problem.weight.reserve(lists.size());
    for (const auto& [giver, weight] : lists) {
      problem.giver.push_back(giver);
      problem.weight.push_back(weight);
    }
  }

  // Refuses a pair that has two edges, at the second of its lines.
  absl::Status RefuseTwins(const Problem& problem) {
    for (size_t v = 0; v < problem.ids.size(); ++v) {
      for (int64_t e = problem.first[v] + 1; e < problem.first[v + 1]; ++e) {
        if (problem.giver[e] != problem.giver[e - 1]) continue;
        LineReader lines(text_);
        int64_t first_line = 0;
        while (lines.NextLine()) {
          int64_t giver = 0;
          int64_t receiver = 0;
          if (lines.kind() != "e" || !lines.Take("GIVER", 0, kMost, giver)) continue;
          const int64_t line = lines.line();
          if (giver != problem.ids[problem.giver[e]] || !lines.Take("RECEIVER", 0, kMost, receiver)) continue;
          if (receiver != problem.ids[v]) continue;
          if (first_line > 0)
            lines.ExpectedAtField(absl::StrCat("another RECEIVER: line ", first_line, " has this pair"));
          first_line = line;
        }
        return lines.status();
      }
    }
    return absl::OkStatus();
  }

  absl::string_view text_;
  LineReader lines_;
  Names names_;
  int64_t members_promised_ = 0;
  int64_t edges_promised_ = 0;
  int64_t head_line_ = 0;
  std::vector<Member> members_;  // in the order of names_
  std::vector<Edge> edges_;
  std::vector<int32_t> rank_;  // by name: the place among all ids
};

class AnswerReader {
 public:
  AnswerReader(absl::string_view text, Problem& problem) : lines_(text), problem_(problem) {}

  absl::StatusOr<Answer> Read() {
    for (std::vector<Wide>* list : {&answer_.prices.receiving, &answer_.prices.turn, &answer_.prices.giving}) {
      list->resize(problem_.ids.size());
    }
    priced_.resize(problem_.ids.size());
    if (!lines_.NextLine()) lines_.ExpectedAtLine("s WEIGHT SERVED");
    if (!ReadValue() || !ReadRest()) return lines_.status();
    std::sort(answer_.choices.begin(), answer_.choices.end());
    ASSIGN_OR_RETURN(answer_.levels, LevelsOf(problem_));
    return std::move(answer_);
  }

 private:
  bool ReadValue() {
    if (lines_.status().ok() && lines_.kind() != "s") return lines_.ExpectedAtLine("s WEIGHT SERVED");
    return lines_.TakeWide("WEIGHT", answer_.weight) && lines_.Take("SERVED", 0, kMost, answer_.served) &&
           lines_.TakeEnd();
  }

  bool ReadRest() {
    bool objective = false;
    while (lines_.NextLine()) {
      if (lines_.kind() == "x") {
        Choice choice;
        if (!TakeMember("GIVER", choice.giver) || !TakeMember("RECEIVER", choice.receiver) || !lines_.TakeEnd()) {
          return false;
        }
        answer_.choices.push_back(choice);
      } else if (lines_.kind() == "y") {
        if (!ReadPrices()) return false;
      } else if (lines_.kind() == "o" && !std::exchange(objective, true)) {
        int word = 0;
        if (!lines_.TakeWord({"weight", "people-first"}, word) || !lines_.TakeEnd()) return false;
        problem_.objective = word == 1 ? Objective::kPeopleFirst : Objective::kWeight;
      } else {
        return lines_.ExpectedAtLine("a line that begins with c, x or y, or one with o");
      }
    }
    if (!lines_.status().ok()) return false;
    if (!objective) return lines_.ExpectedAtLine("o weight or o people-first, in a line before");
    const auto missing = std::find(priced_.begin(), priced_.end(), 0);
    if (missing == priced_.end()) return true;
    return lines_.ExpectedAtLine(
        absl::StrCat("y ", problem_.ids[missing - priced_.begin()], " with prices, in a line before"));
  }

  bool ReadPrices() {
    int32_t member = 0;
    if (!TakeMember("ID", member)) return false;
    if (std::exchange(priced_[member], 1)) return lines_.ExpectedAtField("the ID of a member without prices so far");
    return lines_.TakeWide("RECEIVING", answer_.prices.receiving[member]) &&
           lines_.TakeWide("TURN", answer_.prices.turn[member]) &&
           lines_.TakeWide("GIVING", answer_.prices.giving[member]) && lines_.TakeEnd();
  }

  bool TakeMember(absl::string_view name, int32_t& member) {
    int64_t id = 0;
    if (!lines_.Take(name, 0, kMost, id)) return false;
    const auto at = std::lower_bound(problem_.ids.begin(), problem_.ids.end(), id);
    if (at == problem_.ids.end() || *at != id) return lines_.ExpectedAtField("the ID of a member of the problem");
    member = static_cast<int32_t>(at - problem_.ids.begin());
    return true;
  }

  LineReader lines_;
  Problem& problem_;
  Answer answer_;
  std::vector<uint8_t> priced_;
};

void AppendWide(std::string& text, Wide amount) {
  char digits[40];
  char* first = digits + sizeof(digits);
  auto rest = static_cast<unsigned __int128>(amount < 0 ? -amount : amount);
  do {
    *--first = static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  } while (rest > 0);
  if (amount < 0) *--first = '-';
  text.append(first, digits + sizeof(digits));
}

}  // namespace

absl::StatusOr<Problem> ReadProblem(absl::string_view text) { return ProblemReader(text).Read(); }

std::string WriteProblem(const Problem& problem) {
  std::string text = absl::StrCat("p turnabout ", problem.members(), " ", problem.edges(), "\n");
  for (int32_t i = 0; i < problem.members(); ++i) {
    absl::StrAppend(&text, "m ", problem.ids[i], " ", problem.capacity[i], " ", problem.need[i]);
    absl::StrAppend(&text, " ", problem.allowance[i], " ", problem.bonus[i], "\n");
  }
  for (int32_t v = 0; v < problem.members(); ++v) {
    for (int64_t e = problem.first[v]; e < problem.first[v + 1]; ++e) {
      absl::StrAppend(&text, "e ", problem.ids[problem.giver[e]], " ", problem.ids[v]);
      absl::StrAppend(&text, " ", problem.weight[e], "\n");
    }
  }
  return text;
}

absl::StatusOr<Answer> ReadAnswer(absl::string_view text, Problem& problem) {
  return AnswerReader(text, problem).Read();
}

std::string WriteAnswer(const Problem& problem, const Answer& answer) {
  std::string text = "s ";
  AppendWide(text, answer.weight);
  absl::StrAppend(&text, " ", answer.served, "\n");
  for (const Choice& choice : answer.choices) {
    absl::StrAppend(&text, "x ", problem.ids[choice.giver], " ", problem.ids[choice.receiver], "\n");
  }
  absl::StrAppend(&text, "o ", problem.objective == Objective::kPeopleFirst ? "people-first" : "weight", "\n");
  for (int32_t i = 0; i < problem.members(); ++i) {
    absl::StrAppend(&text, "y ", problem.ids[i]);
    for (const std::vector<Wide>* list : {&answer.prices.receiving, &answer.prices.turn, &answer.prices.giving}) {
      text += ' ';
      AppendWide(text, (*list)[i]);
    }
    text += '\n';
  }
  return text;
}

}  // namespace turnabout::clear
