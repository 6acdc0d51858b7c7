// RETURN_IF_ERROR and ASSIGN_OR_RETURN, as Abseil's own users know them (this Abseil does not ship them).
#ifndef TURNABOUT_BASE_STATUS_MACROS_H_
#define TURNABOUT_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define TURNABOUT_CONCAT_INNER(a, b) a##b
#define TURNABOUT_CONCAT(a, b) TURNABOUT_CONCAT_INNER(a, b)

// Returns the status of `expr` from this function unless it is OK.
#define RETURN_IF_ERROR(expr)                            \
  do {                                                   \
    absl::Status turnabout_status = (expr);              \
    if (!turnabout_status.ok()) return turnabout_status; \
  } while (false)

// Assigns the value of the StatusOr `expr` to `lhs`, or returns its status from this function.
#define ASSIGN_OR_RETURN(lhs, expr) ASSIGN_OR_RETURN_IMPL(TURNABOUT_CONCAT(turnabout_or_, __LINE__), lhs, expr)
#define ASSIGN_OR_RETURN_IMPL(temp, lhs, expr) \
  auto temp = (expr);                          \
  if (!temp.ok()) return temp.status();        \
  lhs = *std::move(temp)

#endif  // TURNABOUT_BASE_STATUS_MACROS_H_
