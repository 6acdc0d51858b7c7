#include "clients/demo/scale.h"

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/minutes.h"
#include "base/status_macros.h"
#include "clients/cli/approve.h"
#include "clients/cli/dates.h"
#include "clients/cli/importer.h"
#include "clients/cli/table.h"
#include "clients/cli/text.h"
#include "clients/demo/stopwatch.h"
#include "clients/generate/generate.h"
#include "turnabout/v1/ledger_service.grpc.pb.h"
#include "turnabout/v1/matching_service.grpc.pb.h"
#include "turnabout/v1/member_service.grpc.pb.h"
#include "turnabout/v1/scheme_service.grpc.pb.h"
#include "turnabout/v1/server_service.grpc.pb.h"

namespace turnabout::demo {
namespace {

using cli::Count;
using cli::Grouped;

constexpr absl::string_view kScheme = "schemes/invented";
constexpr absl::string_view kCoordinator = "coordinators/cara";

// What each part took, and how much it did in that time.
class Timings {
 public:
  void Add(absl::string_view part, int64_t done, absl::string_view what, absl::Duration took) {
    const double seconds = absl::ToDoubleSeconds(took);
    table_.AddRow({std::string(part), absl::StrCat(Grouped(done), " ", what), absl::StrFormat("%.2f s", seconds),
                   seconds > 0 ? absl::StrCat(Grouped(static_cast<int64_t>(done / seconds)), " a second") : ""});
  }
  const cli::Table& table() const { return table_; }

 private:
  cli::Table table_{
      {{"part"}, {"how many", cli::Align::kRight}, {"took", cli::Align::kRight}, {"rate", cli::Align::kRight}}};
};

// "today+90" as a date.
void Resolve(std::string& date, absl::CivilDay today) {
  const absl::StatusOr<absl::CivilDay> day = cli::ParseDate(date, today);
  if (day.ok()) date = cli::IsoDate(*day);
}

std::vector<cli::MemberRow> ToRows(std::vector<v1::ImportedMember> members, absl::CivilDay today) {
  std::vector<cli::MemberRow> rows;
  rows.reserve(members.size());
  for (v1::ImportedMember& imported : members) {
    v1::Member& member = *imported.mutable_member();
    for (auto& journey : *member.mutable_journeys()) Resolve(*journey.mutable_expected_discharge_date(), today);
    for (auto& check : *member.mutable_checks()) Resolve(*check.mutable_valid_until_date(), today);
    Resolve(*imported.mutable_pledged_date(), today);
    Resolve(*imported.mutable_waiting_since_date(), today);
    rows.push_back({static_cast<int>(rows.size()) + 2, std::move(imported)});
  }
  return rows;
}

absl::Status Import(const ScaleOptions& options, cli::Api& api, absl::CivilDay today, Timings& timings,
                    Figures& figures) {
  Stopwatch watch;
  generate::GeneratedScheme scheme = generate::GenerateScheme({.people = options.people, .seed = Seed{options.seed}});
  v1::CreateSchemeRequest request;
  request.set_scheme_id("invented");
  request.mutable_scheme()->set_display_name("An invented scheme");
  *request.mutable_rule_set() = scheme.rule_set;
  RETURN_IF_ERROR(api.Call(&v1::SchemeService::Stub::CreateScheme, request).status());
  RETURN_IF_ERROR(cli::ImportPlaces(api, kScheme, scheme.places).status());
  const std::vector<cli::MemberRow> rows = ToRows(std::move(scheme.members), today);
  timings.Add("invent people", options.people, "people", watch.Elapsed());
  watch = Stopwatch();
  std::vector<cli::RowProblem> problems;
  cli::ImportOptions import{
      .scheme = std::string(kScheme), .actor = std::string(kCoordinator), .check_first = false, .on_progress = {}};
  ASSIGN_OR_RETURN(const cli::ImportTotals totals, cli::ImportMemberRows(api, import, rows, cli::CsvRow(), problems));
  figures.members = totals.created;
  timings.Add("import", totals.created, "members", watch.Elapsed());
  return absl::OkStatus();
}

absl::Status Match(cli::Api& api, Page& page, Timings& timings, Figures& figures) {
  v1::RunRoundRequest request;
  request.set_parent(std::string(kScheme));
  request.set_seed(7);
  request.set_actor(std::string(kCoordinator));
  Stopwatch watch;
  ASSIGN_OR_RETURN(const v1::RunRoundResponse response,
                   api.Call(&v1::MatchingService::Stub::RunRound, request, cli::kLongDeadline));
  const v1::Round& round = response.round();
  timings.Add("round", round.eligible_pair_count(), "possible pairs", watch.Elapsed());
  figures.waiting = round.waiting_count();
  figures.proposals = round.proposal_count();
  figures.served = round.value().served_count();
  figures.greedy_served = round.greedy_value().served_count();
  figures.left_out = round.left_out_count();
  page.Say(absl::StrCat(Count(figures.waiting, "person", "people"), " would like a buddy; ", Grouped(figures.served),
                        " are given one, with ", Grouped(figures.proposals),
                        " proposals. Taking the best pair again and again serves ", Grouped(figures.greedy_served),
                        ". ", round.verified() ? "Proven the best." : "NOT proven."));
  ASSIGN_OR_RETURN(const std::vector<std::string> names, cli::ProposedMatches(api, kScheme));
  std::map<std::string, int64_t> refused;
  watch = Stopwatch();
  cli::ApproveMany(api, names, kCoordinator, "", [&](size_t, absl::StatusOr<v1::ApproveMatchResponse> approved) {
    if (approved.ok()) {
      ++figures.approved;
    } else {
      ++refused[std::string(approved.status().message())];
    }
  });
  timings.Add("approve, one by one", static_cast<int64_t>(names.size()), "matches", watch.Elapsed());
  for (const auto& [sentence, count] : refused)
    page.Point(absl::StrCat(Grouped(count), " approvals refused: ", sentence));
  return absl::OkStatus();
}

absl::Status CheckBooks(cli::Api& api, Page& page, Timings& timings, Figures& figures) {
  v1::GetTrialBalanceRequest request;
  request.set_name(std::string(kScheme));
  ASSIGN_OR_RETURN(const v1::GetTrialBalanceResponse books,
                   api.Call(&v1::LedgerService::Stub::GetTrialBalance, request, cli::kLongDeadline));
  figures.entries = books.entry_count();
  figures.minutes_posted = books.minutes_posted();
  figures.sum_minutes = books.sum_minutes();
  figures.sum_turns = books.sum_turns();
  const Stopwatch watch;
  ASSIGN_OR_RETURN(const v1::VerifyJournalResponse verified,
                   api.Call(&v1::ServerService::Stub::VerifyJournal, v1::VerifyJournalRequest(), cli::kLongDeadline));
  timings.Add("verify", verified.record_count(), "records", watch.Elapsed());
  figures.verify = "ok";
  figures.digest = verified.digest();
  page.Say(absl::StrCat("The books are right: ", Count(figures.entries, "entry", "entries"), "; hours add up to ",
                        figures.sum_minutes, ", turns to ", figures.sum_turns, "."));
  return absl::OkStatus();
}

}  // namespace

absl::Status RunAtScale(const ScaleOptions& options, cli::Api& api, const ServerProcess& server, absl::CivilDay today,
                        Page& page, Figures& figures) {
  Timings timings;
  page.Heading(
      absl::StrCat("An invented scheme of ", Count(options.people, "person", "people"), ", from seed ", options.seed));
  RETURN_IF_ERROR(Import(options, api, today, timings, figures));
  RETURN_IF_ERROR(Match(api, page, timings, figures));
  RETURN_IF_ERROR(CheckBooks(api, page, timings, figures));
  page.Gap();
  page.Show(timings.table());
  page.Say(absl::StrCat("The server's memory came to ", Grouped(server.PeakMemoryKb() / 1024), " MB at most."));
  page.Say(absl::StrCat("Digest ", figures.digest));
  return absl::OkStatus();
}

}  // namespace turnabout::demo
