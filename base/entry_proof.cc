#include "base/entry_proof.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/merkle.h"
#include "base/status_macros.h"

namespace turnabout {
namespace {

constexpr size_t kHeaderBytes = 104;
constexpr size_t kRecordBytes = 5 + 128;
constexpr uint8_t kEntryRecord = 1;
// Magic, version 1, no flags.
constexpr absl::string_view kHeaderStart("TRNB\1\0\0\0", 8);

absl::Status Wrong(absl::string_view problem) {
  return absl::DataLossError(absl::StrCat("The proof does not hold: ", problem, "."));
}

// `size` bytes of `bytes` from `at`, little-endian. REQUIRES: they are there.
uint64_t NumberAt(absl::string_view bytes, size_t at, size_t size) {
  uint64_t value = 0;
  for (size_t i = size; i > 0; --i) value = value << 8 | static_cast<uint8_t>(bytes[at + i - 1]);
  return value;
}

template <size_t size>
std::array<uint8_t, size> ArrayAt(absl::string_view bytes, size_t at) {
  std::array<uint8_t, size> array{};
  std::copy_n(bytes.begin() + static_cast<ptrdiff_t>(at), size, array.begin());
  return array;
}

// The parts of a header that a proof rests on.
struct Header {
  uint64_t number;
  uint64_t first_sequence;
  uint64_t count;
  int64_t time_micros;
  Sha256Digest previous;
  Sha256Digest root;
};

absl::StatusOr<Header> ReadHeader(absl::string_view bytes) {
  if (bytes.size() != kHeaderBytes || bytes.substr(0, kHeaderStart.size()) != kHeaderStart) {
    return Wrong("a header is none");
  }
  return Header{.number = NumberAt(bytes, 8, 8),
                .first_sequence = NumberAt(bytes, 16, 8),
                .count = NumberAt(bytes, 24, 4),
                .time_micros = static_cast<int64_t>(NumberAt(bytes, 32, 8)),
                .previous = ArrayAt<32>(bytes, 40),
                .root = ArrayAt<32>(bytes, 72)};
}

// Follows the links from the first header to the head.
absl::Status CheckChain(const std::vector<std::string>& headers, const SignedHead& head) {
  ASSIGN_OR_RETURN(Header before, ReadHeader(headers.front()));
  for (size_t i = 1; i < headers.size(); ++i) {
    ASSIGN_OR_RETURN(const Header next, ReadHeader(headers[i]));
    const bool follows = next.number == before.number + 1 &&
                         next.first_sequence == before.first_sequence + before.count &&
                         next.time_micros >= before.time_micros && next.previous == Sha256({headers[i - 1]});
    if (!follows) return Wrong(absl::StrCat("block ", next.number, " is not linked to the block before it"));
    before = next;
  }
  const bool ends_in_head = Sha256({headers.back()}) == head.hash && before.number == head.block &&
                            before.first_sequence + before.count == head.last_sequence + 1 &&
                            before.time_micros == head.time_micros;
  return ends_in_head ? absl::OkStatus() : Wrong("the last header is not the head");
}

}  // namespace

std::string HeadStatement(const SignedHead& head) {
  return absl::StrCat("turnabout head 1 ", head.block, " ", head.last_sequence, " ", head.time_micros, " ",
                      ToHex(head.hash), "\n");
}

void SignHead(const SigningKey& key, SignedHead& head) {
  head.public_key = key.public_key();
  head.signature = key.Sign(HeadStatement(head));
}

bool IsHeadSigned(const SignedHead& head) { return IsSignedBy(head.public_key, HeadStatement(head), head.signature); }

absl::StatusOr<ProvenEntry> CheckEntryProof(const EntryProof& proof) {
  const absl::string_view record = proof.record;
  if (record.size() != kRecordBytes || NumberAt(record, 0, 1) != kEntryRecord || NumberAt(record, 1, 4) != 128) {
    return Wrong("its record is no ledger entry");
  }
  if (proof.headers.empty()) return Wrong("it has no headers");
  ASSIGN_OR_RETURN(const Header block, ReadHeader(proof.headers.front()));
  if (MerkleRootByPath(MerkleLeaf(record), proof.index, block.count, proof.path) != block.root) {
    return Wrong(absl::StrCat("the entry is not at that place in block ", block.number));
  }
  RETURN_IF_ERROR(CheckChain(proof.headers, proof.head));
  if (!IsHeadSigned(proof.head)) return Wrong("the head is not signed by the key it names");
  const absl::string_view entry = record.substr(5);
  return ProvenEntry{.block = block.number,
                     .sequence = block.first_sequence + proof.index,
                     .block_micros = block.time_micros,
                     .id = ArrayAt<16>(entry, 0),
                     .from = ArrayAt<16>(entry, 16),
                     .to = ArrayAt<16>(entry, 32),
                     .amount = static_cast<int64_t>(NumberAt(entry, 48, 8)),
                     .time_micros = static_cast<int64_t>(NumberAt(entry, 56, 8)),
                     .number = NumberAt(entry, 64, 8),
                     .scheme = static_cast<uint32_t>(NumberAt(entry, 72, 4)),
                     .kind = static_cast<uint8_t>(NumberAt(entry, 76, 1)),
                     .unit = static_cast<uint8_t>(NumberAt(entry, 77, 1)),
                     .state = static_cast<uint8_t>(NumberAt(entry, 78, 1))};
}

}  // namespace turnabout
