// What is counted, and how it is written down. The reader of the text is strict, and has tests of its own.
#include "server/daemon/metrics.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/version.h"
#include "tests/support/exposition.h"
#include "tests/support/status.h"

namespace turnabout {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr char kSome[] = "# HELP a_total Some.\n# TYPE a_total counter\n";
constexpr char kTimes[] = "# HELP t Times.\n# TYPE t histogram\n";

TEST(Exposition, ReadsWhatTheFormatAllows) {
  const auto page =
      ReadExposition(absl::StrCat(kSome, "a_total{x=\"\\\"\\\\\\n}\",y=\"\"} 1e+06\na_total 0\n", kTimes,
                                  "t_bucket{le=\"0.1\"} 1\nt_bucket{le=\"+Inf\"} 3\nt_sum 7.5\nt_count 3\n",
                                  "# HELP g G.\n# TYPE g gauge\ng -Inf\n"));
  ASSERT_TRUE(IsOk(page));
  EXPECT_EQ(page->families.at("a_total").samples[0].labels.at("x"), "\"\\\n}");
  EXPECT_EQ(page->families.at("a_total").samples[0].value, 1e6);
  EXPECT_EQ(page->families.at("t").type, "histogram");
  EXPECT_EQ(page->families.at("t").help, "Times.");
  EXPECT_EQ(page->Value("t_bucket{le=\"+Inf\"}"), 3);
  EXPECT_EQ(page->Value("a_total"), 0);
  EXPECT_FALSE(page->Value("b_total").has_value());
}

TEST(Exposition, RefusesWhatItDoesNot) {
  const std::string infinite = "t_bucket{le=\"+Inf\"} 3\n";
  for (const std::string& text : {
           std::string(),
           absl::StrCat(kSome, "a_total 1"),               // no end of line
           absl::StrCat(kSome, "\na_total 1\n"),           // an empty line
           absl::StrCat(kSome, "a_total  1\n"),            // two spaces
           absl::StrCat(kSome, "a_total 1 1700000000\n"),  // a time, which we do not give
           absl::StrCat(kSome, "a_total 0x1\n"),           // no number
           absl::StrCat(kSome, "a_total -1\n"),            // a counter below 0
           absl::StrCat(kSome, "a_total NaN\n"),           // and one that is no number
           absl::StrCat(kSome, "a_total 1\na_total 1\n"),  // twice
           absl::StrCat(kSome, "a_total{x=\"1\"} 1\na_total{x=\"1\"} 2\n"),
           absl::StrCat(kSome, "a_total{x=\"1\",x=\"2\"} 1\n"),                // a label twice
           absl::StrCat(kSome, "a_total{x=\"\\t\"} 1\n"),                      // no such escape
           absl::StrCat(kSome, "a_total{x=\"1} 1\n"),                          // no end of the value
           absl::StrCat(kSome, "a_total{x=\"1\" 1\n"),                         // no end of the labels
           absl::StrCat(kSome, "a_total{x=1} 1\n"),                            // no quotes
           absl::StrCat(kSome, "a_total{1x=\"1\"} 1\n"),                       // no name for a label
           absl::StrCat(kSome, "a_total{__x=\"1\"} 1\n"),                      // Prometheus' own
           absl::StrCat(kSome, "a-total 1\n"),                                 // no name
           absl::StrCat(kSome, "a_totals 1\n"),                                // another's
           std::string(kSome),                                                 // no samples
           absl::StrCat(kSome, "a_total 1\n", kSome, "a_total{x=\"1\"} 1\n"),  // in two places
           std::string("a_total 1\n"),                                         // no type
           std::string("# TYPE a_total counter\na_total 1\n"),                 // no help
           std::string("# HELP a_total \n# TYPE a_total counter\na_total 1\n"),
           std::string("# HELP a_total Some.\na_total 1\n"),
           std::string("# HELP a_total Some.\n# TYPE b_total counter\nb_total 1\n"),
           std::string("# HELP a_total Some.\n# TYPE a_total number\na_total 1\n"),
           std::string("# HELP a Some.\n# TYPE a counter\na 1\n"),              // a counter without _total
           absl::StrCat(kTimes, infinite, "t_sum 1\n"),                         // no count
           absl::StrCat(kTimes, infinite, "t_count 3\n"),                       // no sum
           absl::StrCat(kTimes, "t_sum 1\nt_count 3\n"),                        // no buckets
           absl::StrCat(kTimes, infinite, "t_sum 1\nt_count 4\n"),              // a count that is not +Inf's
           absl::StrCat(kTimes, "t_bucket{le=\"1\"} 3\nt_sum 1\nt_count 3\n"),  // no +Inf
           absl::StrCat(kTimes, "t_bucket{le=\"1\"} 4\n", infinite, "t_sum 1\nt_count 3\n"),  // fewer below
           absl::StrCat(kTimes, "t_bucket{le=\"2\"} 1\nt_bucket{le=\"1\"} 1\n", infinite, "t_sum 1\nt_count 3\n"),
           absl::StrCat(kTimes, "t_bucket{le=\"1\"} 0.5\n", infinite, "t_sum 1\nt_count 3\n"),
           absl::StrCat(kTimes, "t_bucket 1\n", infinite, "t_sum 1\nt_count 3\n"),
           absl::StrCat(kTimes, "t 1\n", infinite, "t_sum 1\nt_count 3\n"),
       }) {
    EXPECT_FALSE(ReadExposition(text).ok()) << text;
  }
}

Readings SomeReadings() {
  return {.journal = "rocksdb",
          .head = {.number = 12, .last_sequence = 345, .hash = {}, .time_micros = 1'700'000'000'500'000},
          .queue_depth = 6,
          .shelf_lag = 78,
          .entries = 90,
          .accounts = 11,
          .disk_free_bytes = 123'456'789'012,
          .low_water_bytes = 268'435'456,
          .process = ProcessReadings{.resident_bytes = 1'048'576,
                                     .cpu = absl::Milliseconds(1500),
                                     .open_files = 20,
                                     .open_files_max = 1024,
                                     .started = absl::FromUnixSeconds(1'600'000'000)}};
}

class MetricsTest : public testing::Test {
 protected:
  Exposition Page(const Readings& readings = SomeReadings()) const {
    const std::string text = metrics_.Text(readings);
    absl::StatusOr<Exposition> page = ReadExposition(text);
    EXPECT_TRUE(IsOk(page)) << text;
    return page.ok() ? *page : Exposition();
  }
  double Value(absl::string_view series) const {
    const std::optional<double> value = Page().Value(series);
    EXPECT_TRUE(value.has_value()) << series;
    return value.value_or(-1);
  }

  Metrics metrics_{{"PostEntry", "GetEntry"}};
};

TEST_F(MetricsTest, WhatIsReadIsSaidAsItIs) {
  EXPECT_EQ(Value(absl::StrCat("turnabout_build_info{journal=\"rocksdb\",version=\"", kVersion, "\"}")), 1);
  EXPECT_EQ(Value("turnabout_journal_head_block"), 12);
  EXPECT_EQ(Value("turnabout_journal_head_timestamp_seconds"), 1'700'000'000.5);
  EXPECT_EQ(Value("turnabout_journal_revision"), 345);
  EXPECT_EQ(Value("turnabout_write_queue_depth"), 6);
  EXPECT_EQ(Value("turnabout_shelf_lag_records"), 78);
  EXPECT_EQ(Value("turnabout_entries_total"), 90);
  EXPECT_EQ(Value("turnabout_accounts"), 11);
  EXPECT_EQ(Value("turnabout_disk_free_bytes"), 123'456'789'012);
  EXPECT_EQ(Value("turnabout_disk_low_water_bytes"), 268'435'456);
  EXPECT_EQ(Value("turnabout_process_resident_memory_bytes"), 1'048'576);
  EXPECT_EQ(Value("turnabout_process_cpu_seconds_total"), 1.5);
  EXPECT_EQ(Value("turnabout_process_open_fds"), 20);
  EXPECT_EQ(Value("turnabout_process_max_fds"), 1024);
  EXPECT_EQ(Value("turnabout_process_start_time_seconds"), 1'600'000'000);
}

TEST_F(MetricsTest, WhatCannotBeReadIsLeftOut) {
  const Exposition page = Page({.journal = "memory"});
  for (const auto& [name, family] : page.families) {
    EXPECT_FALSE(absl::StrContains(name, "_disk_") || absl::StrContains(name, "_process_")) << name;
  }
  EXPECT_EQ(page.Value("turnabout_journal_head_block"), 0);
}

TEST_F(MetricsTest, AGroupCountsOnceForAllItsCommands) {
  metrics_.GroupEnded({.commands = 3, .records = 7, .bytes = 700, .apply = microseconds(20), .sync = milliseconds(2)});
  metrics_.GroupEnded({.commands = 1, .records = 1, .bytes = 50, .apply = microseconds(200), .sync = milliseconds(9)});
  EXPECT_EQ(Value("turnabout_commands_total"), 4);
  EXPECT_EQ(Value("turnabout_journal_records_written_total"), 8);
  EXPECT_EQ(Value("turnabout_journal_bytes_written_total"), 750);
  EXPECT_EQ(Value("turnabout_group_commands_count"), 2);
  EXPECT_EQ(Value("turnabout_group_commands_sum"), 4);
  EXPECT_EQ(Value("turnabout_group_commands_bucket{le=\"1\"}"), 1);
  EXPECT_EQ(Value("turnabout_group_commands_bucket{le=\"4\"}"), 2);
  EXPECT_EQ(Value("turnabout_group_apply_seconds_count"), 2);
  EXPECT_NEAR(Value("turnabout_group_apply_seconds_sum"), 0.00022, 1e-9);
  EXPECT_EQ(Value("turnabout_journal_sync_seconds_bucket{le=\"0.001\"}"), 0);
  EXPECT_EQ(Value("turnabout_journal_sync_seconds_bucket{le=\"0.0025\"}"), 1);
  EXPECT_EQ(Value("turnabout_journal_sync_seconds_bucket{le=\"0.01\"}"), 2);
  EXPECT_NEAR(Value("turnabout_journal_sync_seconds_sum"), 0.011, 1e-9);
}

TEST_F(MetricsTest, AGroupThatWroteNothingIsNoSync) {
  metrics_.GroupEnded({.commands = 2, .apply = microseconds(20)});
  EXPECT_EQ(Value("turnabout_commands_total"), 2);
  EXPECT_EQ(Value("turnabout_group_apply_seconds_count"), 1);
  EXPECT_EQ(Value("turnabout_group_commands_count"), 0);
  EXPECT_EQ(Value("turnabout_journal_sync_seconds_count"), 0);
}

TEST_F(MetricsTest, ASyncThatFailedShows) {
  EXPECT_EQ(Value("turnabout_journal_write_failures_total{reason=\"JOURNAL_UNAVAILABLE\"}"), 0) << "before it happens";
  metrics_.GroupEnded({.commands = 3, .records = 7, .bytes = 700, .written = Refuse(Reason::kJournalUnavailable)});
  metrics_.GroupEnded({.commands = 1, .records = 1, .bytes = 50, .written = Refuse(Reason::kDiskFull)});
  metrics_.GroupEnded({.commands = 1, .written = Refuse(Reason::kDiskFull)});  // it was above, and never tried
  EXPECT_EQ(Value("turnabout_journal_write_failures_total{reason=\"JOURNAL_UNAVAILABLE\"}"), 1);
  EXPECT_EQ(Value("turnabout_journal_write_failures_total{reason=\"DISK_FULL\"}"), 1);
  EXPECT_EQ(Value("turnabout_journal_records_written_total"), 0);
  EXPECT_EQ(Value("turnabout_journal_sync_seconds_count"), 0);
  EXPECT_EQ(Value("turnabout_commands_total"), 5);
}

TEST_F(MetricsTest, WhatReachedTheShelfIsCounted) {
  metrics_.CutEnded({.records = 1000, .time = milliseconds(30)});
  metrics_.CutEnded({.records = 10, .time = milliseconds(5)});
  EXPECT_EQ(Value("turnabout_shelf_records_written_total"), 1010);
  EXPECT_EQ(Value("turnabout_shelf_cut_seconds_count"), 2);
  EXPECT_NEAR(Value("turnabout_shelf_cut_seconds_sum"), 0.035, 1e-9);
}

TEST_F(MetricsTest, CallsAreCountedByRpcCodeAndTime) {
  EXPECT_FALSE(Page().Value("turnabout_calls_total{code=\"OK\",method=\"PostEntry\"}").has_value());
  metrics_.CallEnded("PostEntry", std::nullopt, milliseconds(3));
  metrics_.CallEnded("PostEntry", std::nullopt, milliseconds(30));
  metrics_.CallEnded("PostEntry", Reason::kCreditLimitReached, microseconds(40));
  metrics_.CallEnded("GetEntry", Reason::kEntryNotFound, microseconds(40));
  EXPECT_EQ(Value("turnabout_calls_total{code=\"OK\",method=\"PostEntry\"}"), 2);
  EXPECT_EQ(Value("turnabout_calls_total{code=\"FAILED_PRECONDITION\",method=\"PostEntry\"}"), 1);
  EXPECT_EQ(Value("turnabout_calls_total{code=\"NOT_FOUND\",method=\"GetEntry\"}"), 1);
  EXPECT_FALSE(Page().Value("turnabout_calls_total{code=\"OK\",method=\"GetEntry\"}").has_value());
  EXPECT_EQ(Value("turnabout_call_duration_seconds_count{method=\"PostEntry\"}"), 3);
  EXPECT_EQ(Value("turnabout_call_duration_seconds_bucket{le=\"0.005\",method=\"PostEntry\"}"), 2);
  EXPECT_NEAR(Value("turnabout_call_duration_seconds_sum{method=\"PostEntry\"}"), 0.03304, 1e-9);
}

TEST_F(MetricsTest, ARefusalIsCountedByItsReasonAndNoOther) {
  metrics_.CallEnded("PostEntry", Reason::kCreditLimitReached, microseconds(1));
  metrics_.ItemsRefused(Reason::kTurnNeeded, 5);
  metrics_.ItemsRefused(Reason::kCreditLimitReached, 2);
  const Exposition page = Page();
  EXPECT_EQ(page.Value("turnabout_refusals_total{of=\"call\",reason=\"CREDIT_LIMIT_REACHED\"}"), 1);
  EXPECT_EQ(page.Value("turnabout_refusals_total{of=\"item\",reason=\"CREDIT_LIMIT_REACHED\"}"), 2);
  EXPECT_EQ(page.Value("turnabout_refusals_total{of=\"item\",reason=\"TURN_NEEDED\"}"), 5);
  double all = 0;
  for (const ExposedSample& sample : page.families.at("turnabout_refusals_total").samples) all += sample.value;
  EXPECT_EQ(all, 8);
}

TEST_F(MetricsTest, EveryReasonIsThereBeforeItHappens) {
  const Exposition page = Page();
  for (const ReasonInfo& info : AllReasons()) {
    for (const absl::string_view of : {"call", "item"}) {
      EXPECT_EQ(page.Value(absl::StrCat("turnabout_refusals_total{of=\"", of, "\",reason=\"", info.name, "\"}")), 0);
    }
  }
}

// Prometheus' conventions, and ours.
TEST_F(MetricsTest, NamesAndHelpFollowTheConventions) {
  metrics_.CallEnded("PostEntry", std::nullopt, milliseconds(3));
  std::set<std::string> helps;
  for (const auto& [name, family] : Page().families) {
    EXPECT_TRUE(absl::StartsWith(name, "turnabout_")) << name;
    EXPECT_EQ(absl::EndsWith(name, "_total"), family.type == "counter") << name;
    EXPECT_TRUE(absl::EndsWith(family.help, ".") || absl::StrContains(family.help, "; ")) << name << family.help;
    EXPECT_TRUE(helps.insert(family.help).second) << name << " is explained as another is";
    for (const absl::string_view other : {"milli", "micro", "minutes", "kib", "mib", "percent"}) {
      EXPECT_FALSE(absl::StrContains(name, other)) << name << ": seconds and bytes";
    }
  }
}

TEST_F(MetricsTest, PagesAreOrderedAndTheSameEachTime) {
  metrics_.CallEnded("PostEntry", std::nullopt, milliseconds(3));
  metrics_.CallEnded("GetEntry", std::nullopt, milliseconds(3));
  const std::string text = metrics_.Text(SomeReadings());
  EXPECT_EQ(text, metrics_.Text(SomeReadings()));
  EXPECT_LT(text.find("# HELP turnabout_accounts"), text.find("# HELP turnabout_write_queue_depth"));
  EXPECT_LT(text.find("method=\"GetEntry\""), text.find("method=\"PostEntry\""));
}

TEST_F(MetricsTest, NothingIsLostBetweenThreads) {
  constexpr int kThreads = 4;
  constexpr int kEach = 5000;
  std::atomic<int> running{kThreads};
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int done = 0; done < kEach; ++done) {
        metrics_.CallEnded("PostEntry", std::nullopt, microseconds(done));
        metrics_.CallEnded("GetEntry", Reason::kEntryNotFound, microseconds(done));
        metrics_.GroupEnded(
            {.commands = 2, .records = 3, .bytes = 4, .apply = microseconds(5), .sync = microseconds(6)});
      }
      --running;
    });
  }
  while (running > 0) Page();
  for (std::thread& thread : threads) thread.join();
  constexpr double kAll = kThreads * kEach;
  EXPECT_EQ(Value("turnabout_calls_total{code=\"OK\",method=\"PostEntry\"}"), kAll);
  EXPECT_EQ(Value("turnabout_call_duration_seconds_count{method=\"GetEntry\"}"), kAll);
  EXPECT_EQ(Value("turnabout_refusals_total{of=\"call\",reason=\"ENTRY_NOT_FOUND\"}"), kAll);
  EXPECT_EQ(Value("turnabout_journal_records_written_total"), 3 * kAll);
}

}  // namespace
}  // namespace turnabout
