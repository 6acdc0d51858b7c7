// Feeds bytes to the verifier as a certificate's prices. A round may be refused or, with prices that prove it,
// accepted; nothing else may happen.
#include <cstddef>
#include <cstdint>
#include <string>

#include "matcher/matcher.h"

namespace turnabout {
namespace {

MemberId IdOf(uint8_t n) {
  IdBytes bytes{};
  bytes[15] = n;
  return MemberId(bytes);
}

// Four neighbours, of whom two both give and receive.
Pool SmallPool() {
  Pool pool;
  for (uint8_t n = 1; n <= 4; ++n) {
    Person person;
    person.id = IdOf(n);
    person.languages = person.slots = 1;
    person.offers = {{0, kPhone}};
    person.needs = {{0, kPhone, 0}};
    person.give_capacity = n < 4 ? 1 : 0;
    person.receive_need = n > 1 ? 1 : 0;
    person.turns = n == 4 ? 1 : 0;
    pool.people.push_back(person);
  }
  return pool;
}

}  // namespace
}  // namespace turnabout

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace turnabout;
  static const Pool* const pool = new Pool(SmallPool());
  static const Settings* const settings = new Settings();
  static const Round* const round = new Round(*ProposeRound(*pool, *settings, Seed{3}));
  Round changed = *round;
  changed.certificate.prices.assign(reinterpret_cast<const char*>(data), size);
  const absl::Status status = VerifyRound(*pool, *settings, Seed{3}, changed);
  if (!status.ok() && status.code() != absl::StatusCode::kDataLoss) __builtin_trap();
  return 0;
}
