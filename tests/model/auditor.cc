#include "tests/model/auditor.h"

#include <algorithm>

namespace turnabout {
namespace {

constexpr int64_t kMostPerEntry = 1099511627776;  // 2^40

bool IsTurns(const std::string& account) { return account.find("/turns/") != std::string::npos; }

}  // namespace

std::string Auditor::JudgeShape(const Line& line) const {
  if (!limits_.contains(line.from) || !limits_.contains(line.to)) return "ACCOUNT_NOT_FOUND";
  if (line.from == line.to) return "SAME_ACCOUNT";
  if (line.amount <= 0) return "AMOUNT_NOT_POSITIVE";
  if (line.amount > kMostPerEntry) return "AMOUNT_OVER_LIMIT";
  return "";
}

std::string Auditor::JudgeLines(const std::vector<Line>& lines) const {
  for (const Line& line : lines) {
    if (std::string fault = JudgeShape(line); !fault.empty()) return fault;
  }
  std::vector<std::string> named;
  std::map<std::string, int64_t> change;
  for (const Line& line : lines) {
    if (line.overridden) continue;
    named.push_back(line.from);
    named.push_back(line.to);
    change[line.from] -= line.amount;
    change[line.to] += line.amount;
  }
  const std::map<std::string, Figures> now = All();
  for (const std::string& account : named) {
    const Figures& figures = now.at(account);
    const int64_t by = change[account];
    if (by < 0 && figures.posted - figures.held_out + by < figures.floor) {
      if (!IsTurns(account)) return "CREDIT_LIMIT_REACHED";
      return figures.floor < 0 ? "TURN_NEEDED" : "PLEDGE_NEEDED";
    }
    if (by > 0 && figures.posted + figures.held_in + by > figures.ceiling) return "CEILING_REACHED";
  }
  return "";
}

std::string Auditor::JudgeWhole(const std::string& hold) const {
  const auto set = set_of_.find(hold);
  if (set == set_of_.end()) return "ENTRY_NOT_FOUND";
  return open_.contains(set->second) ? "" : "HOLD_ALREADY_RESOLVED";
}

std::string Auditor::JudgePart(const std::string& hold, int64_t amount) const {
  if (amount < 0) return "AMOUNT_NOT_POSITIVE";
  if (std::string fault = JudgeWhole(hold); !fault.empty()) return fault;
  const std::vector<Reserved>& set = open_.at(set_of_.at(hold));
  if (set.size() > 1) return "HOLD_LINKED";
  return amount > set.front().line.amount ? "PART_OVER_HOLD" : "";
}

std::string Auditor::JudgeReversal(const std::string& entry, bool overridden) const {
  if (set_of_.contains(entry) || released_.contains(entry)) return "NOT_REVERSIBLE";
  const auto found = moved_.find(entry);
  if (found == moved_.end()) return "ENTRY_NOT_FOUND";
  if (found->second.is_reversal) return "NOT_REVERSIBLE";
  if (found->second.is_reversed) return "ALREADY_REVERSED";
  const Line& line = found->second.line;
  return JudgeLines({{"", line.to, line.from, line.amount, overridden}});
}

void Auditor::Limit(const std::string& account, int64_t floor, int64_t ceiling) {
  limits_[account] = {floor, ceiling};
  totals_[account];
}

void Auditor::Post(const Line& line) {
  Write(line.from);
  moved_[line.id] = {line, false, false};
  totals_[line.from].posted -= line.amount;
  totals_[line.from].received += line.amount;
  totals_[line.to].posted += line.amount;
  totals_[line.to].given += line.amount;
}

void Auditor::Hold(const std::vector<Line>& lines, int64_t lapses_at) {
  for (const Line& line : lines) {
    Write(line.from);
    set_of_[line.id] = lines.front().id;
    open_[lines.front().id].push_back({line, lapses_at});
  }
}

void Auditor::PostPart(const std::string& hold, int64_t amount, const std::string& id) {
  Line line = open_.at(set_of_.at(hold)).front().line;
  open_.erase(set_of_.at(hold));
  line.id = id;
  if (amount > 0) line.amount = amount;
  Post(line);
}

void Auditor::PostWhole(const std::string& hold, const std::vector<std::string>& ids) {
  const std::vector<Reserved> set = open_.at(set_of_.at(hold));
  open_.erase(set_of_.at(hold));
  for (size_t i = 0; i < set.size(); ++i) {
    Line line = set[i].line;
    line.id = ids.at(i);
    Post(line);
  }
}

void Auditor::Release(const std::string& hold, const std::vector<std::string>& ids) {
  const std::vector<Reserved> set = open_.at(set_of_.at(hold));
  open_.erase(set_of_.at(hold));
  for (size_t i = 0; i < set.size(); ++i) {
    Write(set[i].line.from);
    released_[ids.at(i)] = set[i].line.id;
  }
}

void Auditor::Reverse(const std::string& entry, const std::string& id) {
  Moved& original = moved_.at(entry);
  original.is_reversed = true;
  const Line line = original.line;
  Write(line.from);
  moved_[id] = {{id, line.to, line.from, line.amount, false}, true, false};
  totals_[line.from].posted += line.amount;
  totals_[line.from].received -= line.amount;
  totals_[line.to].posted -= line.amount;
  totals_[line.to].given -= line.amount;
}

std::map<std::string, Auditor::Figures> Auditor::All() const {
  std::map<std::string, Figures> all = totals_;
  for (const auto& [account, limits] : limits_) {
    all[account].floor = limits.first;
    all[account].ceiling = limits.second;
  }
  for (const auto& [name, set] : open_) {
    std::map<std::string, int64_t> net;
    for (const Reserved& each : set) {
      net[each.line.from] -= each.line.amount;
      net[each.line.to] += each.line.amount;
    }
    for (const auto& [account, amount] : net)
      (amount < 0 ? all[account].held_out : all[account].held_in) += std::abs(amount);
  }
  return all;
}

std::vector<std::string> Auditor::Lapsed(int64_t now) const {
  std::vector<std::pair<int64_t, std::string>> lapsed;
  for (const auto& [name, set] : open_) {
    for (const Reserved& each : set) {
      if (each.lapses_at != 0 && each.lapses_at <= now) lapsed.emplace_back(each.lapses_at, each.line.id);
    }
  }
  std::sort(lapsed.begin(), lapsed.end());
  std::vector<std::string> ids;
  for (const auto& [time, id] : lapsed) ids.push_back(id);
  return ids;
}

size_t Auditor::OpenHolds() const {
  size_t count = 0;
  for (const auto& [name, set] : open_) count += set.size();
  return count;
}

size_t Auditor::SetSize(const std::string& hold) const {
  const auto set = set_of_.find(hold);
  const auto open = set == set_of_.end() ? open_.end() : open_.find(set->second);
  return open == open_.end() ? 0 : open->second.size();
}

int64_t Auditor::EntriesOf(const std::string& scheme) const {
  const auto found = entries_.find(scheme);
  return found == entries_.end() ? 0 : found->second;
}

}  // namespace turnabout
