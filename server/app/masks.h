// Update masks and etags: which fields of a resource an update changes, and whether it is still the one that was read.
#ifndef TURNABOUT_SERVER_APP_MASKS_H_
#define TURNABOUT_SERVER_APP_MASKS_H_

#include <cstdint>
#include <initializer_list>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"

namespace turnabout {

// Copies the masked fields of `from` over those of `to`, which is of the same type. A mask names fields in lower_snake
// or lowerCamel case; an empty one means those that are set in `from`, and "*" all of `updatable`.
// INVALID_ARGUMENT/UNKNOWN_MASK_PATH for a path that is not one of `updatable`; then `to` is unchanged.
absl::Status ApplyMask(const google::protobuf::Message& from, const google::protobuf::FieldMask& mask,
                       std::initializer_list<absl::string_view> updatable, google::protobuf::Message& to);

// ABORTED/ETAG_MISMATCH when `etag` is set and is not that of `version`.
absl::Status CheckEtag(absl::string_view etag, int64_t version, absl::string_view name);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_MASKS_H_
