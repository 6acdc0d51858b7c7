// Feeds bytes to the verifier as a certificate's prices. A round may be refused or, with the very prices that prove it,
// accepted; nothing else may happen.
#include <cstddef>
#include <cstdint>
#include <string>

#include "matcher/matcher.h"
#include "tests/support/pool_generator.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace turnabout;
  static const Pool* const pool = new Pool(MakeTinyPool({.people = 6}, Seed{3}));
  static const Settings* const settings = new Settings();
  static const Round* const round = new Round(*ProposeRound(*pool, *settings, Seed{3}));
  Round changed = *round;
  changed.certificate.prices.assign(reinterpret_cast<const char*>(data), size);
  const absl::Status status = VerifyRound(*pool, *settings, Seed{3}, changed);
  if (!status.ok() && status.code() != absl::StatusCode::kDataLoss) __builtin_trap();
  return 0;
}
