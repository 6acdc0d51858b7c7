#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "clients/cli/session.h"
#include "clients/cli/show.h"
#include "clients/cli/text.h"
#include "clients/cli/verbs.h"
#include "turnabout/v1/journal_service.grpc.pb.h"

namespace turnabout::cli {
namespace {

// A server that went away is tried again after this.
constexpr std::chrono::seconds kAgainAfter{1};

std::string MomentText(const google::protobuf::Timestamp& time) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", absl::FromUnixSeconds(time.seconds()), absl::UTCTimeZone());
}

// "schemes/cardiff/members/01jd…" is "member", "schemes/cardiff" is "scheme".
std::string KindOf(absl::string_view name) {
  constexpr std::pair<absl::string_view, absl::string_view> kKinds[] = {
      {"/members/", "member"}, {"/pledges/", "pledge"}, {"/waivers/", "waiver"},    {"/exchanges/", "exchange"},
      {"/matches/", "match"},  {"/rounds/", "round"},   {"/ruleSets/", "rule set"}, {"/accounts/", "limits of"},
  };
  for (const auto& [part, kind] : kKinds) {
    if (name.find(part) != absl::string_view::npos) return std::string(kind);
  }
  return "scheme";
}

void ShowEvent(Session& session, const v1::JournalEvent& event) {
  std::ostream& out = session.out();
  People& people = session.people();
  out << MomentText(event.write_time()) << "  ";
  if (event.has_entry()) {
    const v1::Entry& entry = event.entry();
    out << PadRight(absl::StrCat("entry ", Grouped(entry.number())), 14) << AmountInWords(entry.unit(), entry.amount())
        << " from " << Printable(people.Called(entry.from_account())) << " to "
        << Printable(people.Called(entry.to_account())) << " ("
        << PlainState(v1::Entry::Kind_Name(entry.kind()), "KIND_") << ", "
        << PlainState(v1::Entry::State_Name(entry.state())) << ")";
    if (!entry.note().empty()) out << ": " << Printable(entry.note());
  } else {
    const std::string& name = event.has_changed() ? event.changed() : event.removed();
    const std::string kind = KindOf(name);
    const bool person = kind == "member" || kind == "limits of";
    out << PadRight(event.has_changed() ? "changed" : "removed", 14) << kind << " "
        << (person ? Printable(people.Called(name)) : IdOf(name));
    if (kind == "limits of") out << (absl::EndsWith(name, ".turns") ? " in turns" : " in hours");
  }
  out << "\n";
}

// Where to begin: after --from, or with what is written from now on.
absl::StatusOr<int64_t> FirstRevision(Session& session) {
  int64_t revision = 0;
  const std::string& from = session.flag("from");
  if (!from.empty()) {
    if (absl::SimpleAtoi(from, &revision) && revision >= 0) return revision;
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", from, "\" is not a revision.\n  Write: --from 0 for everything, or a number you were given"));
  }
  ASSIGN_OR_RETURN(const v1::GetHeadResponse head,
                   session.api().Call(&v1::JournalService::Stub::GetHead, v1::GetHeadRequest()));
  return head.head().revision();
}

absl::Status WatchScheme(Session& session) {
  v1::WatchJournalRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), session.Scheme());
  ASSIGN_OR_RETURN(const int64_t first, FirstRevision(session));
  request.set_after_revision(first);
  request.set_entries_only(session.command().has("entries"));
  if (session.command().has("account")) {
    const std::string unit = session.command().has("turns") ? "turns" : "minutes";
    ASSIGN_OR_RETURN(*request.mutable_account(), session.Account(session.flag("account"), unit));
  }
  int64_t until = 0;  // for ever
  if (session.command().has("once")) {
    ASSIGN_OR_RETURN(const v1::GetHeadResponse head,
                     session.api().Call(&v1::JournalService::Stub::GetHead, v1::GetHeadRequest()));
    until = head.head().revision();
    if (until <= first) return absl::OkStatus();
  }
  const auto told = [&](const v1::WatchJournalResponse& response) {
    for (const v1::JournalEvent& event : response.events()) {
      if (session.json()) {
        session.out() << ToJsonLine(event) << "\n";
      } else {
        ShowEvent(session, event);
      }
    }
    session.out().flush();
    request.set_after_revision(response.revision());
    return session.out().good() && (until == 0 || response.revision() < until);
  };
  while (true) {
    const absl::Status ended =
        session.api().ReadStream<v1::JournalService::Stub, v1::WatchJournalRequest, v1::WatchJournalResponse>(
            &v1::JournalService::Stub::WatchJournal, request, told);
    if (!absl::IsUnavailable(ended)) return ended;
    session.Note(absl::StrCat("The server went away after revision ", request.after_revision(), "; trying again."));
    std::this_thread::sleep_for(kAgainAfter);
  }
}

}  // namespace

std::vector<VerbSpec> WatchVerbs() {
  return {
      {.path = "journal watch",
       .summary = "What is written in the scheme, as it is written; goes on over a server's restart.",
       .example = "turnabout journal watch --account ben",
       .flags = {{"from", "REVISION", "Only what came after it; 0 for everything. Otherwise from now on."},
                 {"account", "WHOSE", "Only entries of this account: a member, or pot, opening, clearing or expiry."},
                 {"turns", "", "With --account: their turns instead of their hours."},
                 {"entries", "", "Entries alone, no other changes."},
                 {"once", "", "Stop when everything that was there has been shown."}},
       .run = WatchScheme},
  };
}

}  // namespace turnabout::cli
