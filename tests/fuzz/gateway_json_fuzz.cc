// Whatever bytes arrive as JSON: never a crash; what is read is a message of its type; and it prints and reads back.
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/check.h"
#include "server/edge/json.h"
#include "turnabout/v1/exchange_service.pb.h"
#include "turnabout/v1/member_service.pb.h"
#include "turnabout/v1/scheme_service.pb.h"

namespace turnabout {
namespace {

template <typename Message>
void ReadAndReadBack(absl::string_view text) {
  const std::string type = Message::descriptor()->full_name();
  const absl::StatusOr<std::string> wire = JsonToWire(type, text);
  if (!wire.ok()) return;
  TURNABOUT_CHECK(!JsonProblem(text).has_value());
  Message message;
  TURNABOUT_CHECK(message.ParseFromString(*wire));
  const absl::StatusOr<std::string> json = WireToJson(type, message.SerializeAsString());
  // A duration or a time out of its range has wire bytes but no JSON.
  if (!json.ok()) return;
  TURNABOUT_CHECK(JsonToWire(type, *json).ok());
}

}  // namespace
}  // namespace turnabout

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  turnabout::ReadAndReadBack<turnabout::v1::LogExchangeRequest>(text);
  turnabout::ReadAndReadBack<turnabout::v1::ImportMembersRequest>(text);
  turnabout::ReadAndReadBack<turnabout::v1::UpdateSchemeRequest>(text);
  return 0;
}
