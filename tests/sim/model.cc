#include "tests/sim/model.h"

#include <algorithm>
#include <set>
#include <utility>

namespace turnabout::sim {
namespace {

constexpr int64_t kMostPerEntry = 1099511627776;  // 2^40
constexpr int64_t kLongestHold = 4294967295;      // seconds
constexpr int64_t kMicrosPerDay = 86'400'000'000;

}  // namespace

template <typename Value>
const Value* Model::At(const History<Value>& history, size_t at) {
  const auto after = std::upper_bound(history.begin(), history.end(), at,
                                      [](size_t place, const Dated<Value>& each) { return place < each.place; });
  return after == history.begin() ? nullptr : &std::prev(after)->value;
}

// Questions.

const Figures* Model::AccountAt(const AccountName& account, size_t at) const {
  const auto found = accounts_.find(account);
  return found == accounts_.end() ? nullptr : At(found->second, at);
}

SchemeSums Model::SchemeAt(uint32_t scheme, size_t at) const {
  const auto found = schemes_.find(scheme);
  const SchemeSums* sums = found == schemes_.end() ? nullptr : At(found->second, at);
  return sums == nullptr ? SchemeSums{} : *sums;
}

std::vector<AccountName> Model::Accounts(size_t at) const {
  std::vector<std::pair<size_t, AccountName>> opened;
  for (const auto& [account, history] : accounts_) {
    if (!history.empty() && history.front().place <= at) opened.emplace_back(history.front().place, account);
  }
  std::sort(opened.begin(), opened.end());
  std::vector<AccountName> accounts;
  for (const auto& [place, account] : opened) accounts.push_back(account);
  return accounts;
}

std::vector<AccountName> Model::AccountsOf(uint32_t scheme, size_t at) const {
  std::vector<AccountName> accounts = Accounts(at);
  const auto of_other = [&](const AccountName& account) { return account.scheme != scheme; };
  accounts.erase(std::remove_if(accounts.begin(), accounts.end(), of_other), accounts.end());
  return accounts;
}

std::optional<size_t> Model::FindEntry(Name entry, size_t at) const {
  const auto found = entries_.find(entry);
  if (found == entries_.end() || found->second.front() > at) return std::nullopt;
  return found->second.front();
}

Course Model::CourseOf(Name entry, size_t at) const {
  Course course{.current = EntryAt(entries_.at(entry).front()).state};
  for (const size_t place : entries_.at(entry)) {
    const EntryFact& later = EntryAt(place);
    if (place > at || later.line.id == entry) continue;
    if (later.is_resolution()) {
      course.current = later.state;
      course.resolution = later.line.id;
    } else {
      course.reversal = later.line.id;
    }
  }
  return course;
}

std::vector<size_t> Model::EntriesOf(uint32_t scheme, size_t at) const {
  std::vector<size_t> places;
  const auto found = schemes_.find(scheme);
  if (found == schemes_.end()) return places;
  for (const auto& each : found->second) {
    if (each.place <= at) places.push_back(each.place);
  }
  return places;
}

std::vector<size_t> Model::StatementOf(const AccountName& account, size_t at) const {
  std::vector<size_t> places;
  const auto found = accounts_.find(account);
  if (found == accounts_.end()) return places;
  for (const auto& each : found->second) {
    if (each.place <= at && std::holds_alternative<EntryFact>(fact(each.place))) places.push_back(each.place);
  }
  return places;
}

std::vector<size_t> Model::OpenHolds(size_t at) const {
  std::vector<size_t> places;
  for (const auto& [hold, place] : open_) {
    if (place <= at) places.push_back(place);
  }
  for (size_t later = at + 1; later <= size(); ++later) {
    const auto* entry = std::get_if<EntryFact>(&fact(later));
    if (entry == nullptr || !entry->is_resolution()) continue;
    const size_t hold = entries_.at(entry->related).front();
    if (hold <= at) places.push_back(hold);
  }
  std::sort(places.begin(), places.end());
  return places;
}

std::vector<Name> Model::Lapsed(int64_t now, size_t at) const {
  std::vector<std::pair<int64_t, EntryId>> lapsed;
  for (const size_t place : OpenHolds(at)) {
    const EntryFact& hold = EntryAt(place);
    if (hold.lapses().has_value() && *hold.lapses() <= now) lapsed.emplace_back(*hold.lapses(), IdOf(hold.line.id));
  }
  std::sort(lapsed.begin(), lapsed.end());
  std::vector<Name> names;
  for (const auto& [time, id] : lapsed) names.push_back(NameOf(id));
  return names;
}

size_t Model::PlaceAtTime(int64_t time, size_t at) const {
  size_t place = at;
  // From the end on, since what is asked for is mostly recent.
  for (size_t each = at; each > 0; --each) {
    const auto* entry = std::get_if<EntryFact>(&fact(each));
    if (entry == nullptr) continue;
    if (entry->time <= time) break;
    place = each - 1;
  }
  return place;
}

const std::string* Model::RowAt(const std::string& key, size_t at) const {
  const auto found = rows_.find(key);
  if (found == rows_.end()) return nullptr;
  for (auto place = found->second.rbegin(); place != found->second.rend(); ++place) {
    if (*place > at) continue;
    const auto& value = std::get<RowFact>(fact(*place)).value;
    return value.has_value() ? &*value : nullptr;
  }
  return nullptr;
}

std::vector<std::pair<std::string, std::string>> Model::RowsAt(const std::string& begin, const std::string& end,
                                                               size_t at) const {
  std::vector<std::pair<std::string, std::string>> rows;
  for (const auto& [key, places] : rows_) {
    const std::string* value = begin <= key && key < end ? RowAt(key, at) : nullptr;
    if (value != nullptr) rows.emplace_back(key, *value);
  }
  return rows;
}

const RequestFact* Model::RequestAt(const std::string& request, size_t at) const {
  const auto found = requests_.find(request);
  if (found == requests_.end() || found->second.front() > at) return nullptr;
  return &std::get<RequestFact>(fact(found->second.front()));
}

// Judging.

bool Model::AreNew(const std::vector<Name>& ids) const {
  Name latest = entries_.empty() ? 0 : entries_.rbegin()->first;
  return std::all_of(ids.begin(), ids.end(), [&](Name id) { return std::exchange(latest, id) < id; });
}

absl::string_view Model::JudgeShape(const Line& line) const {
  const auto is_open = [&](const AccountName& account) { return AccountAt(account, size()) != nullptr; };
  const std::pair<bool, absl::string_view> faults[] = {
      {!is_open(line.payer()) || !is_open(line.payee()), "ACCOUNT_NOT_FOUND"},
      {line.from == line.to, "SAME_ACCOUNT"},
      {line.amount <= 0, "AMOUNT_NOT_POSITIVE"},
      {line.amount > kMostPerEntry, "AMOUNT_OVER_LIMIT"},
  };
  for (const auto& [is_so, reason] : faults) {
    if (is_so && !Why(reason).empty()) return reason;
  }
  return "";
}

absl::string_view Model::JudgeLimits(const AccountName& account, int64_t change) const {
  const Figures* now = AccountAt(account, size());
  if (now == nullptr) return "";
  const bool counts_holds = forgets_ != "HOLDS";
  const int64_t lowest = now->posted - (counts_holds ? now->held_out : 0) + change;
  const int64_t highest = now->posted + (counts_holds ? now->held_in : 0) + change;
  if (change < 0 && lowest < now->floor) {
    if (account.unit == Unit::kMinutes) return Why("CREDIT_LIMIT_REACHED");
    return Why(now->floor < 0 ? "TURN_NEEDED" : "PLEDGE_NEEDED");
  }
  if (change > 0 && highest > now->ceiling) return Why("CEILING_REACHED");
  return "";
}

absl::string_view Model::JudgeLines(const std::vector<Line>& lines, size_t* refused) const {
  for (*refused = 0; *refused < lines.size(); ++*refused) {
    const absl::string_view fault = JudgeShape(lines[*refused]);
    if (!fault.empty()) return fault;
  }
  std::vector<AccountName> named;
  std::map<AccountName, int64_t> change;
  for (const Line& line : lines) {
    if (line.overridden) continue;
    for (const AccountName& account : {line.payer(), line.payee()}) {
      if (!change.contains(account)) named.push_back(account);
      change[account] += account == line.payer() ? -line.amount : line.amount;
    }
  }
  for (const AccountName& account : named) {
    const int64_t net = change.at(account);
    const absl::string_view fault = JudgeLimits(account, net);
    if (fault.empty()) continue;
    for (*refused = 0;; ++*refused) {
      const Line& line = lines[*refused];
      if (!line.overridden && (net < 0 ? line.payer() : line.payee()) == account) return fault;
    }
  }
  return "";
}

absl::string_view Model::JudgeHold(Name hold, EntryState how, int64_t time) const {
  const std::optional<size_t> place = FindEntry(hold, size());
  if (!place.has_value() || EntryAt(*place).state != EntryState::kHeld) return Why("ENTRY_NOT_FOUND");
  const std::optional<int64_t> lapses = EntryAt(*place).lapses();
  const bool is_up = lapses.has_value() && *lapses <= time;
  if (!open_.contains(hold) || (is_up && how != EntryState::kExpired)) return Why("HOLD_ALREADY_RESOLVED");
  return "";
}

absl::string_view Model::CheckFloor(const AccountName& account) const {
  const Figures* now = AccountAt(account, size());
  if (now == nullptr) return Why("ACCOUNT_NOT_FOUND");
  return now->posted - now->held_out < now->floor ? JudgeLimits(account, -1) : "";
}

// The open holds of a set, as they were made.
std::vector<Name> Model::Linked(Name set) const {
  std::vector<std::pair<size_t, Name>> linked;
  for (const auto& [hold, place] : open_) {
    if (EntryAt(place).related == set) linked.emplace_back(place, hold);
  }
  std::sort(linked.begin(), linked.end());
  std::vector<Name> names;
  for (const auto& [place, hold] : linked) names.push_back(hold);
  return names;
}

// Operations.

void Model::SetLimits(const AccountName& account, int64_t floor, int64_t ceiling) {
  const Figures* now = AccountAt(account, size());
  if (now != nullptr && now->floor == floor && now->ceiling == ceiling) return;
  Figures figures = FiguresNow(account);
  figures.floor = floor;
  figures.ceiling = ceiling;
  facts_.push_back(LimitsFact{account, floor, ceiling});
  accounts_[account].push_back({size(), figures});
}

absl::string_view Model::Post(const std::vector<Line>& lines, int64_t time, size_t* refused) {
  std::vector<Name> ids;
  for (const Line& line : lines) ids.push_back(line.id);
  if (!AreNew(ids)) return Why("INTERNAL");
  const absl::string_view fault = JudgeLines(lines, refused);
  if (!fault.empty()) return fault;
  for (const Line& line : lines) Write({.line = line, .state = EntryState::kPosted}, time);
  return "";
}

absl::string_view Model::Hold(const std::vector<Line>& lines, std::optional<int64_t> seconds, int64_t time) {
  std::vector<Name> ids;
  for (const Line& line : lines) ids.push_back(line.id);
  if (!AreNew(ids)) return Why("INTERNAL");
  size_t refused = 0;
  const absl::string_view fault = JudgeLines(lines, &refused);
  if (!fault.empty()) return fault;
  int64_t hold_seconds = 0;
  if (seconds.has_value()) hold_seconds = std::min(std::max<int64_t>(*seconds, 1), kLongestHold);
  for (const Line& line : lines) {
    Write({.line = line,
           .state = EntryState::kHeld,
           .hold_seconds = static_cast<uint32_t>(hold_seconds),
           .related = lines.front().id},
          time);
  }
  return "";
}

absl::string_view Model::PostHold(Name hold, int64_t amount, Name id, int64_t time) {
  if (!AreNew({id})) return Why("INTERNAL");
  if (amount < 0) return Why("AMOUNT_NOT_POSITIVE");
  const absl::string_view fault = JudgeHold(hold, EntryState::kPosted, time);
  if (!fault.empty() || !open_.contains(hold)) return fault;
  const EntryFact& held = EntryAt(open_.at(hold));
  if (Linked(held.related).size() > 1) return Why("HOLD_LINKED");
  if (amount > held.line.amount) return Why("PART_OVER_HOLD");
  WriteResolution(hold, EntryState::kPosted, amount == 0 ? std::nullopt : std::make_optional(amount), id, time);
  return "";
}

absl::string_view Model::ResolveSet(Name hold, EntryState how, Name first_id, int64_t time) {
  const absl::string_view fault = JudgeHold(hold, how, time);
  if (!fault.empty() || !open_.contains(hold)) return fault;
  const std::vector<Name> holds = Linked(EntryAt(open_.at(hold)).related);
  std::vector<Name> ids;
  for (size_t i = 0; i < holds.size(); ++i) ids.push_back(first_id + i);
  if (!AreNew(ids)) return Why("INTERNAL");
  for (size_t i = 0; i < holds.size(); ++i) WriteResolution(holds[i], how, std::nullopt, ids[i], time);
  return "";
}

absl::string_view Model::Reverse(Name entry, Name id, bool overridden, int64_t time) {
  if (!AreNew({id})) return Why("INTERNAL");
  const std::optional<size_t> place = FindEntry(entry, size());
  if (!place.has_value()) return Why("ENTRY_NOT_FOUND");
  const EntryFact original = EntryAt(*place);
  if (original.state != EntryState::kPosted || original.line.kind == EntryKind::kReversal) return Why("NOT_REVERSIBLE");
  if (CourseOf(entry, size()).reversal != 0) return Why("ALREADY_REVERSED");
  Line line = original.line;
  line.id = id;
  line.kind = EntryKind::kReversal;
  std::swap(line.from, line.to);
  line.happened_on = 0;
  line.overridden = overridden;
  size_t refused = 0;
  const absl::string_view fault = JudgeLines({line}, &refused);
  if (fault.empty()) Write({.line = line, .state = EntryState::kPosted, .related = entry}, time);
  return fault;
}

void Model::SetRow(const std::string& key, std::optional<std::string> value) {
  facts_.push_back(RowFact{key, std::move(value)});
  rows_[key].push_back(size());
}

void Model::Remember(const RequestFact& request) {
  facts_.push_back(request);
  requests_[request.request].push_back(size());
}

// Writing.

Figures Model::FiguresNow(const AccountName& account) const {
  const Figures* now = AccountAt(account, size());
  return now == nullptr ? Figures{} : *now;
}

// Holds that stand or fall together count by what they come to together, added up anew.
void Model::CountHolds(const AccountName& account, Figures& figures) const {
  std::map<Name, int64_t> by_set;
  for (const auto& [hold, place] : open_) {
    const EntryFact& fact = EntryAt(place);
    if (fact.line.payer() == account) by_set[fact.related] -= fact.line.amount;
    if (fact.line.payee() == account) by_set[fact.related] += fact.line.amount;
  }
  figures.held_out = 0;
  figures.held_in = 0;
  for (const auto& [set, net] : by_set) (net < 0 ? figures.held_out : figures.held_in) += net < 0 ? -net : net;
}

void Model::Write(EntryFact fact, int64_t time) {
  const SchemeSums before = SchemeAt(fact.line.scheme, size());
  fact.time = time;
  fact.number = before.entries + 1;
  if (fact.line.happened_on == 0) fact.line.happened_on = static_cast<int32_t>(time / kMicrosPerDay);
  const Line& line = fact.line;
  Figures payer = FiguresNow(line.payer());
  Figures payee = FiguresNow(line.payee());
  facts_.push_back(fact);
  const bool reverses = line.kind == EntryKind::kReversal;
  EntryKind kind = line.kind;
  if (reverses) kind = EntryAt(entries_.at(fact.related).front()).line.kind;
  SchemeSums sums{before.entries + 1, before.minutes_of_help};
  const int64_t posted = fact.state == EntryState::kPosted ? line.amount : 0;
  const bool is_help = kind == EntryKind::kExchange || kind == EntryKind::kActivity;
  if (is_help && line.unit == Unit::kMinutes) sums.minutes_of_help += reverses ? -posted : posted;
  schemes_[line.scheme].push_back({size(), sums});

  entries_[line.id].push_back(size());
  if (reverses || fact.is_resolution()) entries_[fact.related].push_back(size());
  if (fact.state == EntryState::kHeld) open_.emplace(line.id, size());
  if (fact.is_resolution()) open_.erase(fact.related);

  payer.posted -= posted;
  payee.posted += posted;
  (reverses ? payer.given : payer.received) += reverses ? -posted : posted;
  (reverses ? payee.received : payee.given) += reverses ? -posted : posted;
  CountHolds(line.payer(), payer);
  CountHolds(line.payee(), payee);
  accounts_[line.payer()].push_back({size(), payer});
  accounts_[line.payee()].push_back({size(), payee});
}

void Model::WriteResolution(Name hold, EntryState how, std::optional<int64_t> amount, Name id, int64_t time) {
  EntryFact fact = EntryAt(open_.at(hold));
  fact.line.id = id;
  fact.line.amount = amount.value_or(fact.line.amount);
  fact.state = how;
  fact.hold_seconds = 0;
  fact.related = hold;
  Write(fact, time);
}

// Taking back, the last first.

void Model::Truncate(size_t to) {
  while (size() > to) {
    std::visit([this](const auto& last) { TakeBack(last); }, facts_.back());
    facts_.pop_back();
  }
}

void Model::TakeBack(const LimitsFact& fact) { accounts_[fact.account].pop_back(); }

void Model::TakeBack(const EntryFact& fact) {
  accounts_[fact.line.payer()].pop_back();
  accounts_[fact.line.payee()].pop_back();
  schemes_[fact.line.scheme].pop_back();
  entries_.erase(fact.line.id);
  if (fact.line.kind == EntryKind::kReversal || fact.is_resolution()) entries_[fact.related].pop_back();
  if (fact.state == EntryState::kHeld) open_.erase(fact.line.id);
  if (fact.is_resolution()) open_.emplace(fact.related, entries_.at(fact.related).front());
}

void Model::TakeBack(const RowFact& fact) { rows_[fact.key].pop_back(); }

void Model::TakeBack(const RequestFact& fact) {
  std::vector<size_t>& places = requests_[fact.request];
  places.pop_back();
  if (places.empty()) requests_.erase(fact.request);
}

}  // namespace turnabout::sim
