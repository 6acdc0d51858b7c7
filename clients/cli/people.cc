#include "clients/cli/people.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "base/id.h"
#include "clients/cli/paging.h"
#include "clients/cli/session.h"
#include "turnabout/v1/member_service.grpc.pb.h"

namespace turnabout::cli {
namespace {

// "schemes/x/members/ID" for "schemes/x/accounts/ID.minutes"; other names as they are.
std::string OwnerOf(absl::string_view name) {
  const size_t at = name.find("/accounts/");
  if (at == absl::string_view::npos) return std::string(name);
  const absl::string_view owner = name.substr(at + 10);
  return absl::StrCat(name.substr(0, at), "/members/", owner.substr(0, owner.find('.')));
}

// The scheme's own accounts and the people who are no members.
std::string CalledOtherwise(absl::string_view name) {
  if (absl::StartsWith(name, "coordinators/")) {
    const std::string id = IdOf(name);
    return id == "cli" || id == "coordinator" ? "the coordinator" : absl::StrCat("coordinator ", id);
  }
  const std::string id = IdOf(name);
  if (id == "pot") return "the community pot";
  if (id == "opening") return "opening credit";
  if (id == "clearing") return "other schemes";
  if (id == "expiry") return "expired credit";
  return "";
}

}  // namespace

void People::Remember(const v1::Member& member) { members_[member.name()] = member; }

absl::StatusOr<v1::Member> People::Find(absl::string_view scheme, absl::string_view text) {
  const bool is_name = absl::StartsWith(text, "schemes/");
  if (is_name || IdBytesFromText(text).ok()) {
    v1::GetMemberRequest request;
    request.set_name(is_name ? std::string(text) : absl::StrCat(scheme, "/members/", text));
    absl::StatusOr<v1::GetMemberResponse> response = api_.Call(&v1::MemberService::Stub::GetMember, request);
    if (!response.ok()) return response.status();
    Remember(response->member());
    return response->member();
  }
  for (const auto& [name, member] : members_) {
    if (member.reference() == text && absl::StartsWith(name, absl::StrCat(scheme, "/"))) return member;
  }
  v1::ListMembersRequest request;
  request.set_parent(std::string(scheme));
  request.set_filter(absl::StrCat("reference = \"", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"\"", "\\\""}}), "\""));
  request.set_page_size(1);
  absl::StatusOr<v1::ListMembersResponse> response = api_.Call(&v1::MemberService::Stub::ListMembers, request);
  if (!response.ok()) return response.status();
  if (response->members().empty()) {
    return absl::NotFoundError(
        absl::StrCat("Nobody in ", IdOf(scheme), " has the reference \"", text, "\".\n  Next: turnabout members list"));
  }
  Remember(response->members(0));
  return response->members(0);
}

const v1::Member* People::Known(absl::string_view name) {
  const auto found = members_.find(name);
  if (found != members_.end()) return &found->second;
  v1::GetMemberRequest request;
  request.set_name(std::string(name));
  absl::StatusOr<v1::GetMemberResponse> response = api_.Call(&v1::MemberService::Stub::GetMember, request);
  if (!response.ok()) return nullptr;
  return &members_.emplace(std::string(name), response->member()).first->second;
}

std::string People::Called(absl::string_view name) {
  if (name.empty()) return "";
  const std::string owner = OwnerOf(name);
  const std::string otherwise = CalledOtherwise(owner);
  if (!otherwise.empty()) return otherwise;
  const v1::Member* member = Known(owner);
  return member == nullptr ? IdOf(owner) : member->display_name();
}

std::string People::Typed(absl::string_view name) {
  const v1::Member* member = name.empty() ? nullptr : Known(OwnerOf(name));
  return member == nullptr || member->reference().empty() ? IdOf(OwnerOf(name)) : member->reference();
}

absl::Status People::LoadAll(absl::string_view scheme) {
  v1::ListMembersRequest request;
  request.set_parent(std::string(scheme));
  const absl::StatusOr<v1::ListMembersResponse> all = ListUpTo(api_, &v1::MemberService::Stub::ListMembers, request, 0);
  if (!all.ok()) return all.status();
  for (const v1::Member& member : all->members()) Remember(member);
  return absl::OkStatus();
}

}  // namespace turnabout::cli
