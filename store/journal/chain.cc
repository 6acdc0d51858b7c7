#include "store/journal/chain.h"

#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "base/status_macros.h"

namespace turnabout {

absl::Status CheckAppend(const Block& block, const Head& head) {
  const std::string number = absl::StrCat(block.header.number);
  if (block.header.number <= head.number) return Refuse(Reason::kWriterDeposed, {{"block", number}});
  if (block.body.size() != block.header.body_bytes) {
    return Refuse(Reason::kJournalDamaged,
                  {{"block", number}, {"problem", "the body is not as long as the header says"}});
  }
  return CheckFollows(block, head);
}

absl::Status ChainReader::Next(absl::string_view bytes, absl::FunctionRef<absl::Status(const Block&)> visit) {
  ASSIGN_OR_RETURN(const Block block, DecodeBlock(bytes));
  if (block.header.number != expected_) {
    return Refuse(Reason::kJournalDamaged,
                  {{"block", absl::StrCat(expected_)},
                   {"problem", absl::StrCat("block ", block.header.number, " is in its place")}});
  }
  const bool is_start = expected_ == first() && expected_ > 1;
  if (!is_start) RETURN_IF_ERROR(CheckFollows(block, head_));
  head_ = block.AsHead();
  ++expected_;
  if (block.header.number < from_) return absl::OkStatus();
  return visit(block);
}

}  // namespace turnabout
