#include <google/protobuf/timestamp.pb.h>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/minutes.h"
#include "base/status_macros.h"
#include "clients/cli/dates.h"
#include "clients/cli/entry_batch.h"
#include "clients/cli/paging.h"
#include "clients/cli/session.h"
#include "clients/cli/show.h"
#include "clients/cli/table.h"
#include "clients/cli/text.h"
#include "clients/cli/verbs.h"
#include "turnabout/v1/ledger_service.grpc.pb.h"

namespace turnabout::cli {
namespace {

absl::Status ShowStatement(Session& session) {
  v1::GetStatementRequest request;
  const std::string unit = session.command().has("turns") ? "turns" : "minutes";
  ASSIGN_OR_RETURN(*request.mutable_name(), session.Account(session.command().argument(), unit));
  ASSIGN_OR_RETURN(*request.mutable_start_date(), session.Date(session.flag("since")));
  ASSIGN_OR_RETURN(*request.mutable_end_date(), session.Date(session.flag("before")));
  ASSIGN_OR_RETURN(const int64_t limit, LimitOf(session));
  ASSIGN_OR_RETURN(v1::GetStatementResponse response,
                   ListUpTo(session.api(), &v1::LedgerService::Stub::GetStatement, request, limit));
  session.Answer(response, [&] {
    const v1::Account& account = response.account();
    session.out() << Printable(session.people().Called(account.name())) << " has "
                  << AmountInWords(account.unit(), account.posted());
    if (account.held_out() > 0)
      session.out() << ", of which " << AmountInWords(account.unit(), account.held_out()) << " is promised";
    session.out() << ".\n\n";
    Table table(
        {{"written"}, {"what"}, {"change", Align::kRight}, {"balance", Align::kRight}, {"entry", Align::kLeft, true}});
    for (const v1::StatementLine& line : response.lines()) {
      const bool held = line.entry().state() == v1::Entry::STATE_HELD;
      table.AddRow({DateOf(line.entry().create_time()), line.sentence(),
                    held ? "held" : AmountShort(account.unit(), line.change()),
                    AmountShort(account.unit(), line.balance()), IdOf(line.entry().name())});
    }
    if (table.empty()) {
      session.out() << "Nothing has moved yet.\n";
    } else {
      table.Print(session.out());
    }
  });
  NoteMore(session, response.next_page_token());
  return absl::OkStatus();
}

// The end of the day that --as-of names; today is now.
absl::Status SetAsOf(Session& session, v1::ListAccountsRequest& request) {
  if (!session.command().has("as-of")) return absl::OkStatus();
  ASSIGN_OR_RETURN(const absl::CivilDay day, ParseDate(session.flag("as-of"), session.Today()));
  if (day > session.Today()) return absl::InvalidArgumentError("--as-of: balances are known until today.");
  if (day == session.Today()) return absl::OkStatus();
  const absl::Time next = absl::FromCivil(day + 1, absl::UTCTimeZone());
  request.mutable_as_of_time()->set_seconds(absl::ToUnixSeconds(next) - 1);
  request.mutable_as_of_time()->set_nanos(999'999'999);
  return absl::OkStatus();
}

absl::Status ListAccounts(Session& session) {
  v1::ListAccountsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), session.Scheme());
  ASSIGN_OR_RETURN(const int64_t limit, LimitOf(session));
  RETURN_IF_ERROR(SetAsOf(session, request));
  request.set_filter(session.flag("filter"));
  ASSIGN_OR_RETURN(const v1::ListAccountsResponse response,
                   ListUpTo(session.api(), &v1::LedgerService::Stub::ListAccounts, request, limit));
  if (response.accounts_size() > 50 && !session.json()) RETURN_IF_ERROR(session.people().LoadAll(request.parent()));
  const bool then = request.has_as_of_time();
  session.Answer(response, [&] {
    Table table({{"whose"},
                 {"unit"},
                 {"balance", Align::kRight},
                 {"promised", Align::kRight},
                 {"coming", Align::kRight},
                 {"lowest", Align::kRight},
                 {"can spend", Align::kRight}});
    for (const v1::Account& account : response.accounts()) {
      const auto amount = [&](int64_t n) { return AmountShort(account.unit(), n); };
      table.AddRow({session.people().Called(account.name()), account.unit() == v1::UNIT_TURNS ? "turns" : "hours",
                    amount(account.posted()), account.held_out() > 0 ? amount(account.held_out()) : "",
                    account.held_in() > 0 ? amount(account.held_in()) : "",
                    account.has_floor() ? amount(account.floor())
                    : then              ? ""
                                        : "none",
                    account.has_available() ? amount(account.available()) : ""});
    }
    table.Print(session.out());
  });
  NoteMore(session, response.next_page_token());
  return absl::OkStatus();
}

void ShowEntryFields(Session& session, const v1::Entry& entry) {
  People& people = session.people();
  const bool settled = entry.current_state() != entry.state() && entry.current_state() != v1::Entry::STATE_UNSPECIFIED;
  session.out() << AmountInWords(entry.unit(), entry.amount()) << " from "
                << Printable(people.Called(entry.from_account())) << " to "
                << Printable(people.Called(entry.to_account())) << "\n";
  ShowFields(session.out(),
             {{"entry", IdOf(entry.name())},
              {"number", absl::StrCat(entry.number())},
              {"kind", PlainState(v1::Entry::Kind_Name(entry.kind()), "KIND_")},
              {"state", PlainState(v1::Entry::State_Name(entry.state()))},
              {"since then", settled ? PlainState(v1::Entry::State_Name(entry.current_state())) : ""},
              {"written", DateOf(entry.create_time())},
              {"day", LongDate(entry.happened_on_date())},
              {"for", entry.note()},
              {"written by", people.Called(entry.actor())},
              {"settles", IdOf(entry.hold())},
              {"reverses", IdOf(entry.reverses())},
              {"belongs to", entry.subject()},
              {"limit", entry.overridden() ? "set aside by a coordinator" : ""}},
             2);
}

absl::Status ShowEntry(Session& session) {
  v1::GetEntryRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), session.Named("entries", session.command().argument()));
  ASSIGN_OR_RETURN(const v1::GetEntryResponse response,
                   session.api().Call(&v1::LedgerService::Stub::GetEntry, request));
  session.Answer(response, [&] { ShowEntryFields(session, response.entry()); });
  return absl::OkStatus();
}

// The override that --override asks for, if it does.
template <typename Request>
absl::Status SetOverride(Session& session, Request& request) {
  if (!session.command().has("override")) return absl::OkStatus();
  ASSIGN_OR_RETURN(*request.mutable_override()->mutable_actor(), session.Actor());
  request.mutable_override()->set_reason(session.flag("override"));
  return absl::OkStatus();
}

absl::Status PostEntry(Session& session) {
  v1::PostEntryRequest request;
  const std::string kind = absl::StrCat("KIND_", absl::AsciiStrToUpper(session.command().argument()));
  v1::Entry::Kind value;
  if (!v1::Entry::Kind_Parse(kind, &value)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", session.command().argument(),
                     "\" is not a kind of entry.\n  Write: donation, grant, gift, opening or expiry"));
  }
  request.set_kind(value);
  ASSIGN_OR_RETURN(const Minutes minutes, ParseMinutes(session.flag("time")));
  request.set_amount(minutes.count());
  request.set_note(session.flag("for"));
  session.Mention("receiver", session.flag("from"));
  ASSIGN_OR_RETURN(*request.mutable_parent(), session.Scheme());
  ASSIGN_OR_RETURN(*request.mutable_from_account(), session.Account(session.flag("from"), "minutes"));
  ASSIGN_OR_RETURN(*request.mutable_to_account(), session.Account(session.flag("to"), "minutes"));
  ASSIGN_OR_RETURN(*request.mutable_actor(), session.Actor());
  RETURN_IF_ERROR(SetOverride(session, request));
  ASSIGN_OR_RETURN(const v1::PostEntryResponse response,
                   session.api().Call(&v1::LedgerService::Stub::PostEntry, request));
  session.Answer(response, [&] { ShowEntryFields(session, response.entry()); });
  return absl::OkStatus();
}

absl::Status ReverseEntry(Session& session) {
  v1::ReverseEntryRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), session.Named("entries", session.command().argument()));
  ASSIGN_OR_RETURN(*request.mutable_actor(), session.Actor());
  request.set_reason(session.flag("reason"));
  RETURN_IF_ERROR(SetOverride(session, request));
  ASSIGN_OR_RETURN(const v1::ReverseEntryResponse response,
                   session.api().Call(&v1::LedgerService::Stub::ReverseEntry, request));
  session.Answer(response, [&] { ShowEntryFields(session, response.entry()); });
  return absl::OkStatus();
}

absl::Status ShowTrialBalance(Session& session) {
  v1::GetTrialBalanceRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), session.Scheme());
  ASSIGN_OR_RETURN(const v1::GetTrialBalanceResponse response,
                   session.api().Call(&v1::LedgerService::Stub::GetTrialBalance, request, absl::Seconds(60)));
  const bool balanced = response.sum_minutes() == 0 && response.sum_turns() == 0;
  session.Answer(response, [&] {
    Table table(
        {{"accounts"}, {"unit"}, {"how many", Align::kRight}, {"in credit", Align::kRight}, {"owing", Align::kRight}});
    for (const v1::TrialBalanceLine& line : response.lines()) {
      table.AddRow({line.group(), line.unit() == v1::UNIT_TURNS ? "turns" : "hours", Grouped(line.account_count()),
                    AmountShort(line.unit(), line.credit()), AmountShort(line.unit(), line.debit())});
    }
    table.Print(session.out());
    session.out() << "\n"
                  << Count(response.entry_count(), "entry", "entries") << "; "
                  << FormatMinutes(Minutes(response.minutes_posted())) << " of help given and confirmed.\n"
                  << (balanced ? "Hours and turns each add up to zero.\n"
                               : absl::StrCat("THE BOOKS DO NOT BALANCE: hours add up to ",
                                              FormatMinutesShort(Minutes(response.sum_minutes())), ", turns to ",
                                              response.sum_turns(), ".\n"));
  });
  if (!balanced) return absl::DataLossError("The books do not add up to zero.\n  Next: turnabout verify");
  return absl::OkStatus();
}

absl::Status ListHolds(Session& session) {
  v1::ListHoldsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), session.Scheme());
  ASSIGN_OR_RETURN(const int64_t limit, LimitOf(session));
  if (!session.command().argument().empty()) {
    const std::string unit = session.command().has("turns") ? "turns" : "minutes";
    ASSIGN_OR_RETURN(*request.mutable_account(), session.Account(session.command().argument(), unit));
  }
  if (session.command().has("before")) {
    ASSIGN_OR_RETURN(const absl::CivilDay day, ParseDate(session.flag("before"), session.Today()));
    request.mutable_expire_before_time()->set_seconds(absl::ToUnixSeconds(absl::FromCivil(day, absl::UTCTimeZone())));
  }
  ASSIGN_OR_RETURN(const v1::ListHoldsResponse response,
                   ListUpTo(session.api(), &v1::LedgerService::Stub::ListHolds, request, limit));
  if (response.holds_size() > 50 && !session.json()) RETURN_IF_ERROR(session.people().LoadAll(request.parent()));
  session.Answer(response, [&] {
    Table table({{"holds until"},
                 {"kind"},
                 {"amount", Align::kRight},
                 {"from"},
                 {"to"},
                 {"written"},
                 {"entry", Align::kLeft, true}});
    for (const v1::Entry& hold : response.holds()) {
      table.AddRow({hold.has_expire_time() ? DateOf(hold.expire_time()) : "settled",
                    PlainState(v1::Entry::Kind_Name(hold.kind()), "KIND_"), AmountShort(hold.unit(), hold.amount()),
                    session.people().Called(hold.from_account()), session.people().Called(hold.to_account()),
                    DateOf(hold.create_time()), IdOf(hold.name())});
    }
    if (table.empty()) {
      session.out() << "Nothing is held.\n";
    } else {
      table.Print(session.out());
    }
  });
  NoteMore(session, response.next_page_token());
  return absl::OkStatus();
}

// What --by can say.
absl::StatusOr<v1::SummariseHoursRequest::GroupBy> GroupByNamed(absl::string_view word) {
  const std::string name = absl::StrReplaceAll(absl::AsciiStrToUpper(word), {{"-", "_"}});
  v1::SummariseHoursRequest::GroupBy group_by;
  if (v1::SummariseHoursRequest::GroupBy_Parse(absl::StrCat("GROUP_BY_", name), &group_by) &&
      group_by != v1::SummariseHoursRequest::GROUP_BY_UNSPECIFIED) {
    return group_by;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "--by: \"", word, "\" is not known.\n  Write: category, month, giver-place, receiver-place or pair"));
}

void ShowHours(Session& session, const v1::SummariseHoursResponse& response, bool pairs) {
  People& people = session.people();
  const auto called = [&](const std::string& member) { return member.empty() ? "the scheme" : people.Called(member); };
  Table table({{session.flag("by")}, {"hours", Align::kRight}, {"times", Align::kRight}, {"people", Align::kRight}});
  bool suppressed = false;
  const auto add = [&](const std::string& heading, const v1::HoursCell& cell) {
    suppressed = suppressed || cell.suppressed();
    if (cell.suppressed()) return table.AddRow({heading, "few"});
    table.AddRow({heading, AmountShort(v1::UNIT_MINUTES, cell.minutes()), Grouped(cell.entry_count()),
                  Grouped(cell.people_count())});
  };
  for (const v1::HoursCell& cell : response.cells()) {
    const std::string heading =
        pairs ? absl::StrCat(called(cell.giver()), " helped ", called(cell.receiver())) : cell.key();
    add(heading.empty() ? "not said" : heading, cell);
  }
  add("all", response.total());
  table.Print(session.out());
  if (suppressed) session.Note("few: too few people are behind it to say more.");
}

absl::Status SummariseHours(Session& session) {
  v1::SummariseHoursRequest request;
  ASSIGN_OR_RETURN(const auto group_by, GroupByNamed(session.flag("by")));
  request.set_group_by(group_by);
  ASSIGN_OR_RETURN(*request.mutable_parent(), session.Scheme());
  ASSIGN_OR_RETURN(*request.mutable_start_date(), session.Date(session.flag("from")));
  if (session.command().has("to")) {
    ASSIGN_OR_RETURN(const absl::CivilDay last, ParseDate(session.flag("to"), session.Today()));
    request.set_end_date(IsoDate(last + 1));
  }
  ASSIGN_OR_RETURN(*request.mutable_actor(), session.Actor());
  request.set_show_small_counts(session.command().has("small"));
  ASSIGN_OR_RETURN(const int64_t limit, LimitOf(session));
  ASSIGN_OR_RETURN(const v1::SummariseHoursResponse response,
                   ListUpTo(session.api(), &v1::LedgerService::Stub::SummariseHours, request, limit));
  const bool pairs = group_by == v1::SummariseHoursRequest::GROUP_BY_PAIR;
  if (pairs && response.cells_size() > 50 && !session.json()) {
    RETURN_IF_ERROR(session.people().LoadAll(request.parent()));
  }
  session.Answer(response, [&] { ShowHours(session, response, pairs); });
  NoteMore(session, response.next_page_token());
  return absl::OkStatus();
}

// The verbs that only read, and read more than one account.
std::vector<VerbSpec> ReportVerbs() {
  return {
      {.path = "holds",
       .summary = "What is promised and has not moved yet, by when it lapses.",
       .example = "turnabout holds ben --before today+7",
       .arguments = {{"member", "A reference or an id; or pot. Otherwise everybody's.", Takes::kOptional}},
       .flags = {{"turns", "", "Of the member's turns instead of hours."},
                 {"before", "DATE", "Only what lapses before this day."},
                 {"limit", "N", "At most this many; 0 for all. Otherwise 100."}},
       .run = ListHolds},
      {.path = "hours",
       .summary = "How much help there was; numbers that would tell on few people are left out.",
       .example = "turnabout hours --by category --from 2026-01-01 --to 2026-03-31",
       .flags = {{"by", "WHAT", "category, month, giver-place, receiver-place or pair. Otherwise category.", "",
                  "category"},
                 {"from", "DATE", "Only help on this day or later."},
                 {"to", "DATE", "Only help on this day or earlier."},
                 {"small", "", "Show small numbers too, for a coordinator's own eyes."},
                 {"limit", "N", "At most this many; 0 for all. Otherwise 100."},
                 AsFlag()},
       .run = SummariseHours},
  };
}

}  // namespace

std::vector<VerbSpec> LedgerVerbs() {
  const auto with = [](std::vector<FlagSpec> flags, const std::vector<FlagSpec>& more) {
    flags.insert(flags.end(), more.begin(), more.end());
    return flags;
  };
  const FlagSpec override_flag{"override", "REASON", "Set the limit aside, for this reason, which both can read."};
  std::vector<VerbSpec> verbs = {
      {.path = "statement",
       .summary = "What moved on somebody's account, newest first.",
       .example = "turnabout statement ben --since today-90",
       .arguments = {{"member", "A reference or an id; or pot."}},
       .flags = {{"turns", "", "Turns instead of hours."},
                 {"since", "DATE", "Only what was written on this day or later."},
                 {"before", "DATE", "Only what was written before this day."},
                 {"limit", "N", "At most this many lines; 0 for all. Otherwise 100."}},
       .run = ShowStatement},
      {.path = "accounts",
       .summary = "Every balance.",
       .example = "turnabout accounts --filter 'unit = TURNS'",
       .flags = with(ListFlags("unit, member"), {{"as-of", "DATE", "As they were when this day ended."}}),
       .run = ListAccounts},
      {.path = "entry show",
       .summary = "One entry in the books.",
       .example = "turnabout entry show 01jd3v9k6t0000000000000000",
       .arguments = {{"entry", "Its id."}},
       .run = ShowEntry},
      {.path = "entry post",
       .summary = "Move hours: a donation, grant, gift, opening or expiry.",
       .example = "turnabout entry post donation --from ben --to pot --time 2h --for \"for the book club\"",
       .arguments = {{"kind", "donation, grant, gift, opening or expiry."}},
       .flags = {{"from", "WHOSE", "A member, pot, opening or expiry."},
                 {"to", "WHOSE", "A member, pot, opening or expiry."},
                 {"time", "TIME", "How much: 90, 1h30 or \"1 hour 30\"."},
                 {"for", "TEXT", "Why."},
                 override_flag,
                 AsFlag()},
       .run = PostEntry},
      {.path = "entry batch",
       .summary = "Move hours many times at once, from a file; each line is answered for itself.",
       .example = "turnabout entry batch openings.csv --dry-run",
       .arguments = {{"file",
                      "CSV with the columns kind, from, to, time, note, group, request_id; - for standard "
                      "input."}},
       .flags = {{"dry-run", "", "Say what would happen, and write nothing."}, AsFlag()},
       .run = WriteBatch},
      {.path = "entry reverse",
       .summary = "Undo an entry by another one.",
       .example = "turnabout entry reverse 01jd3v9k6t0000000000000000 --reason \"logged twice\"",
       .arguments = {{"entry", "Its id."}},
       .flags = {{"reason", "TEXT", "Why; both can read it."}, override_flag, AsFlag()},
       .run = ReverseEntry},
      {.path = "trial-balance",
       .summary = "The books in a few lines; each unit adds up to zero.",
       .example = "turnabout trial-balance",
       .run = ShowTrialBalance},
  };
  const std::vector<VerbSpec> reports = ReportVerbs();
  verbs.insert(verbs.end(), reports.begin(), reports.end());
  return verbs;
}

}  // namespace turnabout::cli
