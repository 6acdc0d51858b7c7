// A Plan is what somebody asks of givers, as rows: a list of clauses, each of which wants some number of options, each
// of which holds for whoever has any of its rows. A giver passes when every clause is met.
//
//   plan.Open(1); plan.Option({row_of_polish}); plan.Option({row_of_english}); plan.Close();   // one language
#ifndef TURNABOUT_MATCHER_CANDIDATES_PLAN_H_
#define TURNABOUT_MATCHER_CANDIDATES_PLAN_H_

#include <cstdint>

#include "base/check.h"
#include "matcher/candidates/row_book.h"

namespace turnabout {

struct Plan {
  // As many as 64 languages, 64 services, 8 genders, 21 times and 64 kinds of help in 4 settings can come to, the kinds
  // of help twice in three clauses; and the clauses of ask.cc.
  static constexpr int kRowsMax = 1024;
  static constexpr int kOptionsMax = 512;
  static constexpr int kClausesMax = 32;
  static constexpr int kCountedMax = 4;  // the most that a clause can want

  struct Clause {
    uint16_t row_begin = 0, row_end = 0;
    uint16_t option_begin = 0, option_end = 0;
    uint16_t at_least = 0;  // 0: asks nothing
  };

  int clause_count = 0;
  int row_count = 0;
  int option_count = 0;
  Clause clauses[kClausesMax];
  uint16_t rows[kRowsMax];
  uint16_t option_ends[kOptionsMax];  // of its rows

  void Clear() { clause_count = row_count = option_count = 0; }
  // Begins a clause, and returns which.
  int Open(int at_least) {
    TURNABOUT_CHECK(clause_count < kClausesMax);
    Clause& clause = clauses[clause_count];
    clause.at_least = static_cast<uint16_t>(at_least);
    clause.row_begin = static_cast<uint16_t>(row_count);
    clause.option_begin = static_cast<uint16_t>(option_count);
    return clause_count++;
  }
  // Adds a row to the option that is being written; kNoRow adds nothing.
  void Row(int row) {
    if (row == kNoRow) return;
    TURNABOUT_CHECK(row_count < kRowsMax);
    rows[row_count++] = static_cast<uint16_t>(row);
  }
  // Ends the option that is being written.
  void EndOption() {
    TURNABOUT_CHECK(option_count < kOptionsMax);
    option_ends[option_count++] = static_cast<uint16_t>(row_count);
  }
  void Option(int row) {
    Row(row);
    EndOption();
  }
  void Close() {
    Clause& clause = clauses[clause_count - 1];
    clause.row_end = static_cast<uint16_t>(row_count);
    clause.option_end = static_cast<uint16_t>(option_count);
  }
};

}  // namespace turnabout

#endif  // TURNABOUT_MATCHER_CANDIDATES_PLAN_H_
