// An audit of a scheme over the API: everything in it is read, and held against itself and against what was
// acknowledged.
#ifndef TURNABOUT_TESTS_CRASH_AUDIT_H_
#define TURNABOUT_TESTS_CRASH_AUDIT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/crash/client.h"
#include "tests/crash/writers.h"
#include "turnabout/v1/exchange.pb.h"
#include "turnabout/v1/ledger_service.pb.h"
#include "turnabout/v1/match.pb.h"

namespace turnabout {

// Everything in one scheme.
struct Contents {
  std::vector<v1::Entry> entries;  // by number
  std::vector<v1::Account> accounts;
  std::vector<v1::Exchange> exchanges;
  std::vector<v1::Match> matches;
  std::vector<v1::Round> rounds;
  Resources all;  // those, and members and pledges
  v1::GetTrialBalanceResponse trial;
};

absl::StatusOr<Contents> ReadContents(const Client& client, const std::string& scheme);

// Expects: entries numbered without gaps, every balance and hold the sum of its entries, sums of zero, one hold and at
// most one posting behind each exchange and match, nothing written twice, no round under way.
void ExpectSound(const Contents& contents);

// Expects every one of `expected` in `contents`, the same in every field, but for what a member's matches change of
// them.
void ExpectAllThere(const Resources& expected, const Contents& contents);

// Expects VerifyJournal to find nothing wrong.
void ExpectVerified(const Client& client);

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_CRASH_AUDIT_H_
