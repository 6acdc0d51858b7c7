// The reading half of Books.
#include <algorithm>
#include <map>
#include <memory>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "server/app/books.h"
#include "server/app/entry_view.h"
#include "server/app/listing.h"
#include "server/app/member_filter.h"
#include "server/app/problems.h"
#include "server/records/dates.h"

namespace turnabout {
namespace {

using SchemePtr = std::shared_ptr<const SchemeView>;

constexpr absl::string_view kAccountFields[] = {"unit", "member"};
constexpr absl::string_view kEntryFields[] = {
    "kind", "state", "current_state", "unit", "subject", "from_account", "to_account", "amount", "happened_on_date"};

std::vector<std::string> EntryValues(const v1::Entry& entry, absl::string_view field) {
  if (field == "kind") return {ShortEnumName(v1::Entry::Kind_Name(entry.kind()), "KIND_")};
  if (field == "state") return {ShortEnumName(v1::Entry::State_Name(entry.state()), "STATE_")};
  if (field == "current_state") return {ShortEnumName(v1::Entry::State_Name(entry.current_state()), "STATE_")};
  if (field == "unit") return {ShortEnumName(v1::Unit_Name(entry.unit()), "UNIT_")};
  if (field == "subject") return {entry.subject()};
  if (field == "from_account") return {entry.from_account()};
  if (field == "to_account") return {entry.to_account()};
  if (field == "amount") return {absl::StrCat(entry.amount())};
  return {entry.happened_on_date()};
}

// Where a page of a numbered list begins, from the token of the one before; `first` for the first page.
size_t PlaceOf(const Page& page, size_t first) {
  uint64_t place = first;
  if (!page.after.empty() && !absl::SimpleAtoi(page.after, &place)) return first;
  return static_cast<size_t>(place);
}

absl::StatusOr<const Account*> FindOpen(const Book& book, const AccountKey& key, const Snapshot& snapshot,
                                        absl::string_view name) {
  const Account* account = book.FindAccount(key, snapshot.layer());
  if (account == nullptr) return Refuse(Reason::kAccountNotFound, {{"name", name}});
  return account;
}

// The period that a statement covers, in microseconds since 1970.
struct Period {
  int64_t begin = INT64_MIN;
  int64_t end = INT64_MAX;
  // The sequence of the last record that lies in it or before.
  uint64_t LastIn(const Book& book) const {
    return end == INT64_MAX ? kLatestSequence : book.SequenceAt(absl::FromUnixMicros(end - 1));
  }
};

int64_t StartOf(absl::CivilDay day) { return absl::ToUnixMicros(absl::FromCivil(day, absl::UTCTimeZone())); }

v1::StatementLine LineOf(const Book& book, const Snapshot& snapshot, const SchemeView& scheme, const AccountKey& key,
                         const EntryRow& row, const Balances& after) {
  const int64_t sign = row.entry.to_key() == key ? 1 : -1;
  v1::StatementLine line;
  *line.mutable_entry() = ToApi(book, snapshot, scheme, row);
  line.set_change(row.entry.state == EntryState::kPosted ? sign * row.entry.amount : 0);
  line.set_balance(after.posted);
  line.set_sentence(SentenceFor(scheme, key, row));
  return line;
}

// The moment that a request asks for. Whether its time has come is judged by `now`.
template <typename Request>
void CheckAsOf(const Request& request, absl::Time now, Problems& problems) {
  constexpr int32_t kNanosMax = 999'999'999;
  if (request.has_as_of_time()) {
    const google::protobuf::Timestamp& time = request.as_of_time();
    problems.CheckRange("as_of_time.nanos", time.nanos(), 0, kNanosMax);
    if (time.seconds() < 0 || absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos()) > now) {
      problems.Add("as_of_time", "Enter a time from 1970 on that is not in the future");
    }
  }
  if (request.as_of_sequence() < 0) problems.Add("as_of_sequence", "Enter a number that is not negative");
}

template <typename Request>
absl::Status CheckInJournal(const Request& request, const Snapshot& snapshot) {
  if (static_cast<uint64_t>(request.as_of_sequence()) <= snapshot.revision()) return absl::OkStatus();
  return Refuse(Reason::kNotInJournal, {{"what", "record"}, {"number", absl::StrCat(request.as_of_sequence())}});
}

// The account as the request asks for it: as it is, or as it was. REQUIRES: it is open.
template <typename Request>
v1::Account AccountFor(const Request& request, const Book& book, const Snapshot& snapshot, const SchemeView& scheme,
                       const AccountKey& key) {
  if (request.has_as_of_time()) {
    const google::protobuf::Timestamp& time = request.as_of_time();
    const absl::Time then = absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
    return ToApi(scheme, key, book.BalancesAt(key, then));
  }
  if (request.as_of_case() != Request::AS_OF_NOT_SET) {
    return ToApi(scheme, key, book.BalancesAt(key, static_cast<uint64_t>(request.as_of_sequence())));
  }
  return ToApi(scheme, key, *book.FindAccount(key, snapshot.layer()));
}

}  // namespace

absl::StatusOr<v1::GetAccountResponse> Books::GetAccount(const v1::GetAccountRequest& request) const {
  Problems problems;
  const std::optional<ParsedName> name = ParseChildName(request.name(), kAccounts);
  if (!name.has_value()) problems.Add("name", "Enter a name such as schemes/cardiff/accounts/pot.minutes");
  CheckAsOf(request, context_.clock.Now(), problems);
  RETURN_IF_ERROR(problems.ToStatus());
  return RunRead<v1::GetAccountResponse>(
      context_, request, [&](const Snapshot& snapshot, v1::GetAccountResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const SchemePtr scheme, FindScheme(snapshot, name->slug));
        ASSIGN_OR_RETURN(const AccountKey key, AccountNamed(*scheme, request.name()));
        RETURN_IF_ERROR(FindOpen(context_.book(), key, snapshot, request.name()).status());
        RETURN_IF_ERROR(CheckInJournal(request, snapshot));
        *response.mutable_account() = AccountFor(request, context_.book(), snapshot, *scheme, key);
        return absl::OkStatus();
      });
}

absl::StatusOr<v1::ListAccountsResponse> Books::ListAccounts(const v1::ListAccountsRequest& request) const {
  Problems problems;
  const std::string slug = problems.CheckScheme("parent", request.parent());
  CheckAsOf(request, context_.clock.Now(), problems);
  RETURN_IF_ERROR(problems.ToStatus());
  return RunRead<v1::ListAccountsResponse>(
      context_, request, [&](const Snapshot& snapshot, v1::ListAccountsResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const SchemePtr scheme, FindScheme(snapshot, slug));
        RETURN_IF_ERROR(CheckInJournal(request, snapshot));
        ListQuery query = QueryOf(request);
        absl::StrAppend(&query.arguments, "|", request.as_of_time().ShortDebugString(), "|", request.as_of_sequence());
        ASSIGN_OR_RETURN(const Filter filter, Filter::Parse(query.filter, kAccountFields));
        ASSIGN_OR_RETURN(const Page page, ReadPage(query.page_size, query.page_token, query.arguments));
        const std::vector<AccountKey>& keys = context_.book().AccountsOf(scheme->number());
        for (size_t at = PlaceOf(page, 0); at < keys.size(); ++at) {
          if (response.accounts_size() == page.size) {
            response.set_next_page_token(PageToken(absl::StrCat(at), query.arguments));
            break;
          }
          const v1::Account account = AccountFor(request, context_.book(), snapshot, *scheme, keys[at]);
          const auto values = [&](absl::string_view field) -> std::vector<std::string> {
            if (field == "member") return {account.member()};
            return {ShortEnumName(v1::Unit_Name(account.unit()), "UNIT_")};
          };
          if (filter.Matches(values)) *response.add_accounts() = account;
        }
        return absl::OkStatus();
      });
}

absl::StatusOr<v1::GetEntryResponse> Books::GetEntry(const v1::GetEntryRequest& request) const {
  Problems problems;
  std::string slug;
  const auto id = problems.CheckName<EntryId>("name", request.name(), kEntries, slug);
  RETURN_IF_ERROR(problems.ToStatus());
  return RunRead<v1::GetEntryResponse>(
      context_, request, [&](const Snapshot& snapshot, v1::GetEntryResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const SchemePtr scheme, FindScheme(snapshot, slug));
        const std::optional<EntryRow> row = context_.book().FindEntry(id, snapshot.layer());
        if (!row.has_value() || row->entry.scheme != scheme->number()) {
          return Refuse(Reason::kEntryNotFound, {{"name", request.name()}});
        }
        *response.mutable_entry() = ToApi(context_.book(), snapshot, *scheme, *row);
        return absl::OkStatus();
      });
}

absl::StatusOr<v1::ListEntriesResponse> Books::ListEntries(const v1::ListEntriesRequest& request) const {
  Problems problems;
  const std::string slug = problems.CheckScheme("parent", request.parent());
  RETURN_IF_ERROR(problems.ToStatus());
  return RunRead<v1::ListEntriesResponse>(
      context_, request, [&](const Snapshot& snapshot, v1::ListEntriesResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const SchemePtr scheme, FindScheme(snapshot, slug));
        const ListQuery query = QueryOf(request);
        ASSIGN_OR_RETURN(const Filter filter, Filter::Parse(query.filter, kEntryFields));
        ASSIGN_OR_RETURN(const Page page, ReadPage(query.page_size, query.page_token, query.arguments));
        // A token counts the entries before the page.
        const auto first = static_cast<int64_t>(PlaceOf(page, 0)) + 1;
        context_.book().VisitEntries(scheme->number(), first, [&](const EntryRow& row) {
          if (response.entries_size() == page.size) {
            response.set_next_page_token(PageToken(absl::StrCat(row.entry.number - 1), query.arguments));
            return false;
          }
          const v1::Entry entry = ToApi(context_.book(), snapshot, *scheme, row);
          if (filter.Matches([&](absl::string_view field) { return EntryValues(entry, field); })) {
            *response.add_entries() = entry;
          }
          return true;
        });
        return absl::OkStatus();
      });
}

absl::StatusOr<v1::GetStatementResponse> Books::GetStatement(const v1::GetStatementRequest& request) const {
  Problems problems;
  const std::optional<ParsedName> name = ParseChildName(request.name(), kAccounts);
  if (!name.has_value()) problems.Add("name", "Enter a name such as schemes/cardiff/accounts/pot.minutes");
  const std::optional<absl::CivilDay> start = problems.CheckDate("start_date", request.start_date(), false);
  const std::optional<absl::CivilDay> end = problems.CheckDate("end_date", request.end_date(), false);
  RETURN_IF_ERROR(problems.ToStatus());
  Period period;
  if (start.has_value()) period.begin = StartOf(*start);
  if (end.has_value()) period.end = StartOf(*end);
  const std::string arguments =
      absl::StrCat("statement|", request.name(), "|", request.start_date(), "|", request.end_date());
  return RunRead<v1::GetStatementResponse>(
      context_, request, [&](const Snapshot& snapshot, v1::GetStatementResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const SchemePtr scheme, FindScheme(snapshot, name->slug));
        ASSIGN_OR_RETURN(const AccountKey key, AccountNamed(*scheme, request.name()));
        ASSIGN_OR_RETURN(const Account* account, FindOpen(context_.book(), key, snapshot, request.name()));
        ASSIGN_OR_RETURN(const Page page, ReadPage(request.page_size(), request.page_token(), arguments));
        *response.mutable_account() = ToApi(*scheme, key, *account);
        // Newest first. A token is the sequence of the page's first line, so that new ones do not shift old pages.
        const Book& book = context_.book();
        const uint64_t last = period.LastIn(book);
        const uint64_t from = std::min<uint64_t>(PlaceOf(page, last), last);
        book.VisitStatement(key, from, [&](const EntryRow& row, const Balances& after) {
          if (row.entry.time_micros < period.begin) return false;
          if (response.lines_size() == page.size) {
            response.set_next_page_token(PageToken(absl::StrCat(row.sequence), arguments));
            return false;
          }
          *response.add_lines() = LineOf(book, snapshot, *scheme, key, row, after);
          return true;
        });
        return absl::OkStatus();
      });
}

absl::StatusOr<v1::GetTrialBalanceResponse> Books::GetTrialBalance(const v1::GetTrialBalanceRequest& request) const {
  Problems problems;
  const std::string slug = problems.CheckScheme("name", request.name());
  RETURN_IF_ERROR(problems.ToStatus());
  return RunRead<v1::GetTrialBalanceResponse>(
      context_, request, [&](const Snapshot& snapshot, v1::GetTrialBalanceResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const SchemePtr scheme, FindScheme(snapshot, slug));
        std::map<std::pair<Unit, std::string>, v1::TrialBalanceLine> lines;
        for (const AccountKey& key : context_.book().AccountsOf(scheme->number())) {
          const int64_t posted = context_.book().FindAccount(key, snapshot.layer())->posted;
          v1::TrialBalanceLine& line = lines[{key.unit, std::string(GroupOf(key.owner))}];
          line.set_account_count(line.account_count() + 1);
          line.set_credit(line.credit() + std::max<int64_t>(posted, 0));
          line.set_debit(line.debit() + std::max<int64_t>(-posted, 0));
          if (key.unit == Unit::kTurns) response.set_sum_turns(response.sum_turns() + posted);
          if (key.unit == Unit::kMinutes) response.set_sum_minutes(response.sum_minutes() + posted);
        }
        for (auto& [key, line] : lines) {
          line.set_unit(static_cast<v1::Unit>(key.first));
          line.set_group(key.second);
          *response.add_lines() = line;
        }
        const SchemeBook totals = context_.book().FindScheme(scheme->number(), snapshot.layer());
        response.set_entry_count(totals.entries);
        response.set_minutes_posted(totals.minutes_of_help);
        return absl::OkStatus();
      });
}

}  // namespace turnabout
