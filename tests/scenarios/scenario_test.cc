// Every scenario in this folder, on every journal. Run from the top of the tree, as ctest does.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "store/journal/rocksdb_journal.h"
#include "tests/scenarios/runner.h"

namespace turnabout {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> ScenarioFiles() {
  std::vector<fs::path> files;
  for (const fs::directory_entry& each : fs::directory_iterator("tests/scenarios")) {
    if (each.path().extension() == ".scenario") files.push_back(each.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string TextOf(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

void ExpectHolds(const fs::path& file, Books& books) {
  for (const ScenarioProblem& problem : RunScenario(TextOf(file), books)) {
    ADD_FAILURE_AT(file.c_str(), problem.line) << problem.text;
  }
}

TEST(Scenarios, HoldInMemory) {
  ASSERT_GE(ScenarioFiles().size(), 4u);
  for (const fs::path& file : ScenarioFiles()) {
    Books books;
    ExpectHolds(file, books);
  }
}

TEST(Scenarios, HoldOnDisk) {
  const fs::path top = fs::temp_directory_path() / absl::StrCat("turnabout_scenarios_", getpid());
  fs::create_directories(top);
  for (const fs::path& file : ScenarioFiles()) {
    RocksdbJournalOptions options;
    options.folder = (top / file.stem()).string();
    options.low_water_bytes = 0;
    options.ballast_bytes = 0;
    auto journal = OpenRocksdbJournal(options);
    ASSERT_TRUE(IsOk(journal));
    Books books(*std::move(journal), options.folder + "/shelf");
    ExpectHolds(file, books);
  }
  fs::remove_all(top);
}

// The runner itself: each of these lines is wrong, and is found by its number.
TEST(Scenarios, FailuresAreFoundByLine) {
  struct Case {
    const char* line;
    const char* problem;
  };
  const Case cases[] = {
      {"log Ben->Ana 11h", "CREDIT_LIMIT_REACHED"},
      {"log Ben->Ana 1h refused CREDIT_LIMIT_REACHED", "the books say ok"},
      {"log Ben->Ana 11h refused CEILING_REACHED", "CREDIT_LIMIT_REACHED"},
      {"log Ben->Ana 11h refused CREDIT_LIMIT_REACHED limit=-9h", "limit is -10:00, not -9h"},
      {"log Ben->Ana 1h ok Ana=1h", "Ana is -1:00, not 1h"},
      {"check Ben.turns=1", "Ben.turns is 0, not 1"},
      {"check Ana.hold=1", "no figure called hold"},
      {"check Nobody=1", "Nobody is not here"},
      {"check Ana=soon", "not soon"},
      {"dance Ben->Ana", "no line begins with \"dance\""},
      {"log Ben 1h", "not giver->receiver"},
      {"log Ben->Ana", "something is missing"},
      {"log Ben->Ana soon", "an amount is missing"},
      {"member Ana", "Ana is here already"},
      {"limits Zoe limit=0", "Zoe is not here"},
      {"propose as=nobody", "nobody is proposed"},
  };
  for (const Case& each : cases) {
    Books books;
    const auto problems =
        RunScenario(absl::StrCat("# remark\nmember Ana Ben limit=-10h  # so far\n\n", each.line, "\n"), books);
    ASSERT_EQ(problems.size(), 1u) << each.line;
    EXPECT_EQ(problems.front().line, 4) << each.line;
    EXPECT_NE(problems.front().text.find(each.problem), std::string::npos) << problems.front().text;
  }
}

}  // namespace
}  // namespace turnabout
