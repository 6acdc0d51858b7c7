// What machine this is, in the words that its figures need beside them.
#ifndef TURNABOUT_TESTS_BENCH_COMMON_MACHINE_H_
#define TURNABOUT_TESTS_BENCH_COMMON_MACHINE_H_

#include <string>
#include <vector>

namespace turnabout::bench {

// Lines such as "2 x AMD EPYC, 24.1 GB" and "ext4 on /dev/vda"; `folder` is where the benchmark writes.
std::vector<std::string> DescribeMachine(const std::string& folder);

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_COMMON_MACHINE_H_
