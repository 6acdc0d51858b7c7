// Running the real turnaboutd to its end, for what an operator types and sees.
//
//   const Ran ran = RunTurnaboutd({"verify", "--data-dir", folder}, scratch);
//   EXPECT_EQ(ran.code, 4);
#ifndef TURNABOUT_TESTS_CRASH_PROGRAM_H_
#define TURNABOUT_TESTS_CRASH_PROGRAM_H_

#include <string>
#include <vector>

#include "tests/support/ran.h"

namespace turnabout {

// Runs it with these arguments and waits. What it writes goes through files in `scratch`. Its code is -1 when a signal
// ended it: its own, or ours after a minute.
Ran RunTurnaboutd(const std::vector<std::string>& arguments, const std::string& scratch);

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_CRASH_PROGRAM_H_
