// A Block is one commit group: what one synced write makes durable. It is hash-linked to the block before it and
// carries the Merkle root of its records, so that one record can be proven without the others.
//
//   BlockBuilder builder;
//   builder.Add(RecordKind::kPut, payload);
//   Block block = builder.Seal(head, now);   // number head.number + 1
//   absl::Status written = journal.Append(block);
//
// The bytes are the project's own fixed encoding, little-endian; docs/internals/format.md draws it and a test holds
// bytes that an earlier release wrote against it.
#ifndef TURNABOUT_STORE_JOURNAL_BLOCK_H_
#define TURNABOUT_STORE_JOURNAL_BLOCK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/sha256.h"

namespace turnabout {

// What a record says. Numbers are on disk and are never reused.
enum class RecordKind : uint8_t {
  kEntry = 1,    // a ledger entry, 128 bytes (ledger/book/entry.h)
  kPut = 2,      // a key and its value (store/projection/records.h)
  kDelete = 3,   // a key that is gone
  kRequest = 4,  // a remembered request (store/projection/requests.h)
  kAccount = 5,  // an account opened, or its limits changed (ledger/book/account.h)
};

// One record, where it stands in its block. `payload` lives as long as the block.
struct RecordView {
  uint64_t sequence = 0;  // its place among all records, from 1
  RecordKind kind = RecordKind::kPut;
  absl::string_view payload;
};

// The end of a journal: nothing written yet is number 0, sequence 0, a hash of zeros and time 0.
struct Head {
  uint64_t number = 0;         // of the last block
  uint64_t last_sequence = 0;  // of its last record
  Sha256Digest hash{};         // of its header
  int64_t time_micros = 0;     // when it was sealed
  friend bool operator==(const Head&, const Head&) = default;
};

struct BlockHeader {
  uint64_t number = 0;          // from 1 without gaps
  uint64_t first_sequence = 0;  // from 1 without gaps
  uint32_t record_count = 0;
  uint32_t body_bytes = 0;
  int64_t time_micros = 0;  // since 1970; never before the block before it
  Sha256Digest previous_hash{};
  Sha256Digest merkle_root{};
};

inline constexpr size_t kBlockHeaderBytes = 104;
inline constexpr uint16_t kBlockVersion = 1;

// A header, and records encoded one after the other: kind (1 byte), payload length (4 bytes), payload.
struct Block {
  BlockHeader header;
  std::string body;

  // Calls `visit` for each record in order until it returns an error, which is returned. DATA_LOSS/JOURNAL_DAMAGED when
  // the body is not what the header says.
  absl::Status ForEach(absl::FunctionRef<absl::Status(const RecordView&)> visit) const;

  // The journal's head once this block is its last.
  Head AsHead() const;
};

// The header's bytes, whose SHA-256 is the block's hash.
std::string EncodeHeader(const BlockHeader& header);

// Header, then body.
std::string EncodeBlock(const Block& block);

// DATA_LOSS/JOURNAL_DAMAGED unless `bytes` are exactly one well-formed block whose body has the Merkle root that its
// header states. Says nothing about its place in a chain.
absl::StatusOr<Block> DecodeBlock(absl::string_view bytes);

// DATA_LOSS/JOURNAL_DAMAGED unless `block` follows `head`: next number, next sequence, linked hash, time not before.
absl::Status CheckFollows(const Block& block, const Head& head);

// The Merkle tree hash of RFC 6962 section 2.1 over `leaves`, each being one record's encoded bytes.
Sha256Digest MerkleRoot(const std::vector<absl::string_view>& leaves);

// Gathers records and seals them into a block. Not thread-safe.
class BlockBuilder {
 public:
  void Add(RecordKind kind, absl::string_view payload);
  // Forgets every record after the first `count` of them. REQUIRES: count <= record_count().
  void Truncate(uint32_t count);
  uint32_t record_count() const { return static_cast<uint32_t>(ends_.size()); }
  size_t body_bytes() const { return body_.size(); }
  // The block after `head`, with every record added so far; the builder is empty again. Its time is `now`, or the time
  // of `head` when the clock went back.
  // REQUIRES: record_count() > 0.
  Block Seal(const Head& head, absl::Time now);

 private:
  std::string body_;
  std::vector<uint32_t> ends_;  // where each record ends in body_
};

}  // namespace turnabout

#endif  // TURNABOUT_STORE_JOURNAL_BLOCK_H_
