#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/status_macros.h"
#include "clients/cli/exporter.h"
#include "clients/cli/files.h"
#include "clients/cli/importer.h"
#include "clients/cli/session.h"
#include "clients/cli/text.h"
#include "clients/cli/verbs.h"

namespace turnabout::cli {
namespace {

constexpr size_t kProblemsShown = 100;

void SortByLine(std::vector<RowProblem>& problems) {
  std::stable_sort(problems.begin(), problems.end(),
                   [](const RowProblem& a, const RowProblem& b) { return a.line < b.line; });
}

// Every problem: sentences on the side for a person, a document for a program.
void ShowProblems(Session& session, const std::vector<RowProblem>& problems) {
  if (session.json()) {
    session.out() << "{\n \"problems\": [";
    for (size_t i = 0; i < problems.size(); ++i) {
      session.out() << (i == 0 ? "\n" : ",\n") << "  {\"line\": " << problems[i].line << ", \"column\": \""
                    << JsonEscape(problems[i].column) << "\", \"sentence\": \""
                    << JsonEscape(ProblemSentence(problems[i])) << "\"}";
    }
    session.out() << "\n ]\n}\n";
    return;
  }
  for (size_t i = 0; i < std::min(problems.size(), kProblemsShown); ++i)
    session.Note(absl::StrCat("  ", ProblemSentence(problems[i])));
  if (problems.size() > kProblemsShown) {
    session.Note(
        absl::StrCat("  … and ", Grouped(problems.size() - kProblemsShown), " more. For all of them: --output json"));
  }
}

void ShowTotals(Session& session, const ImportTotals& totals, int64_t skipped, absl::string_view what) {
  if (session.json()) {
    session.out() << "{\"created\": " << totals.created << ", \"updated\": " << totals.updated
                  << ", \"unchanged\": " << totals.unchanged << ", \"skipped\": " << skipped << "}\n";
    return;
  }
  session.out() << what << Grouped(totals.created) << " new, " << Grouped(totals.updated) << " changed, "
                << Grouped(totals.unchanged) << " unchanged"
                << (skipped > 0 ? absl::StrCat(", ", Grouped(skipped), " skipped") : "") << ".\n";
}

// How many lines have a problem.
int64_t LinesOf(const std::vector<RowProblem>& problems) {
  int64_t lines = 0;
  for (size_t i = 0; i < problems.size(); ++i) lines += i == 0 || problems[i].line != problems[i - 1].line;
  return lines;
}

// Rows without those on the lines that have a problem.
void DropBad(const std::vector<RowProblem>& problems, std::vector<MemberRow>& rows) {
  rows.erase(std::remove_if(rows.begin(), rows.end(),
                            [&](const MemberRow& row) {
                              return std::any_of(problems.begin(), problems.end(),
                                                 [&](const RowProblem& problem) { return problem.line == row.line; });
                            }),
             rows.end());
}

absl::Status ImportMembers(Session& session) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(session.command().argument()));
  ASSIGN_OR_RETURN(const CsvTable table, ParseCsv(text));
  ImportOptions options;
  ASSIGN_OR_RETURN(options.scheme, session.Scheme());
  ASSIGN_OR_RETURN(options.actor, session.Actor());
  ASSIGN_OR_RETURN(const Vocabulary vocabulary, ReadVocabulary(session.api(), options.scheme));
  MemberRows rows = ParseMemberRows(table, vocabulary, session.Today());
  for (const std::string& note : rows.notes) session.Note(note);
  const bool skip_bad = session.command().has("skip-bad");
  const bool dry_run = session.command().has("dry-run");
  options.write = !dry_run && (skip_bad || rows.problems.empty());
  absl::Time told = session.Now();
  options.on_progress = [&](int64_t sent, int64_t total) {
    if (!session.console().err_is_terminal || session.Now() - told < absl::Seconds(2)) return;
    told = session.Now();
    session.Note(absl::StrCat("  ", Grouped(sent), " of ", Grouped(total), " …"));
  };
  ImportTotals totals;
  for (size_t before = ~size_t{0}; before != rows.problems.size();) {
    before = rows.problems.size();
    ASSIGN_OR_RETURN(totals, ImportMemberRows(session.api(), options, rows.rows, rows.header, rows.problems));
    SortByLine(rows.problems);
    DropBad(rows.problems, rows.rows);
    if (!skip_bad) break;
  }
  ShowProblems(session, rows.problems);
  if (!rows.problems.empty() && !skip_bad) {
    return absl::InvalidArgumentError(
        absl::StrCat("Nothing was imported: ", Count(LinesOf(rows.problems), "line needs", "lines need"),
                     " correcting.\n  Next: correct them, or leave them out with --skip-bad"));
  }
  if (!session.json() || rows.problems.empty()) {
    ShowTotals(session, totals, LinesOf(rows.problems), dry_run ? "A dry run, nothing was written: " : "");
  }
  if (!dry_run && totals.created > 0) session.SuggestNext("round run --dry-run");
  return absl::OkStatus();
}

absl::Status ImportPlacesFile(Session& session) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(session.command().argument()));
  ASSIGN_OR_RETURN(const CsvTable table, ParseCsv(text));
  std::vector<RowProblem> problems;
  const std::vector<v1::Place> places = ParsePlaces(table, problems);
  SortByLine(problems);
  if (!problems.empty()) {
    ShowProblems(session, problems);
    return absl::InvalidArgumentError(
        absl::StrCat("Nothing was imported: ", Count(LinesOf(problems), "line needs", "lines need"), " correcting."));
  }
  ASSIGN_OR_RETURN(const std::string scheme, session.Scheme());
  ASSIGN_OR_RETURN(const ImportTotals totals,
                   ImportPlaces(session.api(), scheme, places, !session.command().has("dry-run")));
  ShowTotals(session, totals, 0, "Places: ");
  session.SuggestNext("import members.csv");
  return absl::OkStatus();
}

absl::Status Export(Session& session) {
  std::string what = session.command().argument();
  if (what.empty()) what = "members";
  absl::StatusOr<std::string> (*write)(Api&, absl::string_view) = nullptr;
  if (what == "members") write = ExportMembers;
  if (what == "entries") write = ExportEntries;
  if (what == "exchanges") write = ExportExchanges;
  if (what == "matches") write = ExportMatches;
  if (write == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", what, "\" cannot be exported.\n  Write: members, entries, exchanges or matches"));
  }
  ASSIGN_OR_RETURN(const std::string scheme, session.Scheme());
  ASSIGN_OR_RETURN(const std::string csv, write(session.api(), scheme));
  if (!session.command().has("out")) {
    session.out() << csv;
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(WriteFile(session.flag("out"), csv));
  session.Note(absl::StrCat("Written to ", session.flag("out"), "."));
  return absl::OkStatus();
}

}  // namespace

std::vector<VerbSpec> ImportVerbs() {
  const FlagSpec dry_run{"dry-run", "", "Say what would happen, and write nothing."};
  return {
      {.path = "places import",
       .summary = "Tell the scheme which places there are.",
       .example = "turnabout places import places.csv",
       .arguments = {{"file", "CSV with the columns code, name, latitude, longitude."}},
       .flags = {dry_run},
       .run = ImportPlacesFile},
      {.path = "import",
       .summary = "Bring members in from a spreadsheet; again, and nothing changes twice.",
       .example = "turnabout import members.csv",
       .arguments = {{"file", "CSV with a line for each member; - for standard input."}},
       .flags = {dry_run, {"skip-bad", "", "Leave out lines that need correcting."}, AsFlag()},
       .run = ImportMembers},
      {.path = "export",
       .summary = "Write members, entries, exchanges or matches as CSV.",
       .example = "turnabout export members --out members.csv",
       .arguments = {{"what", "members, entries, exchanges or matches. Otherwise members.", Takes::kOptional}},
       .flags = {{"out", "FILE", "Where to. Otherwise standard output."}},
       .run = Export},
  };
}

}  // namespace turnabout::cli
