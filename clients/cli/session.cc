#include "clients/cli/session.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"
#include "clients/cli/dates.h"
#include "turnabout/v1/scheme_service.grpc.pb.h"

namespace turnabout::cli {
namespace {

ApiOptions OptionsOf(const Command& command) {
  ApiOptions options{.server = command.flag("server"), .request_id = command.flag("request-id")};
  if (!absl::ParseDuration(command.flag("timeout"), &options.timeout)) options.timeout = absl::ZeroDuration();
  options.channels = command.has("all-proposed") ? 4 : 1;
  return options;
}

}  // namespace

Session::Session(const Command& command, Console& console, const Clock& clock)
    : command_(command),
      console_(console),
      clock_(clock),
      api_(std::make_unique<Api>(OptionsOf(command))),
      people_(*api_) {}

absl::StatusOr<std::string> Session::Scheme() {
  if (!scheme_.empty()) return scheme_;
  const std::string& asked = flag("scheme");
  if (!asked.empty()) return scheme_ = absl::StartsWith(asked, "schemes/") ? asked : absl::StrCat("schemes/", asked);
  ASSIGN_OR_RETURN(const v1::ListSchemesResponse response,
                   api_->Call(&v1::SchemeService::Stub::ListSchemes, v1::ListSchemesRequest()));
  if (response.schemes_size() == 1) return scheme_ = response.schemes(0).name();
  if (response.schemes().empty()) {
    return absl::InvalidArgumentError(
        "This server has no scheme yet.\n  Next: turnabout scheme create riverside \"Riverside Buddies\"");
  }
  const std::string names = absl::StrJoin(response.schemes(), ", ", [](std::string* out, const v1::Scheme& scheme) {
    absl::StrAppend(out, IdOf(scheme.name()));
  });
  return absl::InvalidArgumentError(absl::StrCat("Say which scheme is meant: ", names, ".\n  Write: --scheme ",
                                                 IdOf(response.schemes(0).name()), ", or set TURNABOUT_SCHEME"));
}

absl::StatusOr<std::string> Session::Named(absl::string_view collection, absl::string_view text) {
  if (absl::StartsWith(text, "schemes/")) return std::string(text);
  ASSIGN_OR_RETURN(const std::string scheme, Scheme());
  if (absl::StartsWith(text, absl::StrCat(collection, "/"))) return absl::StrCat(scheme, "/", text);
  return absl::StrCat(scheme, "/", collection, "/", text);
}

absl::StatusOr<std::string> Session::Member(absl::string_view text) {
  ASSIGN_OR_RETURN(const std::string scheme, Scheme());
  ASSIGN_OR_RETURN(const v1::Member member, people_.Find(scheme, text));
  return member.name();
}

absl::StatusOr<std::string> Session::Account(absl::string_view owner, absl::string_view unit) {
  if (absl::StrContains(owner, "/accounts/")) return std::string(owner);
  ASSIGN_OR_RETURN(const std::string scheme, Scheme());
  if (owner == "pot" || owner == "opening" || owner == "clearing" || owner == "expiry") {
    return absl::StrCat(scheme, "/accounts/", owner, ".", unit);
  }
  ASSIGN_OR_RETURN(const std::string member, Member(owner));
  return absl::StrCat(scheme, "/accounts/", IdOf(member), ".", unit);
}

absl::StatusOr<std::string> Session::Actor(absl::string_view fallback) {
  const std::string& who = flag("as");
  if (absl::StartsWith(who, "coordinators/")) return who;
  if (who == "coordinator" || (who.empty() && fallback.empty())) return std::string("coordinators/cli");
  if (who.empty()) return std::string(fallback);
  return Member(who);
}

absl::StatusOr<std::string> Session::Date(absl::string_view text) const {
  if (text.empty()) return std::string();
  ASSIGN_OR_RETURN(const absl::CivilDay day, ParseDate(text, Today()));
  return IsoDate(day);
}

void Session::Answer(const google::protobuf::Message& response, const std::function<void()>& show) {
  if (!json()) return show();
  out() << ToJson(response);
}

void Session::SuggestNext(absl::string_view command) {
  if (!json()) console_.err << "  Next: turnabout " << command << "\n";
}

void Session::Note(absl::string_view sentence) { console_.err << sentence << "\n"; }

std::string IdOf(absl::string_view name) {
  const size_t slash = name.rfind('/');
  return std::string(slash == absl::string_view::npos ? name : name.substr(slash + 1));
}

FlagSpec AsFlag(absl::string_view fallback) {
  return {"as", "WHO",
          absl::StrCat("Who is doing this: a member's reference, or coordinator. Otherwise ", fallback, "."),
          "TURNABOUT_AS"};
}

}  // namespace turnabout::cli
