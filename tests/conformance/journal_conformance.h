// What every journal backend must do. A backend joins with one line:
//
//   INSTANTIATE_TEST_SUITE_P(Memory, JournalConformance, testing::Values(JournalBackend{...}), NameOfBackend);
#ifndef TURNABOUT_TESTS_CONFORMANCE_JOURNAL_CONFORMANCE_H_
#define TURNABOUT_TESTS_CONFORMANCE_JOURNAL_CONFORMANCE_H_

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "store/journal/journal.h"

namespace turnabout {

struct JournalBackend {
  std::string name;
  // What is written is there after the journal was destroyed and opened again. An exception is named where it is made.
  bool persists = true;
  // Opens the journal that belongs to `folder`, a new empty folder for each test.
  std::function<absl::StatusOr<std::unique_ptr<Journal>>(const std::string& folder)> open;
};

inline std::string NameOfBackend(const testing::TestParamInfo<JournalBackend>& info) { return info.param.name; }

class JournalConformance : public testing::TestWithParam<JournalBackend> {
 protected:
  void SetUp() override;
  void TearDown() override;

  Journal& journal() { return *journal_; }
  Head head() { return *journal_->ReadHead(); }
  // Destroys the journal and opens it again.
  void Reopen();
  // The block after `head` with `records` records of which the first says `text`.
  Block Next(const Head& head, const std::string& text, int records = 1);
  // Appends it and expects success.
  Block Grow(const std::string& text, int records = 1);
  // Every block from `from` on, encoded. Expects success.
  std::vector<std::string> ReadAll(uint64_t from = 1);

 private:
  std::string folder_;
  std::unique_ptr<Journal> journal_;
  int64_t seconds_ = 1'800'000'000;
};

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_CONFORMANCE_JOURNAL_CONFORMANCE_H_
