// One line of members.csv as the API knows it, and back. docs/reference/import.md describes the columns.
#ifndef TURNABOUT_CLIENTS_CLI_MEMBER_ROW_H_
#define TURNABOUT_CLIENTS_CLI_MEMBER_ROW_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "clients/cli/csv.h"
#include "turnabout/v1/member_service.pb.h"

namespace turnabout::cli {

// The words that a scheme knows. An empty list means that nobody asked the scheme: any word is let through.
struct Vocabulary {
  std::vector<std::string> categories;
  std::vector<std::string> services;
  std::vector<std::string> languages;
  std::vector<std::string> checks;
  std::vector<std::string> places;
};

// What is wrong with one cell, and what would be right.
struct RowProblem {
  int line = 0;
  std::string column_letter;  // empty when the whole row is meant
  std::string column;
  std::string found;
  std::string expected;  // empty when `found` is the server's own sentence
};

struct MemberRow {
  int line = 0;
  v1::ImportedMember member;  // excluded_members holds references
};

struct MemberRows {
  std::vector<MemberRow> rows;       // those without a problem, in the file's order
  std::vector<RowProblem> problems;  // every one of them, by line
  std::vector<std::string> notes;    // columns that are ignored, and what they were perhaps meant to be
  CsvRow header;                     // as the file has it
};

// Reads every row. `today` is what "today+90" in a date column counts from.
MemberRows ParseMemberRows(const CsvTable& table, const Vocabulary& vocabulary, absl::CivilDay today);

// Where in the file the server's "members[3].member.offers[0].category" is: the letter and name of its column. Both are
// empty when the file has no such column.
struct ColumnPlace {
  std::string letter;
  std::string name;
};
ColumnPlace ColumnOfField(absl::string_view field, const CsvRow& header);

// The columns that export writes, in order.
std::vector<std::string> MemberColumns();

// The cells for those columns. ParseMemberRows reads them back to an equal message.
std::vector<std::string> FormatMemberRow(const v1::ImportedMember& member);

// "Line 7, column D (place): found "CF99"; expected one of the scheme's places."
std::string ProblemSentence(const RowProblem& problem);

}  // namespace turnabout::cli

#endif  // TURNABOUT_CLIENTS_CLI_MEMBER_ROW_H_
