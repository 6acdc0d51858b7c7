// Where a record stands in a journal, as a proof that needs no journal: base/entry_proof.h checks it.
#ifndef TURNABOUT_STORE_AUDIT_PROVE_H_
#define TURNABOUT_STORE_AUDIT_PROVE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/entry_proof.h"
#include "store/journal/journal.h"

namespace turnabout {

// Headers in one answer. A longer chain is fetched in several; each is 104 bytes.
inline constexpr uint64_t kProofHeadersMax = 10'000;

// `head` for others to read, without a signature and with that of `key`.
SignedHead UnsignedHead(const Head& head);
SignedHead SignedHeadOf(const Head& head, const SigningKey& key);

// The record with number `sequence`, its place and its path, and the headers from its block to `head`, of which at most
// kProofHeadersMax are given. The head is `head`, not signed. NOT_FOUND/NOT_IN_JOURNAL when it is past the head;
// errors of Journal::Read. Reads about 20 blocks to find it, and then every block from there on.
absl::StatusOr<EntryProof> ProveRecord(const Journal& journal, uint64_t sequence, const Head& head);

// The number of the block that holds the record. Errors of Journal::Read. Reads about 20 blocks.
// REQUIRES: 1 <= sequence <= head.last_sequence.
absl::StatusOr<uint64_t> BlockOf(const Journal& journal, uint64_t sequence, const Head& head);

// The headers of blocks `first` to `last`, of which at most kProofHeadersMax are given. Errors of Journal::Read.
absl::StatusOr<std::vector<std::string>> ReadHeaders(const Journal& journal, uint64_t first, uint64_t last);

}  // namespace turnabout

#endif  // TURNABOUT_STORE_AUDIT_PROVE_H_
