// Any text as a proof: it holds, does not hold, or is none. What holds was signed, and holds against no other key.
#include <google/protobuf/util/json_util.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "base/check.h"
#include "clients/cli/proof_file.h"

namespace turnabout::cli {
namespace {

void CheckAsItIs(absl::string_view text) {
  EntryProof proof;
  const absl::StatusOr<ProvenEntry> proven = CheckProofText(text, {}, proof);
  TURNABOUT_CHECK(proven.ok() || absl::IsInvalidArgument(proven.status()) || absl::IsDataLoss(proven.status()));
  if (!proven.ok()) return;
  TURNABOUT_CHECK(IsHeadSigned(proof.head));
  const std::string key = BytesToHex(proof.head.public_key);
  TURNABOUT_CHECK(CheckProofText(text, {.head = ToHex(proof.head.hash), .key = key}, proof).ok());
  TURNABOUT_CHECK(!CheckProofText(text, {.head = "", .key = std::string(64, 'f')}, proof).ok());
}

// Chance does not find a signature: the same with the head signed anew.
void CheckSignedAnew(absl::string_view text) {
  v1::EntryProof api;
  if (!google::protobuf::util::JsonStringToMessage(std::string(text), &api).ok()) return;
  absl::StatusOr<EntryProof> proof = FromApi(api);
  if (!proof.ok()) return;
  SignHead(SigningKey(SecretKey{7}), proof->head);
  const absl::StatusOr<ProvenEntry> proven = CheckEntryProof(*proof);
  TURNABOUT_CHECK(proven.ok() || absl::IsDataLoss(proven.status()));
}

}  // namespace
}  // namespace turnabout::cli

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  turnabout::cli::CheckAsItIs(text);
  turnabout::cli::CheckSignedAnew(text);
  return 0;
}
