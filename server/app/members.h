// The people of a scheme.
#ifndef TURNABOUT_SERVER_APP_MEMBERS_H_
#define TURNABOUT_SERVER_APP_MEMBERS_H_

#include "server/app/request.h"
#include "turnabout/v1/member_service.pb.h"

namespace turnabout {

// Each method is what its rpc's comment in proto/turnabout/v1 says. Threads: safe for concurrent use.
class Members {
 public:
  explicit Members(const Context& context) : context_(context) {}

  void CreateMember(const Call& call, const v1::CreateMemberRequest& request, Reply<v1::CreateMemberResponse> reply);
  void UpdateMember(const Call& call, const v1::UpdateMemberRequest& request, Reply<v1::UpdateMemberResponse> reply);
  void ImportMembers(const Call& call, const v1::ImportMembersRequest& request, Reply<v1::ImportMembersResponse> reply);
  void DischargeMember(const Call& call, const v1::DischargeMemberRequest& request,
                       Reply<v1::DischargeMemberResponse> reply);
  void RemoveMember(const Call& call, const v1::RemoveMemberRequest& request, Reply<v1::RemoveMemberResponse> reply);
  absl::StatusOr<v1::GetMemberResponse> GetMember(const v1::GetMemberRequest& request) const;
  absl::StatusOr<v1::ListMembersResponse> ListMembers(const v1::ListMembersRequest& request) const;
  absl::StatusOr<v1::GetStandingResponse> GetStanding(const v1::GetStandingRequest& request) const;

 private:
  const Context& context_;
};

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_MEMBERS_H_
