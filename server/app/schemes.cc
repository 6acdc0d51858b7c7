#include "server/app/schemes.h"

#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "server/app/listing.h"
#include "server/app/masks.h"
#include "server/app/problems.h"
#include "server/app/rule_set_fields.h"
#include "server/records/dates.h"
#include "server/records/rows.h"

namespace turnabout {
namespace {

std::string RuleSetName(absl::string_view slug, int32_t number) {
  return ChildName(slug, kRuleSets, absl::StrCat(number));
}

v1::Scheme ToApi(const rows::SchemeRow& row) {
  v1::Scheme scheme = row.scheme();
  const std::string slug = scheme.name();
  scheme.set_name(SchemeName(slug));
  scheme.set_rule_set(RuleSetName(slug, row.rule_set_number()));
  scheme.set_etag(absl::StrCat(row.version()));
  *scheme.mutable_create_time() = TimestampOf(row.create_micros());
  *scheme.mutable_update_time() = TimestampOf(row.update_micros());
  return scheme;
}

v1::RuleSet ToApi(absl::string_view slug, int32_t number, const rows::RuleSetRow& row) {
  v1::RuleSet rules = WithDefaults(row.rule_set());
  rules.set_name(RuleSetName(slug, number));
  *rules.mutable_start_time() = TimestampOf(row.start_micros());
  return rules;
}

// The scheme's own accounts. Only the pot cannot go below zero: it gives what it was given.
void OpenSchemeAccounts(const Ledger& ledger, uint32_t scheme, Txn& txn) {
  for (const OwnerId& owner : {kPot, kOpening, kClearing, kExpiry}) {
    const AccountLimits limits = owner == kPot ? AccountLimits{.floor = 0} : AccountLimits{};
    ledger.SetLimits({scheme, Unit::kMinutes, owner}, limits, txn);
  }
}

uint32_t NextSchemeNumber(Txn& txn) {
  uint32_t count = 0;
  if (const std::optional<std::string> text = txn.Get(SchemeCountKey())) (void)absl::SimpleAtoi(*text, &count);
  txn.Put(SchemeCountKey(), absl::StrCat(count + 1));
  return count + 1;
}

absl::Status Create(const Context& context, const v1::CreateSchemeRequest& request, Txn& txn,
                    v1::CreateSchemeResponse& response) {
  const std::string& slug = request.scheme_id();
  if (txn.Get(SchemeKey(slug)).has_value()) return Refuse(Reason::kSchemeExists, {{"name", SchemeName(slug)}});
  const int64_t now = absl::ToUnixMicros(txn.now());
  rows::SchemeRow row;
  row.mutable_scheme()->set_name(slug);
  row.mutable_scheme()->set_display_name(request.scheme().display_name());
  row.set_number(NextSchemeNumber(txn));
  row.set_rule_set_number(1);
  row.set_version(1);
  row.set_create_micros(now);
  row.set_update_micros(now);
  SaveRow(txn, SchemeKey(slug), row);
  rows::RuleSetRow rules;
  *rules.mutable_rule_set() = request.rule_set();
  rules.mutable_rule_set()->clear_name();
  rules.mutable_rule_set()->clear_start_time();
  rules.set_start_micros(now);
  SaveRow(txn, RuleSetKey(row.number(), 1), rules);
  OpenSchemeAccounts(context.ledger, row.number(), txn);
  *response.mutable_scheme() = ToApi(row);
  return absl::OkStatus();
}

void CheckPlaces(const v1::ImportPlacesRequest& request, Problems& problems) {
  constexpr int32_t kQuarterTurn = 90'000'000;
  problems.CheckRange("places", request.places_size(), 1, kImportRowsMax);
  for (int i = 0; i < request.places_size(); ++i) {
    const v1::Place& place = request.places(i);
    const std::string path = absl::StrCat("places[", i, "].");
    problems.CheckText(path + "code", place.code(), kSlugLengthMax, true);
    problems.CheckText(path + "display_name", place.display_name(), kNameLengthMax, false);
    problems.CheckRange(path + "latitude_microdegrees", place.latitude_microdegrees(), -kQuarterTurn, kQuarterTurn);
    problems.CheckRange(path + "longitude_microdegrees", place.longitude_microdegrees(), -2 * kQuarterTurn,
                        2 * kQuarterTurn);
  }
}

int CountPlaces(uint32_t scheme, const Txn& txn) {
  int count = 0;
  const KeyRange range = SchemeRange(Table::kPlace, scheme);
  txn.Scan(range.begin, range.end, [&](absl::string_view, absl::string_view) { return ++count < kPlacesPerSchemeMax; });
  return count;
}

absl::Status PutPlaces(uint32_t scheme, const v1::ImportPlacesRequest& request, Txn& txn,
                       v1::ImportPlacesResponse& response) {
  const int there = CountPlaces(scheme, txn);
  for (const v1::Place& place : request.places()) {
    const std::string key = PlaceKey(scheme, absl::AsciiStrToUpper(place.code()));
    rows::PlaceRow row;
    *row.mutable_place() = place;
    const std::optional<std::string> before = txn.Get(key);
    if (!before.has_value()) {
      response.set_created_count(response.created_count() + 1);
    } else if (*before != row.SerializeAsString()) {
      response.set_updated_count(response.updated_count() + 1);
    } else {
      continue;
    }
    SaveRow(txn, key, row);
  }
  if (there + response.created_count() <= kPlacesPerSchemeMax) return absl::OkStatus();
  return RefuseFields({{"places", absl::StrCat("A scheme has at most ", kPlacesPerSchemeMax, " places")}});
}

}  // namespace

void Schemes::CreateScheme(const Call& call, const v1::CreateSchemeRequest& request,
                           Reply<v1::CreateSchemeResponse> reply) {
  Problems problems;
  if (!IsSlug(request.scheme_id())) {
    problems.Add("scheme_id", "Use lower-case letters, digits and hyphens, starting with a letter, at most 63");
  }
  problems.CheckText("scheme.display_name", request.scheme().display_name(), kNameLengthMax, true);
  problems.CheckRequestId(request.request_id());
  CheckRuleSet(request.rule_set(), "rule_set.", problems);
  if (!problems.empty()) return reply(problems.ToStatus());
  RunWrite<v1::CreateSchemeResponse>(context_, call, request.scheme_id(), request, std::move(reply),
                                     [this, request](Txn& txn, v1::CreateSchemeResponse& response) {
                                       return Create(context_, request, txn, response);
                                     });
}

void Schemes::UpdateScheme(const Call& call, const v1::UpdateSchemeRequest& request,
                           Reply<v1::UpdateSchemeResponse> reply) {
  Problems problems;
  const std::string slug = problems.CheckScheme("scheme.name", request.scheme().name());
  problems.CheckText("scheme.display_name", request.scheme().display_name(), kNameLengthMax, false);
  problems.CheckRequestId(request.request_id());
  if (!problems.empty()) return reply(problems.ToStatus());
  RunWrite<v1::UpdateSchemeResponse>(
      context_, call, slug, request, std::move(reply),
      [request, slug](Txn& txn, v1::UpdateSchemeResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const auto scheme, FindScheme(txn, slug));
        rows::SchemeRow row = scheme->row;
        RETURN_IF_ERROR(CheckEtag(request.scheme().etag(), row.version(), SchemeName(slug)));
        RETURN_IF_ERROR(ApplyMask(request.scheme(), request.update_mask(), {"display_name"}, *row.mutable_scheme()));
        Problems after;
        after.CheckText("scheme.display_name", row.scheme().display_name(), kNameLengthMax, true);
        RETURN_IF_ERROR(after.ToStatus());
        row.set_version(row.version() + 1);
        row.set_update_micros(absl::ToUnixMicros(txn.now()));
        SaveRow(txn, SchemeKey(slug), row);
        *response.mutable_scheme() = ToApi(row);
        return absl::OkStatus();
      });
}

void Schemes::ImportPlaces(const Call& call, const v1::ImportPlacesRequest& request,
                           Reply<v1::ImportPlacesResponse> reply) {
  Problems problems;
  const std::string slug = problems.CheckScheme("parent", request.parent());
  problems.CheckRequestId(request.request_id());
  CheckPlaces(request, problems);
  if (!problems.empty()) return reply(problems.ToStatus());
  RunWrite<v1::ImportPlacesResponse>(context_, call, slug, request, std::move(reply),
                                     [request, slug](Txn& txn, v1::ImportPlacesResponse& response) -> absl::Status {
                                       ASSIGN_OR_RETURN(const auto scheme, FindScheme(txn, slug));
                                       return PutPlaces(scheme->number(), request, txn, response);
                                     });
}

absl::StatusOr<v1::GetSchemeResponse> Schemes::GetScheme(const v1::GetSchemeRequest& request) const {
  Problems problems;
  const std::string slug = problems.CheckScheme("name", request.name());
  RETURN_IF_ERROR(problems.ToStatus());
  return RunRead<v1::GetSchemeResponse>(context_, request,
                                        [&](const Snapshot& snapshot, v1::GetSchemeResponse& response) -> absl::Status {
                                          ASSIGN_OR_RETURN(const auto scheme, FindScheme(snapshot, slug));
                                          *response.mutable_scheme() = ToApi(scheme->row);
                                          return absl::OkStatus();
                                        });
}

absl::StatusOr<v1::ListSchemesResponse> Schemes::ListSchemes(const v1::ListSchemesRequest& request) const {
  return RunRead<v1::ListSchemesResponse>(
      context_, request, [&](const Snapshot& snapshot, v1::ListSchemesResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(*response.mutable_next_page_token(),
                         ReadList(snapshot, TableRange(Table::kScheme), QueryOf(request), {},
                                  [&](absl::string_view, absl::string_view value, const Filter&) {
                                    *response.add_schemes() = ToApi(ParseRow<rows::SchemeRow>(value));
                                    return true;
                                  }));
        return absl::OkStatus();
      });
}

absl::StatusOr<v1::ListPlacesResponse> Schemes::ListPlaces(const v1::ListPlacesRequest& request) const {
  Problems problems;
  const std::string slug = problems.CheckScheme("parent", request.parent());
  RETURN_IF_ERROR(problems.ToStatus());
  return RunRead<v1::ListPlacesResponse>(
      context_, request, [&](const Snapshot& snapshot, v1::ListPlacesResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const auto scheme, FindScheme(snapshot, slug));
        ASSIGN_OR_RETURN(*response.mutable_next_page_token(),
                         ReadList(snapshot, SchemeRange(Table::kPlace, scheme->number()), QueryOf(request), {},
                                  [&](absl::string_view, absl::string_view value, const Filter&) {
                                    *response.add_places() = ParseRow<rows::PlaceRow>(value).place();
                                    return true;
                                  }));
        return absl::OkStatus();
      });
}

absl::StatusOr<v1::GetRuleSetResponse> Schemes::GetRuleSet(const v1::GetRuleSetRequest& request) const {
  const std::optional<ParsedName> name = ParseChildName(request.name(), kRuleSets);
  uint32_t number = 0;
  const bool current = name.has_value() && name->id == "current";
  if (!name.has_value() || (!current && !absl::SimpleAtoi(name->id, &number))) {
    return RefuseFields(
        {{"name", "Enter a name such as schemes/cardiff/ruleSets/1 or schemes/cardiff/ruleSets/current"}});
  }
  return RunRead<v1::GetRuleSetResponse>(
      context_, request, [&](const Snapshot& snapshot, v1::GetRuleSetResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const auto scheme, FindScheme(snapshot, name->slug));
        if (current) number = static_cast<uint32_t>(scheme->rules.number());
        const std::optional<rows::RuleSetRow> row =
            LoadRow<rows::RuleSetRow>(snapshot, RuleSetKey(scheme->number(), number));
        if (!row.has_value()) return Refuse(Reason::kRuleSetNotFound, {{"name", request.name()}});
        *response.mutable_rule_set() = ToApi(name->slug, static_cast<int32_t>(number), *row);
        return absl::OkStatus();
      });
}

absl::StatusOr<v1::ListRuleSetsResponse> Schemes::ListRuleSets(const v1::ListRuleSetsRequest& request) const {
  Problems problems;
  const std::string slug = problems.CheckScheme("parent", request.parent());
  RETURN_IF_ERROR(problems.ToStatus());
  return RunRead<v1::ListRuleSetsResponse>(
      context_, request, [&](const Snapshot& snapshot, v1::ListRuleSetsResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const auto scheme, FindScheme(snapshot, slug));
        ASSIGN_OR_RETURN(*response.mutable_next_page_token(),
                         ReadList(snapshot, SchemeRange(Table::kRuleSet, scheme->number()), QueryOf(request), {},
                                  [&](absl::string_view key, absl::string_view value, const Filter&) {
                                    *response.add_rule_sets() =
                                        ToApi(slug, NumberAtEnd(key), ParseRow<rows::RuleSetRow>(value));
                                    return true;
                                  }));
        return absl::OkStatus();
      });
}

}  // namespace turnabout
