// Hours: logged by one side, confirmed by the other.
#ifndef TURNABOUT_SERVER_APP_EXCHANGES_H_
#define TURNABOUT_SERVER_APP_EXCHANGES_H_

#include "server/app/request.h"
#include "server/records/rows.h"
#include "turnabout/v1/exchange_service.pb.h"

namespace turnabout {

// Each method is what its rpc's comment in proto/turnabout/v1 says. Threads: safe for concurrent use.
class Exchanges {
 public:
  explicit Exchanges(const Context& context) : context_(context) {}

  void LogExchange(const Call& call, const v1::LogExchangeRequest& request, Reply<v1::LogExchangeResponse> reply);
  void ConfirmExchange(const Call& call, const v1::ConfirmExchangeRequest& request,
                       Reply<v1::ConfirmExchangeResponse> reply);
  void DisputeExchange(const Call& call, const v1::DisputeExchangeRequest& request,
                       Reply<v1::DisputeExchangeResponse> reply);
  void SettleExchange(const Call& call, const v1::SettleExchangeRequest& request,
                      Reply<v1::SettleExchangeResponse> reply);
  absl::StatusOr<v1::GetExchangeResponse> GetExchange(const v1::GetExchangeRequest& request) const;
  absl::StatusOr<v1::ListExchangesResponse> ListExchanges(const v1::ListExchangesRequest& request) const;

 private:
  const Context& context_;
};

// Posts or marks overdue an exchange whose last day to confirm has passed, as the scheme chose. Nothing when it is no
// longer waiting.
absl::Status ExchangeFellDue(const Context& context, const SchemeView& scheme, const ExchangeId& id, Txn& txn);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_EXCHANGES_H_
