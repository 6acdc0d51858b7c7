// An Account is what one owner has of one unit: posted and held amounts, and how far they may go.
#ifndef TURNABOUT_LEDGER_BOOK_ACCOUNT_H_
#define TURNABOUT_LEDGER_BOOK_ACCOUNT_H_

#include <cstdint>
#include <limits>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/book/entry.h"

namespace turnabout {

inline constexpr int64_t kNoFloor = std::numeric_limits<int64_t>::min();
inline constexpr int64_t kNoCeiling = std::numeric_limits<int64_t>::max();

// The lowest and the highest balance that an account may have, holds counted.
struct AccountLimits {
  int64_t floor = kNoFloor;
  int64_t ceiling = kNoCeiling;
  friend bool operator==(const AccountLimits&, const AccountLimits&) = default;
};

struct Account {
  int64_t posted = 0;    // everything posted in less everything posted out
  int64_t held_out = 0;  // reserved to go out; never below 0
  int64_t held_in = 0;   // reserved to come in; never below 0
  int64_t given = 0;     // everything ever posted in, less what was reversed
  int64_t received = 0;  // everything ever posted out, less what was reversed
  AccountLimits limits;
  friend bool operator==(const Account&, const Account&) = default;
};

// The payload of kAccount: an account is opened, or its limits change.
struct AccountChange {
  AccountKey key;
  AccountLimits limits;
};
std::string EncodeAccountChange(const AccountChange& change);
// DATA_LOSS/JOURNAL_DAMAGED unless `bytes` are what EncodeAccountChange writes.
absl::StatusOr<AccountChange> DecodeAccountChange(absl::string_view bytes);

// The end of an account's name: "pot.minutes", or a member's id and the unit.
std::string AccountText(const AccountKey& key);
// Reads AccountText of a scheme back. NOT_FOUND/ACCOUNT_NOT_FOUND for any other text.
absl::StatusOr<AccountKey> ParseAccountText(uint32_t scheme, absl::string_view text);

// "pot", "opening", "clearing", "expiry"; "members" for anybody else.
absl::string_view GroupOf(const OwnerId& owner);

}  // namespace turnabout

#endif  // TURNABOUT_LEDGER_BOOK_ACCOUNT_H_
