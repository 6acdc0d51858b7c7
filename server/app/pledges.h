// Agreements to buddy someone in return, and what a coordinator may let off.
#ifndef TURNABOUT_SERVER_APP_PLEDGES_H_
#define TURNABOUT_SERVER_APP_PLEDGES_H_

#include "server/app/request.h"
#include "turnabout/v1/pledge_service.pb.h"

namespace turnabout {

// Each method is what its rpc's comment in proto/turnabout/v1 says. Threads: safe for concurrent use.
class Pledges {
 public:
  explicit Pledges(const Context& context) : context_(context) {}

  void MakePledge(const Call& call, const v1::MakePledgeRequest& request, Reply<v1::MakePledgeResponse> reply);
  void WithdrawPledge(const Call& call, const v1::WithdrawPledgeRequest& request,
                      Reply<v1::WithdrawPledgeResponse> reply);
  void WaivePledge(const Call& call, const v1::WaivePledgeRequest& request, Reply<v1::WaivePledgeResponse> reply);
  void GrantWaiver(const Call& call, const v1::GrantWaiverRequest& request, Reply<v1::GrantWaiverResponse> reply);
  absl::StatusOr<v1::GetPledgeResponse> GetPledge(const v1::GetPledgeRequest& request) const;
  absl::StatusOr<v1::ListPledgesResponse> ListPledges(const v1::ListPledgesRequest& request) const;

 private:
  const Context& context_;
};

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_PLEDGES_H_
