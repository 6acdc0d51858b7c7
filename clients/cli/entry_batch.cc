#include "clients/cli/entry_batch.h"

#include <algorithm>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/minutes.h"
#include "base/status_macros.h"
#include "clients/cli/files.h"
#include "clients/cli/table.h"
#include "clients/cli/text.h"
#include "turnabout/v1/ledger_service.grpc.pb.h"

namespace turnabout::cli {
namespace {

constexpr size_t kProblemsShown = 100;

// Where each known column is.
absl::StatusOr<std::map<std::string, size_t>> ColumnsOf(const CsvRow& header) {
  const std::vector<std::string> known = {"kind",  "from",       "to",       "time", "note",
                                          "group", "request_id", "category", "date"};
  std::map<std::string, size_t> columns;
  for (size_t i = 0; i < header.cells.size(); ++i) {
    const std::string name = absl::AsciiStrToLower(header.cells[i]);
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return absl::InvalidArgumentError(absl::StrCat("Column ", ColumnLetter(i), ": \"", Printable(header.cells[i]),
                                                     "\" is not known.\n  Write: ", OrList(known)));
    }
    columns[name] = i;
  }
  for (const std::string needed : {"kind", "from", "to", "time"}) {
    if (!columns.contains(needed)) {
      return absl::InvalidArgumentError(absl::StrCat("The file has no column \"", needed, "\"."));
    }
  }
  return columns;
}

// Reads one line; what is wrong goes to `problems`.
class LineReader {
 public:
  LineReader(const std::map<std::string, size_t>& columns, const AccountFinder& find,
             std::vector<std::string>& problems)
      : columns_(columns), find_(find), problems_(problems) {}

  v1::BatchItem Read(const CsvRow& row) {
    v1::BatchItem item;
    v1::Entry::Kind kind = v1::Entry::KIND_UNSPECIFIED;
    if (!v1::Entry::Kind_Parse(absl::StrCat("KIND_", absl::AsciiStrToUpper(Cell(row, "kind"))), &kind)) {
      Add(row, "kind", "write activity, donation, grant, gift, opening or expiry");
    }
    item.set_kind(kind);
    item.set_from_account(Account(row, "from"));
    item.set_to_account(Account(row, "to"));
    const absl::StatusOr<Minutes> minutes = ParseMinutes(Cell(row, "time"));
    if (minutes.ok()) {
      item.set_amount(minutes->count());
    } else {
      Add(row, "time", "write it as 90, 1h30 or 1 hour 30");
    }
    item.set_note(Cell(row, "note"));
    item.set_category(Cell(row, "category"));
    item.set_happened_on_date(Cell(row, "date"));
    item.set_request_id(Cell(row, "request_id"));
    const std::string group = Cell(row, "group");
    int64_t number = 0;
    if (!group.empty() && !absl::SimpleAtoi(group, &number)) Add(row, "group", "write a whole number");
    item.set_group(number);
    return item;
  }

 private:
  std::string Cell(const CsvRow& row, const std::string& column) const {
    const auto at = columns_.find(column);
    if (at == columns_.end() || at->second >= row.cells.size()) return "";
    return std::string(absl::StripAsciiWhitespace(PlainCell(row.cells[at->second])));
  }

  std::string Account(const CsvRow& row, const std::string& column) {
    const std::string whose = Cell(row, column);
    const auto [at, is_new] = found_.try_emplace(whose);
    if (is_new) at->second = whose.empty() ? absl::InvalidArgumentError("say whose account") : find_(whose);
    if (at->second.ok()) return *at->second;
    Add(row, column, at->second.status().message());
    return "";
  }

  void Add(const CsvRow& row, absl::string_view column, absl::string_view problem) {
    problems_.push_back(absl::StrCat("Line ", row.line, ", ", column, ": ", problem));
  }

  const std::map<std::string, size_t>& columns_;
  const AccountFinder& find_;
  std::vector<std::string>& problems_;
  std::map<std::string, absl::StatusOr<std::string>> found_;
};

absl::StatusOr<std::string> FindAccount(Session& session, absl::string_view scheme, absl::string_view whose) {
  for (const absl::string_view own : {"pot", "opening", "clearing", "expiry"}) {
    if (whose == own) return absl::StrCat(scheme, "/accounts/", own, ".minutes");
  }
  ASSIGN_OR_RETURN(const std::string member, session.Member(whose));
  return absl::StrCat(scheme, "/accounts/", IdOf(member), ".minutes");
}

void ShowBatch(Session& session, const v1::BatchWriteEntriesResponse& response, const std::vector<int>& lines,
               bool dry_run) {
  Table table({{"line", Align::kRight}, {"why it was refused"}});
  for (int i = 0; i < response.results_size(); ++i) {
    const v1::BatchItemResult& result = response.results(i);
    if (!result.has_refusal()) continue;
    const std::string because =
        result.has_because_of_item() ? absl::StrCat("line ", lines[result.because_of_item()], " of its group: ") : "";
    table.AddRow({absl::StrCat(lines[i]), absl::StrCat(because, result.refusal().message())});
  }
  if (!table.empty()) table.Print(session.out());
  session.out() << (dry_run ? "A dry run, nothing was written: " : "") << Grouped(response.written_count())
                << " written, " << Grouped(response.repeated_count()) << " there already, "
                << Grouped(response.refused_count()) << " refused.\n";
}

}  // namespace

absl::StatusOr<std::vector<v1::BatchItem>> ReadBatch(const CsvTable& table, const AccountFinder& find,
                                                     std::vector<int>& lines) {
  ASSIGN_OR_RETURN(const auto columns, ColumnsOf(table.header));
  std::vector<std::string> problems;
  LineReader reader(columns, find, problems);
  std::vector<v1::BatchItem> items;
  for (const CsvRow& row : table.rows) {
    items.push_back(reader.Read(row));
    lines.push_back(row.line);
  }
  if (problems.empty()) return items;
  const size_t more = problems.size() - std::min(problems.size(), kProblemsShown);
  problems.resize(problems.size() - more);
  return absl::InvalidArgumentError(absl::StrCat("Nothing was sent.\n  ", absl::StrJoin(problems, "\n  "),
                                                 more > 0 ? absl::StrCat("\n  and ", Grouped(more), " more") : ""));
}

absl::Status WriteBatch(Session& session) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(session.command().argument()));
  ASSIGN_OR_RETURN(const CsvTable table, ParseCsv(text));
  v1::BatchWriteEntriesRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), session.Scheme());
  ASSIGN_OR_RETURN(*request.mutable_actor(), session.Actor());
  const bool dry_run = session.command().has("dry-run");
  request.set_validate_only(dry_run);
  std::vector<int> lines;
  const AccountFinder find = [&](absl::string_view whose) { return FindAccount(session, request.parent(), whose); };
  ASSIGN_OR_RETURN(const std::vector<v1::BatchItem> items, ReadBatch(table, find, lines));
  request.mutable_items()->Add(items.begin(), items.end());
  ASSIGN_OR_RETURN(const v1::BatchWriteEntriesResponse response,
                   session.api().Call(&v1::LedgerService::Stub::BatchWriteEntries, request));
  session.Answer(response, [&] { ShowBatch(session, response, lines, dry_run); });
  if (response.refused_count() == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      Count(response.refused_count(), "line was", "lines were"),
      " refused.\n  Next: correct them and send the file again; with --request-id or a column request_id, what was "
      "written is not written twice"));
}

}  // namespace turnabout::cli
