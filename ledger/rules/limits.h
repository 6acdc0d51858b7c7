// The one rule that refuses for balance: an account stays between its floor and its ceiling, holds counted.
#ifndef TURNABOUT_LEDGER_RULES_LIMITS_H_
#define TURNABOUT_LEDGER_RULES_LIMITS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "ledger/book/account.h"

namespace turnabout {

// Whether `net` may be added to the account, posted or held alike. Only the side that gets worse is judged: credit may
// always reach an account that is below its floor. Refuses with CREDIT_LIMIT_REACHED, PLEDGE_NEEDED or TURN_NEEDED (by
// unit and allowance), CEILING_REACHED, or AMOUNT_OVERFLOW.
absl::Status JudgeLimits(const AccountKey& key, const Account& account, int64_t net);

}  // namespace turnabout

#endif  // TURNABOUT_LEDGER_RULES_LIMITS_H_
