// Words for tests about a status: EXPECT_TRUE(IsOk(status)), EXPECT_TRUE(IsRefused(status, Reason::kTurnNeeded)).
#ifndef TURNABOUT_TESTS_SUPPORT_STATUS_H_
#define TURNABOUT_TESTS_SUPPORT_STATUS_H_

#include <gtest/gtest.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/reason.h"

namespace turnabout {

inline testing::AssertionResult IsOk(const absl::Status& status) {
  if (status.ok()) return testing::AssertionSuccess();
  return testing::AssertionFailure() << status.ToString();
}

template <typename T>
testing::AssertionResult IsOk(const absl::StatusOr<T>& value) {
  return IsOk(value.status());
}

inline testing::AssertionResult IsRefused(const absl::Status& status, Reason reason) {
  if (IsRefusedFor(status, reason)) return testing::AssertionSuccess();
  return testing::AssertionFailure() << std::string(InfoOf(reason).name) << " expected; got "
                                     << (status.ok() ? "OK" : status.ToString());
}

template <typename T>
testing::AssertionResult IsRefused(const absl::StatusOr<T>& value, Reason reason) {
  return IsRefused(value.status(), reason);
}

// The fact `key` of a refusal; "" when there is none.
inline std::string FactOf(const absl::Status& status, absl::string_view key) {
  const std::optional<Refusal> refusal = RefusalOf(status);
  return refusal.has_value() ? std::string(refusal->fact(key)) : "";
}

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_SUPPORT_STATUS_H_
