// Schemes, their places and their rule sets.
#ifndef TURNABOUT_SERVER_APP_SCHEMES_H_
#define TURNABOUT_SERVER_APP_SCHEMES_H_

#include "server/app/request.h"
#include "turnabout/v1/rule_set_service.pb.h"
#include "turnabout/v1/scheme_service.pb.h"

namespace turnabout {

// Each method is what its rpc's comment in proto/turnabout/v1 says. Threads: safe for concurrent use.
class Schemes {
 public:
  explicit Schemes(const Context& context) : context_(context) {}

  void CreateScheme(const Call& call, const v1::CreateSchemeRequest& request, Reply<v1::CreateSchemeResponse> reply);
  void UpdateScheme(const Call& call, const v1::UpdateSchemeRequest& request, Reply<v1::UpdateSchemeResponse> reply);
  void ImportPlaces(const Call& call, const v1::ImportPlacesRequest& request, Reply<v1::ImportPlacesResponse> reply);
  absl::StatusOr<v1::GetSchemeResponse> GetScheme(const v1::GetSchemeRequest& request) const;
  absl::StatusOr<v1::ListSchemesResponse> ListSchemes(const v1::ListSchemesRequest& request) const;
  absl::StatusOr<v1::ListPlacesResponse> ListPlaces(const v1::ListPlacesRequest& request) const;
  absl::StatusOr<v1::GetRuleSetResponse> GetRuleSet(const v1::GetRuleSetRequest& request) const;
  absl::StatusOr<v1::ListRuleSetsResponse> ListRuleSets(const v1::ListRuleSetsRequest& request) const;

 private:
  const Context& context_;
};

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_SCHEMES_H_
