// Any bytes as what was kept of a request's content, by this release or the first: a repeat is the same or is told
// which fields differ, and nothing else happens.
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "base/check.h"
#include "base/reason.h"
#include "server/app/request.h"
#include "turnabout/v1/ledger_service.pb.h"
#include "turnabout/v1/member_service.pb.h"

namespace turnabout {
namespace {

RequestIdentity Movement() {
  v1::PostEntryRequest request;
  request.set_request_id("a");
  request.set_amount(5);
  request.set_note("lawn");
  request.mutable_override()->set_actor("coordinators/cara");
  return IdentityOf(request, "cardiff");
}

RequestIdentity Person() {
  v1::CreateMemberRequest request;
  request.set_request_id("a");
  request.mutable_member()->set_display_name("Ana");
  request.mutable_member()->add_needs()->set_category("shopping");
  return IdentityOf(request, "cardiff");
}

void Repeat(const RequestIdentity& identity, const std::string& content) {
  const absl::Status same = CheckSameContent(identity, {content, ""});
  TURNABOUT_CHECK(same.ok() || IsRefusedFor(same, Reason::kRequestIdReused));
  if (content == identity.content) TURNABOUT_CHECK(same.ok());
}

}  // namespace
}  // namespace turnabout

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace turnabout;
  static const auto* const movement = new RequestIdentity(Movement());
  static const auto* const person = new RequestIdentity(Person());
  const std::string content(reinterpret_cast<const char*>(data), size);
  Repeat(*movement, content);
  Repeat(*person, content);
  return 0;
}
