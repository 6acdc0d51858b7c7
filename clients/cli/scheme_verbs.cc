#include <google/protobuf/util/json_util.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "clients/cli/files.h"
#include "clients/cli/paging.h"
#include "clients/cli/session.h"
#include "clients/cli/show.h"
#include "clients/cli/table.h"
#include "clients/cli/text.h"
#include "clients/cli/verbs.h"
#include "turnabout/v1/rule_set_service.grpc.pb.h"
#include "turnabout/v1/scheme_service.grpc.pb.h"

namespace turnabout::cli {
namespace {

std::vector<std::string> Split(absl::string_view text) {
  std::vector<std::string> out;
  for (absl::string_view piece : absl::StrSplit(text, absl::ByAnyChar(",;"), absl::SkipEmpty())) {
    piece = absl::StripAsciiWhitespace(piece);
    if (!piece.empty()) out.emplace_back(piece);
  }
  return out;
}

// The rules in the file that --rules names, with the short flags on top.
absl::StatusOr<v1::RuleSet> RulesOf(const Session& session) {
  v1::RuleSet rules;
  if (session.command().has("rules")) {
    ASSIGN_OR_RETURN(const std::string text, ReadFile(session.flag("rules")));
    const auto parsed = google::protobuf::util::JsonStringToMessage(text, &rules);
    if (!parsed.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat(session.flag("rules"), " cannot be read as a rule set: ", parsed.ToString()));
    }
  }
  for (const std::string& id : Split(session.flag("categories"))) rules.add_categories()->set_id(id);
  for (const std::string& id : Split(session.flag("services"))) rules.add_services()->set_id(id);
  for (const std::string& language : Split(session.flag("languages"))) rules.add_languages(language);
  for (const std::string& check : Split(session.flag("checks"))) rules.add_checks(check);
  for (const std::string& check : Split(session.flag("required-checks")))
    rules.mutable_matching()->add_required_checks(check);
  return rules;
}

absl::Status CreateScheme(Session& session) {
  v1::CreateSchemeRequest request;
  session.Mention("scheme", session.command().argument(0));
  request.set_scheme_id(session.command().argument(0));
  request.mutable_scheme()->set_display_name(session.command().argument(1));
  ASSIGN_OR_RETURN(v1::RuleSet rules, RulesOf(session));
  if (rules.ByteSizeLong() > 0) *request.mutable_rule_set() = std::move(rules);
  ASSIGN_OR_RETURN(const v1::CreateSchemeResponse response,
                   session.api().Call(&v1::SchemeService::Stub::CreateScheme, request));
  session.Answer(response, [&] {
    session.out() << response.scheme().display_name() << " is ready. Its id is " << IdOf(response.scheme().name())
                  << ", and its rules are rule set " << IdOf(response.scheme().rule_set()) << ".\n";
  });
  session.SuggestNext(absl::StrCat("places import places.csv --scheme ", IdOf(response.scheme().name())));
  return absl::OkStatus();
}

absl::Status ListSchemes(Session& session) {
  ASSIGN_OR_RETURN(const int64_t limit, LimitOf(session));
  ASSIGN_OR_RETURN(const v1::ListSchemesResponse response,
                   ListUpTo(session.api(), &v1::SchemeService::Stub::ListSchemes, v1::ListSchemesRequest(), limit));
  session.Answer(response, [&] {
    Table table({{"scheme", Align::kLeft, true}, {"name"}, {"rules", Align::kRight}, {"since"}});
    for (const v1::Scheme& scheme : response.schemes()) {
      table.AddRow({IdOf(scheme.name()), scheme.display_name(), IdOf(scheme.rule_set()), DateOf(scheme.create_time())});
    }
    if (table.empty()) {
      session.out() << "No scheme yet.\n";
    } else {
      table.Print(session.out());
    }
  });
  if (response.schemes().empty()) session.SuggestNext("scheme create riverside \"Riverside Buddies\"");
  NoteMore(session, response.next_page_token());
  return absl::OkStatus();
}

void ShowRules(Session& session, const v1::RuleSet& rules) {
  const auto id = [](std::string* out, const auto& item) { absl::StrAppend(out, item.id()); };
  const auto group = [](std::string* out, const v1::RuleSet::Group& each) {
    absl::StrAppend(out, each.display_name());
    if (each.floor_per_mille() > 0) absl::StrAppend(out, " (floor ", each.floor_per_mille(), " in 1,000)");
  };
  ShowFields(
      session.out(),
      {{"credit", absl::StrCat("down to ", AmountInWords(v1::UNIT_MINUTES, -rules.credit().overdraft_minutes_max()),
                               ", up to ", AmountInWords(v1::UNIT_MINUTES, rules.credit().balance_minutes_max()))},
       {"hours confirmed within", Count(rules.credit().confirmation_days(), "day", "days")},
       {"a pledge gives", Count(rules.turns().pledge_allowance(), "turn", "turns")},
       {"a pledge is met within", Count(rules.turns().pledge_days(), "day", "days")},
       {"furthest apart", absl::StrCat(rules.matching().distance_metres_max() / 1000, " km")},
       {"checks a giver needs", absl::StrJoin(rules.matching().required_checks(), ", ")},
       {"categories", absl::StrJoin(rules.categories(), ", ", id)},
       {"services", absl::StrJoin(rules.services(), ", ", id)},
       {"languages", absl::StrJoin(rules.languages(), ", ")},
       {"checks", absl::StrJoin(rules.checks(), ", ")},
       {"groups watched", absl::StrJoin(rules.groups(), ", ", group)}},
      2);
}

absl::Status ShowScheme(Session& session) {
  v1::GetSchemeRequest request;
  std::string name = session.command().argument();
  if (name.empty()) {
    ASSIGN_OR_RETURN(name, session.Scheme());
  } else if (name.find('/') == std::string::npos) {
    name = absl::StrCat("schemes/", name);
  }
  request.set_name(name);
  ASSIGN_OR_RETURN(const v1::GetSchemeResponse response,
                   session.api().Call(&v1::SchemeService::Stub::GetScheme, request));
  v1::GetRuleSetRequest rules_request;
  rules_request.set_name(absl::StrCat(name, "/ruleSets/current"));
  ASSIGN_OR_RETURN(const v1::GetRuleSetResponse rules,
                   session.api().Call(&v1::RuleSetService::Stub::GetRuleSet, rules_request));
  if (session.flag("rules") == "yes") {
    session.Answer(rules.rule_set(), [&] { ShowRules(session, rules.rule_set()); });
    return absl::OkStatus();
  }
  session.Answer(response, [&] {
    session.out() << response.scheme().display_name() << "\n";
    ShowFields(session.out(),
               {{"id", IdOf(response.scheme().name())},
                {"since", DateOf(response.scheme().create_time())},
                {"rules", absl::StrCat("rule set ", IdOf(response.scheme().rule_set()))}},
               2);
    ShowRules(session, rules.rule_set());
  });
  return absl::OkStatus();
}

}  // namespace

std::vector<VerbSpec> SchemeVerbs() {
  return {
      {.path = "scheme create",
       .summary = "Make a scheme with its first rules.",
       .example = "turnabout scheme create riverside \"Riverside Buddies\" --services stroke-ward,cardiac",
       .arguments = {{"id", "Short, lower case: letters, digits and hyphens."}, {"name", "What people call it."}},
       .flags = {{"rules", "FILE", "A rule set as JSON; what it does not say has its default."},
                 {"categories", "LIST", "Kinds of help, such as shopping,company."},
                 {"services", "LIST", "Services people use or used, such as stroke-ward."},
                 {"languages", "LIST", "Languages people here speak."},
                 {"checks", "LIST", "Checks that a giver may hold, such as dbs,references."},
                 {"required-checks", "LIST", "Those of them that every giver needs."}},
       .run = CreateScheme},
      {.path = "scheme list",
       .summary = "The schemes on this server.",
       .example = "turnabout scheme list",
       .flags = {{"limit", "N", "At most this many; 0 for all. Otherwise 100."}},
       .run = ListSchemes},
      {.path = "scheme show",
       .summary = "One scheme and its rules.",
       .example = "turnabout scheme show riverside",
       .arguments = {{"scheme", "Its id; the only one when not given.", Takes::kOptional}},
       .flags = {{"rules", "", "Only the rules; with --output json, a file for scheme create --rules."}},
       .run = ShowScheme},
  };
}

}  // namespace turnabout::cli
