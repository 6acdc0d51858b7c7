// Requests remembers the writes that callers named, so that a repeat gets the first answer and a near-repeat is
// refused.
#ifndef TURNABOUT_STORE_PROJECTION_REQUESTS_H_
#define TURNABOUT_STORE_PROJECTION_REQUESTS_H_

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "store/projection/overlay.h"
#include "store/projection/projection.h"

namespace turnabout {

// The first half of a SHA-256 over what makes a request id unique: who names it, for which method, and the id.
using RequestKey = std::array<uint8_t, 16>;

// What is remembered of a request.
struct Remembered {
  std::string content;  // a digest of what it asked for, by which a near-repeat is told
  std::string answer;   // the first answer
};

// The payload of kRequest.
std::string EncodeRequest(const RequestKey& key, const Remembered& remembered);

class Requests : public Projection {
 public:
  absl::string_view name() const override { return "requests"; }
  absl::Status Stage(const RecordView& record) override;
  void Keep() override { remembered_.Keep(); }
  void Drop() override { remembered_.Drop(); }
  void Publish() override { remembered_.Publish(); }
  void Discard() override { remembered_.Discard(); }
  std::unique_ptr<Projection> NewEmpty() const override { return std::make_unique<Requests>(); }
  Sha256Digest Digest() const override;

  std::optional<Remembered> Find(const RequestKey& key, Layer layer) const;

 private:
  Overlay<absl::flat_hash_map<RequestKey, Remembered>, absl::flat_hash_map<RequestKey, std::optional<Remembered>>>
      remembered_;
};

}  // namespace turnabout

#endif  // TURNABOUT_STORE_PROJECTION_REQUESTS_H_
