// A LineReader takes text apart, line by line and field by field, and remembers where it stumbled.
//
//   LineReader lines(text);
//   while (lines.NextLine()) {                       // past empty lines and those that begin with c
//     int64_t giver = 0;
//     if (lines.kind() == "e" && lines.Take("GIVER", 0, kMost, giver) && lines.TakeEnd()) ...
//   }
//   return lines.status();                           // "Line 3, column 5: expected GIVER, a whole number from 0 to 9."
//
// Fields are separated by blanks. Lines end in a line feed, with or without a carriage return before it.
#ifndef TURNABOUT_MATCHER_CLEAR_LINE_READER_H_
#define TURNABOUT_MATCHER_CLEAR_LINE_READER_H_

#include <cstdint>
#include <initializer_list>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "matcher/clear/levels.h"

namespace turnabout::clear {

// Not thread-safe. After the first mistake every call returns false.
class LineReader {
 public:
  // `text` outlives the reader.
  explicit LineReader(absl::string_view text) : text_(text) {}

  // Goes to the next line that says something. False at the end of the text.
  bool NextLine();

  // The first field of the line.
  absl::string_view kind() const { return kind_; }
  int64_t line() const { return line_; }

  // Takes the next field: a whole number from `least` to `most`, which `name` is what a mistake calls it.
  bool Take(absl::string_view name, int64_t least, int64_t most, int64_t& value);
  bool TakeWide(absl::string_view name, Wide& value);  // with a sign or not, at most 2^125 either way
  // Takes the next field, which is one of the words; `index` says which.
  bool TakeWord(std::initializer_list<absl::string_view> words, int& index);
  // There are no more fields.
  bool TakeEnd();

  // Says that something else was expected at the field taken last, or at the line itself.
  bool ExpectedAtField(absl::string_view what) { return Expected(field_, what); }
  bool ExpectedAtLine(absl::string_view what) { return Expected(begin_, what); }

  // OK, or INVALID_ARGUMENT/BAD_INSTANCE: the line, the column, what was expected.
  const absl::Status& status() const { return status_; }

 private:
  void SkipBlanks();
  absl::string_view NextField();
  bool Expected(size_t at, absl::string_view what);

  absl::string_view text_;
  size_t at_ = 0;     // the next byte to read
  size_t begin_ = 0;  // of the line
  size_t field_ = 0;  // where the field taken last begins
  int64_t line_ = 0;
  absl::string_view kind_;
  absl::Status status_;
};

}  // namespace turnabout::clear

#endif  // TURNABOUT_MATCHER_CLEAR_LINE_READER_H_
