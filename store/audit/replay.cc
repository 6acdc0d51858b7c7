#include "store/audit/replay.h"

#include "base/status_macros.h"
#include "store/journal/damage.h"

namespace turnabout {

absl::Status StageBlock(const Block& block, const std::vector<Projection*>& projections) {
  return block.ForEach([&](const RecordView& record) -> absl::Status {
    for (Projection* projection : projections) {
      // It knows what is wrong with a record and not where that stands.
      RETURN_IF_ERROR(AtRecord(projection->Stage(record), block.header.number, record.sequence));
    }
    return absl::OkStatus();
  });
}

absl::Status ReplayInto(const Journal& journal, uint64_t last, const std::vector<Projection*>& projections,
                        Replayed& seen, const ReplayProgress& progress) {
  const absl::Status read = journal.Read(1, [&](const Block& block) -> absl::Status {
    if (block.header.number > last) return absl::OutOfRangeError("past the last block asked for");
    RETURN_IF_ERROR(StageBlock(block, projections));
    for (Projection* projection : projections) {
      projection->Keep();
      projection->Seal();
      projection->Publish();
    }
    RETURN_IF_ERROR(block.ForEach([&](const RecordView& record) {
      if (record.kind == RecordKind::kEntry) ++seen.entries;
      return absl::OkStatus();
    }));
    ++seen.blocks;
    seen.records += block.header.record_count;
    seen.head = block.AsHead();
    if (progress) progress(block.header.number, last);
    return absl::OkStatus();
  });
  return absl::IsOutOfRange(read) ? absl::OkStatus() : read;
}

bool WasHeadOf(const Head& head, const Journal& journal, const Head& end) {
  if (head.number > end.number) return false;
  if (head.number == 0) return true;
  bool same = false;
  const absl::Status read = journal.Read(head.number, [&](const Block& block) {
    same = block.AsHead() == head;
    return absl::OutOfRangeError("one block is enough");
  });
  return same && absl::IsOutOfRange(read);
}

}  // namespace turnabout
