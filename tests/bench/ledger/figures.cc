#include "tests/bench/ledger/figures.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace turnabout::bench {
namespace {

using Value = std::function<double(const Results&)>;

// Spoils every sum and ratio that it is part of.
constexpr double kNotMeasured = std::numeric_limits<double>::quiet_NaN();

double OrNotMeasured(double value) { return value > 0 ? value : kNotMeasured; }

Value Rate(const char* contender) {
  return [=](const Results& results) { return OrNotMeasured(results.Rate(contender)); };
}

Value Middle(const char* contender, double Sample::*figure) {
  return [=](const Results& results) { return OrNotMeasured(results.Middle(contender, figure)); };
}

Value Noted(const char* figure) {
  return [=](const Results& results) { return OrNotMeasured(results.Noted(figure)); };
}

Value Ratio(Value over, Value under) {
  return [=](const Results& results) { return over(results) / under(results); };
}

Value RateRatio(const char* over, const char* under) { return Ratio(Rate(over), Rate(under)); }

// The best of PostgreSQL's batches, whatever the number of its clients.
double PostgresSetRate(const Results& results) {
  double best = 0;
  for (const char* name : {"postgres-set-1-uniform", "postgres-set-2-uniform", "postgres-set-4-uniform"}) {
    best = std::max(best, results.Rate(name));
  }
  return OrNotMeasured(best);
}

// What a single call takes beyond a sync and an echo.
double SingleOverhead(const Results& results) {
  return Middle("turnabout-unary-1-uniform", &Sample::p50_ms)(results) -
         Middle("disk-single", &Sample::p50_ms)(results) - Middle("echo-unary-1", &Sample::p50_ms)(results);
}

double LongestPause(const Results& results) {
  double longest = 0;
  for (const char* name :
       {"turnabout-unary-64-uniform", "turnabout-unary-512-uniform", "turnabout-batch-1000-uniform"}) {
    longest = std::max(longest, results.Largest(name, &Sample::pause_ms));
  }
  return OrNotMeasured(longest);
}

}  // namespace

const std::vector<Figure>& Figures() {
  static const auto* figures = new std::vector<Figure>{
      {"batch1000_vs_pg_set", "batches of 1000 over gRPC / PostgreSQL's set-based batches of 1000", AtLeast(20),
       Ratio(Rate("turnabout-batch-1000-uniform"), PostgresSetRate)},
      {"unary64_vs_pg16_uniform", "64 calls in flight / PostgreSQL with 16 clients", AtLeast(3),
       RateRatio("turnabout-unary-64-uniform", "postgres-16-uniform")},
      {"unary64_vs_pg16_hot", "the same, everybody paying one account", AtLeast(10),
       RateRatio("turnabout-unary-64-hot", "postgres-16-hot")},
      {"unary64_vs_pg64_hot", "the same, PostgreSQL with 64 clients", AtLeast(25),
       RateRatio("turnabout-unary-64-hot", "postgres-64-hot")},
      {"unary64_vs_echo", "64 calls in flight / an echo of the same messages", AtLeast(0.75),
       RateRatio("turnabout-unary-64-uniform", "echo-unary-64")},
      {"bidi_vs_pg16", "the stream / PostgreSQL with 16 clients", AtLeast(25),
       RateRatio("turnabout-stream-uniform", "postgres-16-uniform")},
      {"bidi_vs_echo", "the stream / an echo of the same stream", AtLeast(0.75),
       RateRatio("turnabout-stream-uniform", "echo-stream")},
      {"batch1000_vs_echo",
       "batches of 1000 / an echo of the same messages",
       {},
       RateRatio("turnabout-batch-1000-uniform", "echo-batch-1000")},
      {"hot_vs_uniform", "the engine, everybody paying one account / uniform", AtLeast(0.95),
       RateRatio("engine-hot", "engine-uniform")},
      {"engine_vs_file", "the engine / the same engine over a file of its own", AtLeast(0.8),
       RateRatio("engine-uniform", "engine-on-file-uniform")},
      {"engine_vs_disk",
       "the engine / its bytes in its groups appended by nobody's logic",
       {},
       RateRatio("engine-uniform", "disk-groups")},
      {"engine_transfers_per_s", "the engine, transfers a second", AtLeast(600'000), Rate("engine-uniform")},
      {"single_overhead_ms", "one call at a time: ms beyond a sync and an echo, medians", AtMost(0.15), SingleOverhead},
      {"single_p50_ms", "  one call, ms", {}, Middle("turnabout-unary-1-uniform", &Sample::p50_ms)},
      {"single_sync_p50_ms", "  its sync, ms", {}, Middle("disk-single", &Sample::p50_ms)},
      {"single_echo_p50_ms", "  its echo, ms", {}, Middle("echo-unary-1", &Sample::p50_ms)},
      {"cpu_us_per_transfer", "the server's processor time for a transfer in batches of 1000, us", AtMost(4.5),
       Middle("turnabout-batch-1000-uniform", &Sample::cpu_us_per_transfer)},
      {"p99_at_half_peak_over_p50", "at half of the peak of single calls, p99 / p50", AtMost(4),
       Ratio(Middle("turnabout-unary-half", &Sample::p99_ms), Middle("turnabout-unary-half", &Sample::p50_ms))},
      {"max_pause_ms", "the longest time without an answer under steady load, ms", AtMost(100), LongestPause},
      {"bytes_per_transfer", "on disk for a transfer, statements and request ids included, bytes", AtMost(235),
       Noted("bytes_per_transfer")},
      {"recover_10m_s", "10 million transfers: from kill to the first answer, s", AtMost(1), Noted("recover_10m_s")},
      {"verify_10m_s", "10 million transfers: verified in full, s", AtMost(5), Noted("verify_10m_s")},
  };
  return *figures;
}

std::optional<double> ValueOf(const Figure& figure, const Results& results) {
  const double value = figure.value(results);
  return std::isfinite(value) ? std::make_optional(value) : std::nullopt;
}

}  // namespace turnabout::bench
