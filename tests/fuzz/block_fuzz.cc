// Reads any bytes as a block, and any bytes as a block's records.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "store/codec.h"
#include "store/journal/block.h"

namespace turnabout {
namespace {

// What decodes has one encoding only: the bytes it came from.
void ReadAsBlock(absl::string_view bytes) {
  const absl::StatusOr<Block> block = DecodeBlock(bytes);
  if (!block.ok()) return;
  TURNABOUT_CHECK(EncodeBlock(*block) == bytes);
  uint32_t records = 0;
  TURNABOUT_CHECK(block
                      ->ForEach([&](const RecordView&) {
                        ++records;
                        return absl::OkStatus();
                      })
                      .ok());
  TURNABOUT_CHECK(records == block->header.record_count);
}

// Chance does not find a Merkle root, so the records are tried without one too: a count, then a body. What can be read
// must make a block, with the same body, that decodes.
void ReadAsRecords(absl::string_view bytes) {
  Cursor cursor(bytes);
  Block raw;
  raw.header = {.number = 1, .first_sequence = 1, .record_count = cursor.Fixed16()};
  raw.body = std::string(cursor.rest());
  raw.header.body_bytes = static_cast<uint32_t>(raw.body.size());
  BlockBuilder builder;
  const absl::Status read = raw.ForEach([&](const RecordView& record) {
    builder.Add(record.kind, record.payload);
    return absl::OkStatus();
  });
  if (!read.ok() || builder.record_count() == 0) return;
  const Block sealed = builder.Seal(Head(), absl::UnixEpoch());
  TURNABOUT_CHECK(sealed.body == raw.body);
  TURNABOUT_CHECK(DecodeBlock(EncodeBlock(sealed)).ok());
}

}  // namespace
}  // namespace turnabout

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  turnabout::ReadAsBlock(bytes);
  turnabout::ReadAsRecords(bytes);
  return 0;
}
