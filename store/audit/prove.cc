#include "store/audit/prove.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/merkle.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "store/codec.h"

namespace turnabout {
namespace {

// Ends a Read that has seen enough.
absl::Status Enough() { return absl::OutOfRangeError("enough"); }

absl::StatusOr<Block> ReadBlock(const Journal& journal, uint64_t number) {
  Block found;
  const absl::Status read = journal.Read(number, [&](const Block& block) {
    found = block;
    return Enough();
  });
  if (absl::IsOutOfRange(read)) return found;
  RETURN_IF_ERROR(read);
  return Refuse(Reason::kNotInJournal, {{"what", "block"}, {"number", absl::StrCat(number)}});
}

// The block that holds the record. REQUIRES: it is in one of blocks 1 to `last`.
absl::StatusOr<Block> FindBlock(const Journal& journal, uint64_t sequence, uint64_t last) {
  uint64_t first = 1;
  while (true) {
    const uint64_t middle = first + (last - first) / 2;
    ASSIGN_OR_RETURN(Block block, ReadBlock(journal, middle));
    if (sequence < block.header.first_sequence) {
      last = middle - 1;
    } else if (sequence >= block.header.first_sequence + block.header.record_count) {
      first = middle + 1;
    } else {
      return block;
    }
  }
}

}  // namespace

SignedHead UnsignedHead(const Head& head) {
  return {
      .block = head.number, .last_sequence = head.last_sequence, .time_micros = head.time_micros, .hash = head.hash};
}

SignedHead SignedHeadOf(const Head& head, const SigningKey& key) {
  SignedHead out = UnsignedHead(head);
  SignHead(key, out);
  return out;
}

absl::StatusOr<EntryProof> ProveRecord(const Journal& journal, uint64_t sequence, const Head& head) {
  if (sequence < 1 || sequence > head.last_sequence) {
    return Refuse(Reason::kNotInJournal, {{"what", "record"}, {"number", absl::StrCat(sequence)}});
  }
  ASSIGN_OR_RETURN(const Block block, FindBlock(journal, sequence, head.number));
  EntryProof proof;
  proof.block = block.header.number;
  proof.index = sequence - block.header.first_sequence;
  std::vector<Sha256Digest> leaves;
  RETURN_IF_ERROR(block.ForEach([&](const RecordView& record) {
    std::string bytes;
    PutFixed8(bytes, static_cast<uint8_t>(record.kind));
    PutFixed32(bytes, static_cast<uint32_t>(record.payload.size()));
    PutBytes(bytes, record.payload);
    leaves.push_back(MerkleLeaf(bytes));
    if (record.sequence == sequence) proof.record = std::move(bytes);
    return absl::OkStatus();
  }));
  proof.path = MerklePath(std::move(leaves), proof.index);
  ASSIGN_OR_RETURN(proof.headers, ReadHeaders(journal, block.header.number, head.number));
  proof.head = UnsignedHead(head);
  return proof;
}

absl::StatusOr<uint64_t> BlockOf(const Journal& journal, uint64_t sequence, const Head& head) {
  ASSIGN_OR_RETURN(const Block block, FindBlock(journal, sequence, head.number));
  return block.header.number;
}

absl::StatusOr<std::vector<std::string>> ReadHeaders(const Journal& journal, uint64_t first, uint64_t last) {
  std::vector<std::string> headers;
  const absl::Status read = journal.Read(first, [&](const Block& block) {
    if (block.header.number > last || headers.size() == kProofHeadersMax) return Enough();
    headers.push_back(EncodeHeader(block.header));
    return absl::OkStatus();
  });
  if (!read.ok() && !absl::IsOutOfRange(read)) return read;
  return headers;
}

}  // namespace turnabout
