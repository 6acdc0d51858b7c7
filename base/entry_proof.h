// An EntryProof shows that one ledger entry is in a journal, to somebody who has neither the journal nor the server:
// the entry's record, its Merkle path to the header of its block, every header from there to the head, and the head
// with the server's signature.
//
//   absl::StatusOr<ProvenEntry> proven = CheckEntryProof(proof);
//
// proves it against `proof.head`. Whoever checks must still know that head, or the key that signed it, from elsewhere:
// an owner can always make a whole journal anew. Shares no code with what writes blocks, but for the hashes.
#ifndef TURNABOUT_BASE_ENTRY_PROOF_H_
#define TURNABOUT_BASE_ENTRY_PROOF_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/id.h"
#include "base/sha256.h"
#include "base/signing.h"

namespace turnabout {

// The end of a journal, and who says so.
struct SignedHead {
  uint64_t block = 0;
  uint64_t last_sequence = 0;  // of its last record
  int64_t time_micros = 0;     // since 1970
  Sha256Digest hash{};
  PublicKey public_key{};
  Signature signature{};
};

// What is signed: a line of text that holds every field before public_key.
std::string HeadStatement(const SignedHead& head);

// Fills in public_key and signature.
void SignHead(const SigningKey& key, SignedHead& head);

// True when `public_key` signed the rest.
bool IsHeadSigned(const SignedHead& head);

struct EntryProof {
  uint64_t block = 0;                // whose header is the first; not checked, as the header says it
  std::string record;                // as in its block: kind, length, payload
  uint64_t index = 0;                // among the records of its block, from 0
  std::vector<Sha256Digest> path;    // MerklePath of the record
  std::vector<std::string> headers;  // of its block, and of every later one up to the head
  SignedHead head;
};

// What a proof proves, read from the record alone.
struct ProvenEntry {
  uint64_t block = 0;
  uint64_t sequence = 0;     // among all records of the journal
  int64_t block_micros = 0;  // when the block was sealed, since 1970
  IdBytes id{};
  IdBytes from{};  // a member's id, or one of the scheme's own: 15 zeros and 1 pot, 2 opening, 3 clearing, 4 expiry
  IdBytes to{};
  int64_t amount = 0;
  int64_t time_micros = 0;
  uint64_t number = 0;  // the scheme's own
  uint32_t scheme = 0;
  uint8_t kind = 0;  // numbers as in docs/internals/format.md
  uint8_t unit = 0;
  uint8_t state = 0;
};

// DATA_LOSS, in plain words, unless every part of the proof fits every other.
absl::StatusOr<ProvenEntry> CheckEntryProof(const EntryProof& proof);

}  // namespace turnabout

#endif  // TURNABOUT_BASE_ENTRY_PROOF_H_
