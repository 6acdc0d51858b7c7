// An Auditor keeps the same books as the ledger in the slowest and plainest way: names as text, everything in a
// std::map, what is reserved added up anew each time it is asked for. It says beforehand how the ledger must answer.
#ifndef TURNABOUT_TESTS_MODEL_AUDITOR_H_
#define TURNABOUT_TESTS_MODEL_AUDITOR_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace turnabout {

class Auditor {
 public:
  // An account is named by its scheme, unit and owner: "1/turns/ana".
  struct Line {
    std::string id, from, to;
    int64_t amount = 0;
    bool overridden = false;
  };
  struct Figures {
    int64_t posted = 0, held_out = 0, held_in = 0, given = 0, received = 0;
    int64_t floor = 0, ceiling = 0;
    friend bool operator==(const Figures&, const Figures&) = default;
  };

  // How the ledger must answer: "" for yes, otherwise the name of the reason.
  std::string JudgeLines(const std::vector<Line>& lines) const;
  std::string JudgePart(const std::string& hold, int64_t amount) const;
  std::string JudgeWhole(const std::string& hold) const;
  std::string JudgeReversal(const std::string& entry, bool overridden) const;

  // What happened.
  void Limit(const std::string& account, int64_t floor, int64_t ceiling);
  void Post(const Line& line);
  void Hold(const std::vector<Line>& lines, int64_t lapses_at);
  void PostPart(const std::string& hold, int64_t amount, const std::string& id);
  // Ids for each hold of the set, in the order in which they were made.
  void PostWhole(const std::string& hold, const std::vector<std::string>& ids);
  void Release(const std::string& hold, const std::vector<std::string>& ids);
  void Reverse(const std::string& entry, const std::string& id);

  // Everything at once, by account.
  std::map<std::string, Figures> All() const;
  // Open holds whose time is up, by time and then by id.
  std::vector<std::string> Lapsed(int64_t now) const;
  size_t OpenHolds() const;
  size_t SetSize(const std::string& hold) const;
  int64_t EntriesOf(const std::string& scheme) const;

 private:
  struct Reserved {
    Line line;
    int64_t lapses_at = 0;  // 0 for never
  };
  struct Moved {
    Line line;
    bool is_reversal = false;
    bool is_reversed = false;
  };

  void Write(const std::string& account) { ++entries_[account.substr(0, account.find('/'))]; }
  std::string JudgeShape(const Line& line) const;

  std::map<std::string, std::pair<int64_t, int64_t>> limits_;
  std::map<std::string, std::vector<Reserved>> open_;  // by the first hold of the set
  std::map<std::string, std::string> set_of_;          // of every hold that ever was
  std::map<std::string, Moved> moved_;
  std::map<std::string, std::string> released_;  // what voided or expired, and which hold
  std::map<std::string, Figures> totals_;        // posted, given and received
  std::map<std::string, int64_t> entries_;       // by scheme
};

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_MODEL_AUDITOR_H_
