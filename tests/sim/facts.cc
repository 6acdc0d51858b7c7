#include "tests/sim/facts.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "base/seed.h"
#include "base/sha256.h"

namespace turnabout::sim {
namespace {

void StoreHighestFirst(uint64_t value, uint8_t* at) {
  for (int i = 0; i < 8; ++i) at[i] = static_cast<uint8_t>(value >> (56 - 8 * i));
}

}  // namespace

// Ids sort as their names do; the rest is chance.
EntryId IdOf(Name entry) {
  IdBytes bytes{};
  if (entry == 0) return EntryId(bytes);
  StoreHighestFirst(entry, bytes.data());
  StoreHighestFirst(Mix(entry, 1), bytes.data() + 8);
  return EntryId(bytes);
}

Name NameOf(const EntryId& id) {
  Name entry = 0;
  for (size_t i = 0; i < 8; ++i) entry = entry << 8 | id.bytes()[i];
  return entry;
}

OwnerId OwnerOf(uint32_t owner) {
  constexpr OwnerId kOwn[kSchemeOwners] = {kPot, kOpening, kClearing, kExpiry};
  if (owner < kSchemeOwners) return kOwn[owner];
  OwnerId bytes{};
  StoreHighestFirst(Mix(owner, 2), bytes.data());
  StoreHighestFirst(Mix(owner, 3), bytes.data() + 8);
  return bytes;
}

AccountKey KeyOf(const AccountName& account) { return {account.scheme, account.unit, OwnerOf(account.owner)}; }

RequestKey RequestKeyOf(const std::string& request) {
  const Sha256Digest digest = Sha256({request});
  RequestKey key{};
  std::copy_n(digest.begin(), key.size(), key.begin());
  return key;
}

Draft DraftOf(const Line& line) {
  return {.id = IdOf(line.id),
          .scheme = line.scheme,
          .kind = line.kind,
          .unit = line.unit,
          .from = OwnerOf(line.from),
          .to = OwnerOf(line.to),
          .amount = line.amount,
          .happened_on = line.happened_on,
          .category = line.category,
          .subject = IdOf(line.subject).bytes(),
          .overridden = line.overridden};
}

Entry EntryOf(const EntryFact& fact) {
  const Line& line = fact.line;
  Entry entry;
  entry.id = IdOf(line.id);
  entry.scheme = line.scheme;
  entry.number = fact.number;
  entry.kind = line.kind;
  entry.state = fact.state;
  entry.unit = line.unit;
  entry.overridden = line.overridden;
  entry.amount = line.amount;
  entry.from = OwnerOf(line.from);
  entry.to = OwnerOf(line.to);
  entry.time_micros = fact.time;
  entry.happened_on = line.happened_on;
  entry.hold_seconds = fact.hold_seconds;
  entry.category = line.category;
  entry.related = IdOf(fact.related);
  entry.subject = IdOf(line.subject).bytes();
  return entry;
}

std::string TextOf(const AccountName& account) {
  return absl::StrCat(account.scheme, account.unit == Unit::kTurns ? "/turns/" : "/minutes/", account.owner);
}

}  // namespace turnabout::sim
