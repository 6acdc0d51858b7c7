#include "store/keyspace.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/check.h"

namespace turnabout {
namespace {

constexpr size_t kIdBytes = 16;

std::string Start(Table table) { return std::string(1, static_cast<char>(table)); }

void PutNumber(std::string& key, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) key += static_cast<char>(value >> shift);
}

uint32_t NumberAt(absl::string_view key, size_t at) {
  uint32_t value = 0;
  for (size_t i = at; i < at + 4; ++i) value = value << 8 | static_cast<unsigned char>(key[i]);
  return value;
}

void PutId(std::string& key, const IdBytes& id) { key.append(reinterpret_cast<const char*>(id.data()), id.size()); }

std::string InScheme(Table table, uint32_t scheme) {
  std::string key = Start(table);
  PutNumber(key, scheme);
  return key;
}

// The first text after every text that starts with `prefix`.
std::string After(std::string prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xff) prefix.pop_back();
  TURNABOUT_CHECK(!prefix.empty());
  ++prefix.back();
  return prefix;
}

KeyRange WithPrefix(std::string prefix) {
  std::string end = After(prefix);
  return {std::move(prefix), std::move(end)};
}

}  // namespace

std::string SchemeKey(absl::string_view slug) { return absl::StrCat(Start(Table::kScheme), slug); }

std::string SchemeCountKey() { return Start(Table::kSchemeCount); }

std::string RuleSetKey(uint32_t scheme, uint32_t number) {
  std::string key = InScheme(Table::kRuleSet, scheme);
  PutNumber(key, number);
  return key;
}

std::string PlaceKey(uint32_t scheme, absl::string_view code) {
  return absl::StrCat(InScheme(Table::kPlace, scheme), code);
}

std::string ReferenceKey(uint32_t scheme, absl::string_view reference) {
  return absl::StrCat(InScheme(Table::kReference, scheme), reference);
}

std::string RestKey(uint32_t scheme, const MemberId& giver, const MemberId& receiver) {
  std::string key = ResourceKey(Table::kRest, scheme, giver.bytes());
  PutId(key, receiver.bytes());
  return key;
}

std::string LeftOutKey(uint32_t scheme, const RoundId& round, const MemberId& member) {
  std::string key = ResourceKey(Table::kLeftOut, scheme, round.bytes());
  PutId(key, member.bytes());
  return key;
}

std::string EntryNoteKey(const EntryId& entry) {
  std::string key = Start(Table::kEntryNote);
  PutId(key, entry.bytes());
  return key;
}

std::string ResourceKey(Table table, uint32_t scheme, const IdBytes& id) {
  std::string key = InScheme(table, scheme);
  PutId(key, id);
  return key;
}

std::string DueKey(Table table, int32_t day, uint32_t scheme, const IdBytes& id) {
  TURNABOUT_CHECK(day >= 0);
  std::string key = Start(table);
  PutNumber(key, static_cast<uint32_t>(day));
  PutNumber(key, scheme);
  PutId(key, id);
  return key;
}

Due ParseDueKey(absl::string_view key) {
  TURNABOUT_CHECK(key.size() == 1 + 4 + 4 + kIdBytes);
  return {static_cast<int32_t>(NumberAt(key, 1)), NumberAt(key, 5), IdAtEnd(key)};
}

KeyRange TableRange(Table table) { return WithPrefix(Start(table)); }

KeyRange SchemeRange(Table table, uint32_t scheme) { return WithPrefix(InScheme(table, scheme)); }

KeyRange ResourceRange(Table table, uint32_t scheme, const IdBytes& id) {
  return WithPrefix(ResourceKey(table, scheme, id));
}

KeyRange DueRange(Table table, int32_t before_day) {
  std::string end = Start(table);
  PutNumber(end, static_cast<uint32_t>(std::max(before_day, 0)));
  return {Start(table), std::move(end)};
}

std::optional<RowPlace> PlaceOf(absl::string_view key) {
  if (key.empty()) return std::nullopt;
  const Table table = static_cast<Table>(key.front());
  switch (table) {
    case Table::kScheme:
    case Table::kSchemeCount:
    case Table::kEntryNote:
    case Table::kPledgeDue:
    case Table::kWaiverDue:
    case Table::kExchangeDue:
    case Table::kMatchDue:
      return RowPlace{table, 0, key.substr(1)};
    case Table::kRuleSet:
    case Table::kPlace:
    case Table::kMember:
    case Table::kReference:
    case Table::kPledge:
    case Table::kWaiver:
    case Table::kExchange:
    case Table::kMatch:
    case Table::kLink:
    case Table::kLinkCount:
    case Table::kRest:
    case Table::kRound:
    case Table::kLeftOut:
      if (key.size() < 5) return std::nullopt;
      return RowPlace{table, NumberAt(key, 1), key.substr(5)};
  }
  return std::nullopt;
}

IdBytes IdAtEnd(absl::string_view key) {
  TURNABOUT_CHECK(key.size() >= kIdBytes);
  IdBytes id;
  std::copy(key.end() - kIdBytes, key.end(), id.begin());
  return id;
}

int32_t NumberAtEnd(absl::string_view key) {
  TURNABOUT_CHECK(key.size() >= 4);
  return static_cast<int32_t>(NumberAt(key, key.size() - 4));
}

}  // namespace turnabout
