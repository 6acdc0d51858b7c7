#include "clients/cli/proof_file.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "clients/cli/api.h"

namespace turnabout::cli {
namespace {

absl::Status NoProof(absl::string_view problem) {
  return absl::InvalidArgumentError(absl::StrCat("This is no proof of an entry: ", problem, "."));
}

std::string WithoutSpace(absl::string_view text) {
  std::string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out),
               [](char c) { return !absl::ascii_isspace(static_cast<unsigned char>(c)); });
  return out;
}

absl::Status ReadHead(const v1::SignedHead& api, SignedHead& head) {
  if (api.block() < 1 || api.revision() < 1) return NoProof("its head has no block");
  head.block = static_cast<uint64_t>(api.block());
  head.last_sequence = static_cast<uint64_t>(api.revision());
  head.time_micros = api.time_micros();
  const bool read = BytesFromHex(api.hash(), head.hash) && BytesFromHex(api.public_key(), head.public_key) &&
                    BytesFromHex(api.signature(), head.signature);
  return read ? absl::OkStatus() : NoProof("its head is not in lower-case hexadecimal");
}

absl::Status CheckAnchor(const EntryProof& proof, const Anchor& anchor) {
  const std::string key = BytesToHex(proof.head.public_key);
  if (!anchor.key.empty() && key != anchor.key) {
    return absl::DataLossError(absl::StrCat("The proof is signed by another key: ", key, "."));
  }
  if (anchor.head.empty()) return absl::OkStatus();
  const bool has = std::any_of(proof.headers.begin(), proof.headers.end(),
                               [&](const std::string& header) { return ToHex(Sha256({header})) == anchor.head; });
  if (has) return absl::OkStatus();
  return absl::DataLossError("The proof does not lead to that head, nor past it.");
}

}  // namespace

absl::StatusOr<EntryProof> FromApi(const v1::EntryProof& api) {
  EntryProof proof;
  proof.record = api.record();
  if (api.record_index() < 0) return NoProof("its record has no place");
  proof.index = static_cast<uint64_t>(api.record_index());
  for (const std::string& bytes : api.path()) {
    Sha256Digest hash{};
    if (bytes.size() != hash.size()) return NoProof("a hash has another length than 32 bytes");
    std::copy(bytes.begin(), bytes.end(), hash.begin());
    proof.path.push_back(hash);
  }
  proof.headers.assign(api.headers().begin(), api.headers().end());
  RETURN_IF_ERROR(ReadHead(api.head(), proof.head));
  return proof;
}

absl::StatusOr<ProvenEntry> CheckProofText(absl::string_view text, const Anchor& anchor, EntryProof& proof) {
  v1::EntryProof api;
  const auto parsed = google::protobuf::util::JsonStringToMessage(std::string(text), &api);
  if (!parsed.ok()) return NoProof("it cannot be read as JSON of one");
  // JSON can say one thing in several ways. Only the one way that is written counts, so that no byte is idle.
  if (WithoutSpace(ToJson(api)) != WithoutSpace(text)) return NoProof("it is not as it was written");
  ASSIGN_OR_RETURN(proof, FromApi(api));
  ASSIGN_OR_RETURN(const ProvenEntry proven, CheckEntryProof(proof));
  RETURN_IF_ERROR(CheckAnchor(proof, anchor));
  return proven;
}

}  // namespace turnabout::cli
