// Proofs as files: the JSON that `entry prove` writes, and its checking, which needs no server.
#ifndef TURNABOUT_CLIENTS_CLI_PROOF_FILE_H_
#define TURNABOUT_CLIENTS_CLI_PROOF_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/entry_proof.h"
#include "turnabout/v1/journal.pb.h"

namespace turnabout::cli {

// What the one who checks knows from elsewhere. Both may be empty.
struct Anchor {
  std::string head;  // the hash of a block from the entry's own to the proof's head, 64 hexadecimal characters
  std::string key;   // the server's public key, 64 hexadecimal characters
};

// A proof as the API gives it, read strictly: INVALID_ARGUMENT when a text is not lower-case hexadecimal of its length.
absl::StatusOr<EntryProof> FromApi(const v1::EntryProof& api);

// Reads the text of a proof and checks it, first with itself and then with `anchor`. Only white space between its parts
// may differ from what was written. INVALID_ARGUMENT when it is no proof; DATA_LOSS when it does not hold.
absl::StatusOr<ProvenEntry> CheckProofText(absl::string_view text, const Anchor& anchor, EntryProof& proof);

}  // namespace turnabout::cli

#endif  // TURNABOUT_CLIENTS_CLI_PROOF_FILE_H_
