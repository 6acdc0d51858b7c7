#include "store/journal/chain.h"

#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "store/journal/damage.h"

namespace turnabout {

absl::Status CheckAppend(const Block& block, const Head& head) {
  if (block.header.number <= head.number) {
    return Refuse(Reason::kWriterDeposed, {{"block", absl::StrCat(block.header.number)}});
  }
  if (block.body.size() != block.header.body_bytes) {
    return DamagedBlock(block.header.number, "the body is not as long as the header says");
  }
  return CheckFollows(block, head);
}

absl::Status ChainReader::Next(absl::string_view bytes, absl::FunctionRef<absl::Status(const Block&)> visit) {
  const absl::StatusOr<Block> decoded = DecodeBlock(bytes);
  // Bytes that are not as they were written do not know where they stand.
  if (!decoded.ok()) return AtBlock(decoded.status(), expected_);
  const Block& block = *decoded;
  if (block.header.number != expected_) {
    return DamagedBlock(expected_, absl::StrCat("block ", block.header.number, " is in its place"));
  }
  const bool is_start = expected_ == first() && expected_ > 1;
  if (!is_start) RETURN_IF_ERROR(CheckFollows(block, head_));
  head_ = block.AsHead();
  ++expected_;
  if (block.header.number < from_) return absl::OkStatus();
  return visit(block);
}

}  // namespace turnabout
