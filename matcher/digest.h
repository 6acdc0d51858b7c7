// The digest of what a round is computed from, so that a certificate can say which pool, settings and seed it is about.
#ifndef TURNABOUT_MATCHER_DIGEST_H_
#define TURNABOUT_MATCHER_DIGEST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/seed.h"
#include "matcher/matcher.h"

namespace turnabout {

// SHA-256 in hexadecimal over every person by id, every forbidden pair, the settings but for their words, and the seed.
// The order of lists does not matter.
std::string DigestOf(const Pool& pool, const Settings& settings, Seed seed);

// Positions in the pool, by the people's ids.
std::vector<int32_t> ById(const Pool& pool);

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_DIGEST_H_
