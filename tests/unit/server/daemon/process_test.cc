#include "server/daemon/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "absl/time/clock.h"

namespace turnabout {
namespace {

ProcessReadings Read() {
  const std::optional<ProcessReadings> process = ReadProcess();
  EXPECT_TRUE(process.has_value());
  return process.value_or(ProcessReadings());
}

TEST(Process, StartedAWhileAgoAndNotLater) {
  const absl::Time started = Read().started;
  EXPECT_LT(started, absl::Now() + absl::Seconds(1));
  EXPECT_GT(started, absl::Now() - absl::Hours(1));
  EXPECT_EQ(started, Read().started);
}

TEST(Process, OpenFilesAreCounted) {
  const uint64_t before = Read().open_files;
  const int file = open("/dev/null", O_RDONLY);
  EXPECT_EQ(Read().open_files, before + 1);
  close(file);
  EXPECT_EQ(Read().open_files, before);
  EXPECT_LT(before, Read().open_files_max);
}

TEST(Process, MemoryThatIsTouchedIsInUse) {
  constexpr size_t kBytes = size_t{64} << 20;
  const uint64_t before = Read().resident_bytes;
  const std::string touched(kBytes, 'x');
  EXPECT_GE(Read().resident_bytes, before + kBytes * 9 / 10) << touched.size();
}

TEST(Process, ProcessorTimeIsUsedUp) {
  const absl::Duration before = Read().cpu;
  const absl::Time until = absl::Now() + absl::Seconds(30);
  while (Read().cpu == before && absl::Now() < until) {
  }
  EXPECT_GT(Read().cpu, before);
  EXPECT_LT(Read().cpu - before, absl::Seconds(1));
}

}  // namespace
}  // namespace turnabout
