// The ledger as the API shows it: accounts, entries, holds, statements, the trial balance, reports.
#ifndef TURNABOUT_SERVER_APP_BOOKS_H_
#define TURNABOUT_SERVER_APP_BOOKS_H_

#include "server/app/request.h"
#include "turnabout/v1/ledger_service.pb.h"

namespace turnabout {

// Each method is what its rpc's comment in proto/turnabout/v1 says. Threads: safe for concurrent use.
class Books {
 public:
  explicit Books(const Context& context) : context_(context) {}

  void PostEntry(const Call& call, const v1::PostEntryRequest& request, Reply<v1::PostEntryResponse> reply);
  void HoldEntry(const Call& call, const v1::HoldEntryRequest& request, Reply<v1::HoldEntryResponse> reply);
  void PostHold(const Call& call, const v1::PostHoldRequest& request, Reply<v1::PostHoldResponse> reply);
  void VoidHold(const Call& call, const v1::VoidHoldRequest& request, Reply<v1::VoidHoldResponse> reply);
  void ReverseEntry(const Call& call, const v1::ReverseEntryRequest& request, Reply<v1::ReverseEntryResponse> reply);
  void BatchWriteEntries(const Call& call, const v1::BatchWriteEntriesRequest& request,
                         Reply<v1::BatchWriteEntriesResponse> reply);
  void TransferBetweenSchemes(const Call& call, const v1::TransferBetweenSchemesRequest& request,
                              Reply<v1::TransferBetweenSchemesResponse> reply);
  absl::StatusOr<v1::GetAccountResponse> GetAccount(const v1::GetAccountRequest& request) const;
  absl::StatusOr<v1::ListAccountsResponse> ListAccounts(const v1::ListAccountsRequest& request) const;
  absl::StatusOr<v1::GetEntryResponse> GetEntry(const v1::GetEntryRequest& request) const;
  absl::StatusOr<v1::ListEntriesResponse> ListEntries(const v1::ListEntriesRequest& request) const;
  absl::StatusOr<v1::GetStatementResponse> GetStatement(const v1::GetStatementRequest& request) const;
  absl::StatusOr<v1::GetTrialBalanceResponse> GetTrialBalance(const v1::GetTrialBalanceRequest& request) const;
  absl::StatusOr<v1::SummariseHoursResponse> SummariseHours(const v1::SummariseHoursRequest& request) const;
  absl::StatusOr<v1::ListHoldsResponse> ListHolds(const v1::ListHoldsRequest& request) const;

 private:
  const Context& context_;
};

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_BOOKS_H_
