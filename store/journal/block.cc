#include "store/journal/block.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/merkle.h"
#include "base/status_macros.h"
#include "store/codec.h"
#include "store/journal/damage.h"

namespace turnabout {
namespace {

constexpr absl::string_view kMagic = "TRNB";
constexpr size_t kRecordPrefixBytes = 5;  // kind, payload length

bool IsKnown(uint8_t kind) {
  return kind >= static_cast<uint8_t>(RecordKind::kEntry) && kind <= static_cast<uint8_t>(RecordKind::kAccount);
}

// Cuts `body` into its records and calls `visit(kind, whole record)` for each.
template <typename Visit>
absl::Status ForEachRecord(const BlockHeader& header, absl::string_view body, Visit visit) {
  if (body.size() != header.body_bytes)
    return DamagedBlock(header.number, "the body is not as long as the header says");
  if (body.size() / kRecordPrefixBytes < header.record_count) {
    return DamagedBlock(header.number, "the body is too short for its records");
  }
  Cursor cursor(body);
  for (uint32_t i = 0; i < header.record_count; ++i) {
    const absl::string_view from_here = cursor.rest();
    const uint8_t kind = cursor.Fixed8();
    const uint32_t length = cursor.Fixed32();
    cursor.Bytes(length);
    if (!cursor.ok()) return DamagedBlock(header.number, "a record passes the end of the body");
    if (!IsKnown(kind)) return DamagedBlock(header.number, absl::StrCat("record kind ", kind, " is unknown"));
    RETURN_IF_ERROR(visit(static_cast<RecordKind>(kind), from_here.substr(0, kRecordPrefixBytes + length)));
  }
  if (!cursor.Finished()) return DamagedBlock(header.number, "the body has bytes after its last record");
  return absl::OkStatus();
}

absl::StatusOr<Sha256Digest> RootOfBody(const BlockHeader& header, absl::string_view body) {
  std::vector<Sha256Digest> leaves;
  RETURN_IF_ERROR(ForEachRecord(header, body, [&](RecordKind, absl::string_view record) {
    leaves.push_back(MerkleLeaf(record));
    return absl::OkStatus();
  }));
  return MerkleRootOf(std::move(leaves));
}

// The header at the front of `cursor`.
absl::StatusOr<BlockHeader> DecodeHeader(Cursor& cursor) {
  if (cursor.remaining() < kBlockHeaderBytes) return DamagedPlace("a block", "a block is shorter than its header");
  const absl::string_view magic = cursor.Bytes(kMagic.size());
  const uint16_t version = cursor.Fixed16();
  const uint16_t flags = cursor.Fixed16();
  BlockHeader header;
  header.number = cursor.Fixed64();
  header.first_sequence = cursor.Fixed64();
  header.record_count = cursor.Fixed32();
  header.body_bytes = cursor.Fixed32();
  header.time_micros = static_cast<int64_t>(cursor.Fixed64());
  header.previous_hash = cursor.Array<32>();
  header.merkle_root = cursor.Array<32>();
  if (magic != kMagic) return DamagedBlock(header.number, "it does not begin as a block does");
  if (version != kBlockVersion)
    return DamagedBlock(header.number, absl::StrCat("block version ", version, " is unknown"));
  if (flags != 0) return DamagedBlock(header.number, absl::StrCat("block flags ", flags, " are unknown"));
  if (header.number == 0) return DamagedBlock(header.number, "blocks are numbered from 1");
  if (header.first_sequence == 0) return DamagedBlock(header.number, "records are numbered from 1");
  if (header.record_count == 0) return DamagedBlock(header.number, "it has no records");
  if (header.first_sequence > std::numeric_limits<uint64_t>::max() - header.record_count) {
    return DamagedBlock(header.number, "its records are numbered past the end");
  }
  return header;
}

}  // namespace

absl::Status Block::ForEach(absl::FunctionRef<absl::Status(const RecordView&)> visit) const {
  uint64_t sequence = header.first_sequence;
  return ForEachRecord(header, body, [&](RecordKind kind, absl::string_view record) {
    return visit({.sequence = sequence++, .kind = kind, .payload = record.substr(kRecordPrefixBytes)});
  });
}

Head Block::AsHead() const {
  return {.number = header.number,
          .last_sequence = header.first_sequence + header.record_count - 1,
          .hash = Sha256({EncodeHeader(header)}),
          .time_micros = header.time_micros};
}

std::string EncodeHeader(const BlockHeader& header) {
  std::string out;
  out.reserve(kBlockHeaderBytes);
  PutBytes(out, kMagic);
  PutFixed16(out, kBlockVersion);
  PutFixed16(out, 0);  // flags: none are defined
  PutFixed64(out, header.number);
  PutFixed64(out, header.first_sequence);
  PutFixed32(out, header.record_count);
  PutFixed32(out, header.body_bytes);
  PutFixed64(out, static_cast<uint64_t>(header.time_micros));
  PutBytes(out, AsView(header.previous_hash));
  PutBytes(out, AsView(header.merkle_root));
  TURNABOUT_CHECK(out.size() == kBlockHeaderBytes);
  return out;
}

std::string EncodeBlock(const Block& block) {
  std::string out = EncodeHeader(block.header);
  out.reserve(out.size() + block.body.size());
  PutBytes(out, block.body);
  return out;
}

absl::StatusOr<Block> DecodeBlock(absl::string_view bytes) {
  Cursor cursor(bytes);
  ASSIGN_OR_RETURN(const BlockHeader header, DecodeHeader(cursor));
  ASSIGN_OR_RETURN(const Sha256Digest root, RootOfBody(header, cursor.rest()));
  if (root != header.merkle_root)
    return DamagedBlock(header.number, "its records are not those its header was made for");
  return Block{.header = header, .body = std::string(cursor.rest())};
}

absl::Status CheckFollows(const Block& block, const Head& head) {
  const BlockHeader& header = block.header;
  if (header.number != head.number + 1) {
    return DamagedBlock(header.number, absl::StrCat("block ", head.number + 1, " was expected"));
  }
  if (header.first_sequence != head.last_sequence + 1) {
    return DamagedBlock(header.number,
                        absl::StrCat("record ", head.last_sequence + 1, " was expected, not ", header.first_sequence));
  }
  if (header.previous_hash != head.hash) return DamagedBlock(header.number, "it is not linked to the block before it");
  if (header.time_micros < head.time_micros)
    return DamagedBlock(header.number, "its time is before the block before it");
  return absl::OkStatus();
}

Sha256Digest MerkleRoot(const std::vector<absl::string_view>& leaves) {
  std::vector<Sha256Digest> hashes;
  hashes.reserve(leaves.size());
  for (absl::string_view leaf : leaves) hashes.push_back(MerkleLeaf(leaf));
  return MerkleRootOf(std::move(hashes));
}

void BlockBuilder::Add(RecordKind kind, absl::string_view payload) {
  TURNABOUT_CHECK(payload.size() <= std::numeric_limits<uint32_t>::max() - kRecordPrefixBytes - body_.size());
  PutFixed8(body_, static_cast<uint8_t>(kind));
  PutFixed32(body_, static_cast<uint32_t>(payload.size()));
  PutBytes(body_, payload);
  ends_.push_back(static_cast<uint32_t>(body_.size()));
}

void BlockBuilder::Truncate(uint32_t count) {
  TURNABOUT_CHECK(count <= record_count());
  ends_.resize(count);
  body_.resize(count == 0 ? 0 : ends_.back());
}

Block BlockBuilder::Seal(const Head& head, absl::Time now) {
  TURNABOUT_CHECK(record_count() > 0);
  std::vector<Sha256Digest> leaves;
  leaves.reserve(ends_.size());
  uint32_t start = 0;
  for (uint32_t end : ends_) {
    leaves.push_back(MerkleLeaf(absl::string_view(body_).substr(start, end - start)));
    start = end;
  }
  Block block;
  block.header = {.number = head.number + 1,
                  .first_sequence = head.last_sequence + 1,
                  .record_count = record_count(),
                  .body_bytes = static_cast<uint32_t>(body_.size()),
                  .time_micros = std::max(head.time_micros, absl::ToUnixMicros(now)),
                  .previous_hash = head.hash,
                  .merkle_root = MerkleRootOf(std::move(leaves))};
  block.body = std::exchange(body_, std::string());
  ends_.clear();
  return block;
}

}  // namespace turnabout
