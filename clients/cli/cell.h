// One cell of members.csv while it is being read.
#ifndef TURNABOUT_CLIENTS_CLI_CELL_H_
#define TURNABOUT_CLIENTS_CLI_CELL_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "clients/cli/member_row.h"

namespace turnabout::cli {

// One of several things in a cell: "shopping@home (fresh fruit)" has the text "shopping@home", and words of its own.
struct Item {
  std::string text;
  std::string words;
};

class Cell {
 public:
  using OnProblem = std::function<void(absl::string_view found, absl::string_view expected)>;

  // REQUIRES: `text` and `vocabulary` outlive the Cell.
  Cell(absl::string_view text, const Vocabulary& vocabulary, absl::CivilDay today, OnProblem on_problem)
      : text_(text), vocabulary_(vocabulary), today_(today), on_problem_(std::move(on_problem)) {}

  absl::string_view text() const { return text_; }
  const Vocabulary& vocabulary() const { return vocabulary_; }
  absl::CivilDay today() const { return today_; }

  // Says what is wrong with part of the cell. Reading goes on, so that everything wrong is found at once.
  void Problem(absl::string_view found, absl::string_view expected) { on_problem_(found, expected); }

  // The cell's items, which ';', ',' or a line break sets apart, except between brackets. A '\' in brackets makes the
  // next character part of the words. A bracket that is never closed is a problem.
  std::vector<Item> Items();

 private:
  absl::string_view text_;
  const Vocabulary& vocabulary_;
  absl::CivilDay today_;
  OnProblem on_problem_;
};

// An item's words in brackets, as Cell::Items reads them; empty for no words.
std::string InBrackets(absl::string_view words);

}  // namespace turnabout::cli

#endif  // TURNABOUT_CLIENTS_CLI_CELL_H_
