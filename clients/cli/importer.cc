#include "clients/cli/importer.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "base/status_macros.h"
#include "clients/cli/paging.h"
#include "clients/cli/people.h"
#include "turnabout/v1/member_service.grpc.pb.h"
#include "turnabout/v1/rule_set_service.grpc.pb.h"
#include "turnabout/v1/scheme_service.grpc.pb.h"

namespace turnabout::cli {
namespace {

constexpr absl::Duration kImportDeadline = absl::Seconds(60);

using v1::ImportMembersRequest;
using v1::ImportMembersResponse;

size_t ChunkOf(size_t row) { return row / kImportRowsMax; }

// References of rows in other requests that the server does not know yet: rows that name them must wait.
std::set<std::string> NotThereYet(Api& api, const std::string& scheme, const std::vector<MemberRow>& rows) {
  std::map<absl::string_view, size_t> chunks;
  for (size_t i = 0; i < rows.size(); ++i) chunks.emplace(rows[i].member.member().reference(), ChunkOf(i));
  People people(api);
  std::set<std::string> asked, unknown;
  for (size_t i = 0; i < rows.size(); ++i) {
    for (const std::string& reference : rows[i].member.member().excluded_members()) {
      const auto target = chunks.find(reference);
      const bool elsewhere = target != chunks.end() && target->second != ChunkOf(i);
      if (elsewhere && asked.insert(reference).second && !people.Find(scheme, reference).ok())
        unknown.insert(reference);
    }
  }
  return unknown;
}

// The row without exclusions that name somebody in `unknown`. True when it lost any.
bool WithoutUnknown(const std::set<std::string>& unknown, v1::ImportedMember& row) {
  auto& excluded = *row.mutable_member()->mutable_excluded_members();
  const auto end = std::remove_if(excluded.begin(), excluded.end(),
                                  [&](const std::string& reference) { return unknown.count(reference) > 0; });
  const bool lost = end != excluded.end();
  excluded.erase(end, excluded.end());
  return lost;
}

struct Batch {
  size_t first_row = 0;
  ImportMembersRequest request;
};

struct Plan {
  std::vector<Batch> batches;
  std::vector<Batch> afterwards;  // rows that name somebody whom an earlier batch makes
};

void AddRow(const ImportOptions& options, size_t row, const v1::ImportedMember& member, std::vector<Batch>& batches) {
  if (batches.empty() || batches.back().request.members_size() == kImportRowsMax) {
    Batch& batch = batches.emplace_back();
    batch.first_row = row;
    batch.request.set_parent(options.scheme);
    batch.request.set_actor(options.actor);
  }
  *batches.back().request.add_members() = member;
}

Plan MakePlan(Api& api, const ImportOptions& options, const std::vector<MemberRow>& rows) {
  const std::set<std::string> unknown = NotThereYet(api, options.scheme, rows);
  Plan plan;
  for (size_t i = 0; i < rows.size(); ++i) {
    v1::ImportedMember row = rows[i].member;
    if (WithoutUnknown(unknown, row)) AddRow(options, i, rows[i].member, plan.afterwards);
    AddRow(options, i, row, plan.batches);
  }
  return plan;
}

// The server's view of which fields are wrong, as rows and columns of the file. False when it says no such thing.
bool AddProblems(const absl::Status& status, const Batch& batch, const std::vector<MemberRow>& rows,
                 const CsvRow& header, std::vector<RowProblem>& problems) {
  const ErrorDetails details = DetailsOf(status);
  bool added = false;
  for (const auto& [field, description] : details.fields) {
    absl::string_view rest = field;
    size_t index = 0;
    if (!absl::ConsumePrefix(&rest, "members[") || !absl::SimpleAtoi(rest.substr(0, rest.find(']')), &index)) continue;
    if (batch.first_row + index >= rows.size()) continue;
    const MemberRow& row = rows[batch.first_row + index];
    const ColumnPlace place = ColumnOfField(field, header);
    problems.push_back(
        {row.line, place.letter, place.name, absl::StrCat(row.member.member().reference(), ": ", description), ""});
    added = true;
  }
  return added;
}

void CountOutcomes(const ImportMembersResponse& response, ImportTotals& totals) {
  for (int outcome : response.outcomes()) {
    totals.created += outcome == ImportMembersResponse::OUTCOME_CREATED;
    totals.updated += outcome == ImportMembersResponse::OUTCOME_UPDATED;
    totals.unchanged += outcome == ImportMembersResponse::OUTCOME_UNCHANGED;
  }
}

bool ChangesSomething(const ImportMembersResponse& response) {
  return std::any_of(response.outcomes().begin(), response.outcomes().end(),
                     [](int outcome) { return outcome != ImportMembersResponse::OUTCOME_UNCHANGED; });
}

// The same rows over the same state of the scheme have the same id, so that sending a batch whose answer was lost
// changes nothing twice; after the scheme has changed, the same file is a new wish.
std::string RequestIdFor(const ImportMembersRequest& request, int64_t revision) {
  return ToHex(Sha256({request.SerializeAsString(), absl::StrCat("@", revision)}));
}

absl::Status Send(Api& api, Batch& batch, int64_t revision, ImportMembersResponse& response) {
  batch.request.clear_request_id();
  batch.request.set_request_id(RequestIdFor(batch.request, revision));
  ASSIGN_OR_RETURN(response, api.Call(&v1::MemberService::Stub::ImportMembers, batch.request, kImportDeadline));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Vocabulary> ReadVocabulary(Api& api, absl::string_view scheme) {
  v1::GetRuleSetRequest request;
  request.set_name(absl::StrCat(scheme, "/ruleSets/current"));
  ASSIGN_OR_RETURN(const v1::GetRuleSetResponse rules, api.Call(&v1::RuleSetService::Stub::GetRuleSet, request));
  Vocabulary vocabulary;
  for (const auto& category : rules.rule_set().categories()) vocabulary.categories.push_back(category.id());
  for (const auto& service : rules.rule_set().services()) vocabulary.services.push_back(service.id());
  vocabulary.languages.assign(rules.rule_set().languages().begin(), rules.rule_set().languages().end());
  vocabulary.checks.assign(rules.rule_set().checks().begin(), rules.rule_set().checks().end());
  v1::ListPlacesRequest places_request;
  places_request.set_parent(std::string(scheme));
  ASSIGN_OR_RETURN(const v1::ListPlacesResponse places,
                   ListUpTo(api, &v1::SchemeService::Stub::ListPlaces, places_request, 0));
  for (const v1::Place& place : places.places()) vocabulary.places.push_back(place.code());
  return vocabulary;
}

absl::StatusOr<ImportTotals> ImportMemberRows(Api& api, const ImportOptions& options,
                                              const std::vector<MemberRow>& rows, const CsvRow& header,
                                              std::vector<RowProblem>& problems) {
  Plan plan = MakePlan(api, options, rows);
  ImportTotals totals;
  std::vector<ImportMembersResponse> foreseen(plan.batches.size());
  const size_t before = problems.size();
  for (size_t i = 0; options.check_first && i < plan.batches.size(); ++i) {
    ImportMembersRequest question = plan.batches[i].request;
    question.set_validate_only(true);
    absl::StatusOr<ImportMembersResponse> answer =
        api.Call(&v1::MemberService::Stub::ImportMembers, question, kImportDeadline);
    if (answer.ok()) {
      CountOutcomes(*answer, totals);
      foreseen[i] = *std::move(answer);
    } else if (!AddProblems(answer.status(), plan.batches[i], rows, header, problems)) {
      return answer.status();
    }
  }
  if (problems.size() > before || !options.write) return totals;
  bool sent_any = false;
  for (size_t i = 0; i < plan.batches.size(); ++i) {
    Batch& batch = plan.batches[i];
    if (options.on_progress)
      options.on_progress(static_cast<int64_t>(batch.first_row), static_cast<int64_t>(rows.size()));
    if (options.check_first && !ChangesSomething(foreseen[i])) continue;
    ImportMembersResponse response;
    RETURN_IF_ERROR(Send(api, batch, foreseen[i].revision(), response));
    if (!options.check_first) CountOutcomes(response, totals);
    sent_any = true;
  }
  for (Batch& batch : plan.afterwards) {
    ImportMembersResponse response;
    if (sent_any) RETURN_IF_ERROR(Send(api, batch, 0, response));
  }
  return totals;
}

namespace {

// Degrees in `text` as millionths; false when it is no number within the limit.
bool ReadDegrees(absl::string_view text, double limit, int32_t& microdegrees) {
  double degrees = 0;
  if (!absl::SimpleAtod(text, &degrees) || !(degrees >= -limit && degrees <= limit)) return false;
  microdegrees = static_cast<int32_t>(degrees * 1e6 + (degrees < 0 ? -0.5 : 0.5));
  return true;
}

int FindColumn(const CsvRow& header, std::initializer_list<absl::string_view> names) {
  for (size_t i = 0; i < header.cells.size(); ++i) {
    for (absl::string_view name : names) {
      if (absl::EqualsIgnoreCase(header.cells[i], name)) return static_cast<int>(i);
    }
  }
  return -1;
}

}  // namespace

std::vector<v1::Place> ParsePlaces(const CsvTable& table, std::vector<RowProblem>& problems) {
  const int code = FindColumn(table.header, {"code", "place", "outcode", "postcode"});
  const int name = FindColumn(table.header, {"name", "display_name"});
  const int latitude = FindColumn(table.header, {"latitude", "lat"});
  const int longitude = FindColumn(table.header, {"longitude", "lon", "lng", "long"});
  for (const auto& [column, called] : {std::pair(code, "code"), {latitude, "latitude"}, {longitude, "longitude"}}) {
    if (column < 0) problems.push_back({table.header.line, "", "", "", absl::StrCat("a column called ", called)});
  }
  if (code < 0 || latitude < 0 || longitude < 0) return {};
  std::vector<v1::Place> places;
  for (const CsvRow& row : table.rows) {
    const auto cell = [&](int column) {
      const bool there = column >= 0 && static_cast<size_t>(column) < row.cells.size();
      return there ? PlainCell(absl::StripAsciiWhitespace(row.cells[column])) : std::string();
    };
    const auto problem = [&](int column, absl::string_view expected) {
      problems.push_back(
          {row.line, ColumnLetter(column), table.header.cells[column], cell(column), std::string(expected)});
    };
    v1::Place& place = places.emplace_back();
    int32_t north = 0, east = 0;
    place.set_code(cell(code));
    place.set_display_name(cell(name));
    if (place.code().empty()) problem(code, "a short code for the place, such as CF10");
    if (!ReadDegrees(cell(latitude), 90, north)) problem(latitude, "degrees north from -90 to 90, such as 51.474");
    if (!ReadDegrees(cell(longitude), 180, east)) problem(longitude, "degrees east from -180 to 180, such as -3.176");
    place.set_latitude_microdegrees(north);
    place.set_longitude_microdegrees(east);
  }
  return places;
}

absl::StatusOr<ImportTotals> ImportPlaces(Api& api, absl::string_view scheme, const std::vector<v1::Place>& places,
                                          bool write) {
  ImportTotals totals;
  for (size_t first = 0; first < places.size(); first += kImportRowsMax) {
    v1::ImportPlacesRequest request;
    request.set_parent(std::string(scheme));
    request.set_validate_only(!write);
    const size_t end = std::min(places.size(), first + kImportRowsMax);
    for (size_t i = first; i < end; ++i) *request.add_places() = places[i];
    ASSIGN_OR_RETURN(const v1::ImportPlacesResponse response,
                     api.Call(&v1::SchemeService::Stub::ImportPlaces, request));
    totals.created += response.created_count();
    totals.updated += response.updated_count();
    totals.unchanged += static_cast<int64_t>(end - first) - response.created_count() - response.updated_count();
  }
  return totals;
}

}  // namespace turnabout::cli
