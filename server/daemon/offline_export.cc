// The books as tables for other programs: CSV, or SQL that PostgreSQL reads.
#include <filesystem>
#include <fstream>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "base/status_macros.h"
#include "ledger/book/book.h"
#include "server/daemon/offline.h"
#include "store/journal/folder_journal.h"

namespace turnabout {
namespace {

// Every cell is made of letters, digits and ".:-+", so none needs quotes in CSV, nor escapes in SQL.
using Cells = std::vector<std::string>;

struct Column {
  absl::string_view name;
  absl::string_view type;
};

constexpr Column kEntryColumns[] = {{"entry", "text PRIMARY KEY"},
                                    {"scheme", "integer NOT NULL"},
                                    {"number", "bigint NOT NULL"},
                                    {"kind", "smallint NOT NULL"},
                                    {"state", "text NOT NULL"},
                                    {"unit", "text NOT NULL"},
                                    {"amount", "bigint NOT NULL"},
                                    {"from_account", "text NOT NULL"},
                                    {"to_account", "text NOT NULL"},
                                    {"time", "timestamptz NOT NULL"},
                                    {"related", "text"},
                                    {"sequence", "bigint NOT NULL UNIQUE"}};

constexpr Column kAccountColumns[] = {{"scheme", "integer NOT NULL"}, {"account", "text NOT NULL"},
                                      {"posted", "bigint NOT NULL"},  {"held_out", "bigint NOT NULL"},
                                      {"held_in", "bigint NOT NULL"}, {"floor", "bigint"},
                                      {"ceiling", "bigint"}};

Cells CellsOf(const Entry& entry, uint64_t sequence) {
  const absl::Time time = absl::FromUnixMicros(entry.time_micros);
  return {entry.id.ToString(),
          absl::StrCat(entry.scheme),
          absl::StrCat(entry.number),
          absl::StrCat(static_cast<int>(entry.kind)),
          std::string(NameOf(entry.state)),
          std::string(NameOf(entry.unit)),
          absl::StrCat(entry.amount),
          AccountText(entry.from_key()),
          AccountText(entry.to_key()),
          absl::FormatTime("%Y-%m-%dT%H:%M:%E6S+00:00", time, absl::UTCTimeZone()),
          entry.related.empty() ? "" : entry.related.ToString(),
          absl::StrCat(sequence)};
}

Cells CellsOf(const AccountKey& key, const Account& account) {
  const auto limit = [](int64_t value, int64_t none) { return value == none ? "" : absl::StrCat(value); };
  return {absl::StrCat(key.scheme),
          AccountText(key),
          absl::StrCat(account.posted),
          absl::StrCat(account.held_out),
          absl::StrCat(account.held_in),
          limit(account.limits.floor, kNoFloor),
          limit(account.limits.ceiling, kNoCeiling)};
}

// Calls `row` for each entry of the journal in order, then for each account of `book`.
absl::Status EachRow(const Journal& journal, const Book& book, const std::function<void(const Cells&)>& entry_row,
                     const std::function<void(const Cells&)>& account_row) {
  std::set<AccountKey> accounts;
  RETURN_IF_ERROR(journal.Read(1, [&](const Block& block) {
    return block.ForEach([&](const RecordView& record) -> absl::Status {
      if (record.kind == RecordKind::kAccount) {
        ASSIGN_OR_RETURN(const AccountChange change, DecodeAccountChange(record.payload));
        accounts.insert(change.key);
      } else if (record.kind == RecordKind::kEntry) {
        ASSIGN_OR_RETURN(const Entry entry, DecodeEntry(record.payload));
        accounts.insert(entry.from_key());
        accounts.insert(entry.to_key());
        entry_row(CellsOf(entry, record.sequence));
      }
      return absl::OkStatus();
    });
  }));
  for (const AccountKey& key : accounts) {
    if (const Account* account = book.FindAccount(key, Layer::kDurable)) account_row(CellsOf(key, *account));
  }
  return absl::OkStatus();
}

std::string HeadingOf(absl::Span<const Column> columns) {
  return absl::StrJoin(columns, ",", [](std::string* out, const Column& column) { absl::StrAppend(out, column.name); });
}

absl::Status Written(std::ofstream& file, const std::string& path) {
  file.close();
  if (file.good()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(path, " cannot be written."));
}

absl::Status WriteCsv(const Journal& journal, const Book& book, const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directory(folder, error);
  const std::string entries_path = absl::StrCat(folder, "/entries.csv");
  const std::string accounts_path = absl::StrCat(folder, "/accounts.csv");
  std::ofstream entries(entries_path);
  std::ofstream accounts(accounts_path);
  entries << HeadingOf(kEntryColumns) << "\n";
  accounts << HeadingOf(kAccountColumns) << "\n";
  const auto row_into = [](std::ofstream& out) {
    return [&out](const Cells& cells) { out << absl::StrJoin(cells, ",") << "\n"; };
  };
  RETURN_IF_ERROR(EachRow(journal, book, row_into(entries), row_into(accounts)));
  RETURN_IF_ERROR(Written(entries, entries_path));
  return Written(accounts, accounts_path);
}

void CreateTable(std::ofstream& out, absl::string_view table, absl::Span<const Column> columns) {
  out << "CREATE TABLE " << table << " (\n";
  for (size_t i = 0; i < columns.size(); ++i) {
    out << "  \"" << columns[i].name << "\" " << columns[i].type << (i + 1 < columns.size() ? ",\n" : "\n");
  }
  out << ");\n";
}

absl::Status WriteSql(const Journal& journal, const Book& book, const std::string& path) {
  std::ofstream out(path);
  out << "BEGIN;\n";
  CreateTable(out, "entries", kEntryColumns);
  CreateTable(out, "accounts", kAccountColumns);
  const auto row_into = [&out](absl::string_view table) {
    return [&out, table](const Cells& cells) {
      out << "INSERT INTO " << table << " VALUES ("
          << absl::StrJoin(cells, ", ",
                           [](std::string* text, const std::string& cell) {
                             absl::StrAppend(text, cell.empty() ? "NULL" : absl::StrCat("'", cell, "'"));
                           })
          << ");\n";
    };
  };
  RETURN_IF_ERROR(EachRow(journal, book, row_into("entries"), row_into("accounts")));
  out << "COMMIT;\n";
  return Written(out, path);
}

}  // namespace

absl::Status RunExport(const OfflineCall& call) {
  ASSIGN_OR_RETURN(const std::string folder, call.Required("data-dir"));
  const std::string csv = call.flag("csv");
  const std::string sql = call.flag("sql");
  if (csv.empty() == sql.empty()) return absl::InvalidArgumentError("give either --csv DIR or --sql FILE");
  const std::string& to = csv.empty() ? sql : csv;
  ASSIGN_OR_RETURN(const std::unique_ptr<Journal> journal, OpenFolderToRead(folder));
  Book book;
  ASSIGN_OR_RETURN(const Verified verified, Audit(*journal, {&book}, call.Progress()));
  RETURN_IF_ERROR(csv.empty() ? WriteSql(*journal, book, sql) : WriteCsv(*journal, book, csv));
  call.out() << "Wrote " << verified.entries << " entries and " << book.AccountCount() << " accounts to " << to << "\n";
  return absl::OkStatus();
}

}  // namespace turnabout
