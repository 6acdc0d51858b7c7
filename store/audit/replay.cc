#include "store/audit/replay.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "store/projection/records.h"
#include "store/projection/requests.h"

namespace turnabout {
namespace {

// A projection knows what is wrong with a record and not where it stands.
absl::Status AtRecord(const absl::Status& status, const Block& block, const RecordView& record) {
  if (!IsRefusedFor(status, Reason::kJournalDamaged)) return status;
  const std::optional<Refusal> refusal = RefusalOf(status);
  return Refuse(Reason::kJournalDamaged,
                {{"block", absl::StrCat(block.header.number)},
                 {"record", absl::StrCat(record.sequence)},
                 {"problem", absl::StrCat("record ", record.sequence, ": ", refusal->fact("problem"))}});
}

}  // namespace

absl::Status StageBlock(const Block& block, const std::vector<Projection*>& projections) {
  return block.ForEach([&](const RecordView& record) -> absl::Status {
    for (Projection* projection : projections) {
      if (const absl::Status staged = projection->Stage(record); !staged.ok()) return AtRecord(staged, block, record);
    }
    return absl::OkStatus();
  });
}

absl::Status ReplayInto(const Journal& journal, uint64_t last, const std::vector<Projection*>& projections,
                        Verified& seen, const ReplayProgress& progress) {
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

Sha256Digest CombineDigests(const std::vector<Sha256Digest>& parts) {
  Sha256Digest all{};
  for (const Sha256Digest& part : parts) all = Sha256({AsView(all), AsView(part)});
  return all;
}

absl::StatusOr<Verified> Audit(const Journal& journal, const std::vector<Projection*>& projections,
                               const ReplayProgress& progress) {
  ASSIGN_OR_RETURN(const Head head, journal.ReadHead());
  Records records;
  Requests requests;
  std::vector<Projection*> all = {&records, &requests};
  all.insert(all.end(), projections.begin(), projections.end());
  Verified verified;
  RETURN_IF_ERROR(ReplayInto(journal, head.number, all, verified, progress));
  if (verified.head != head) {
    return Refuse(Reason::kJournalDamaged,
                  {{"block", absl::StrCat(verified.head.number + 1)},
                   {"problem", absl::StrCat("the journal ends before it, but block ", head.number, " is its head")}});
  }
  std::vector<Sha256Digest> digests;
  for (const Projection* projection : all) digests.push_back(projection->Digest());
  verified.digest = CombineDigests(digests);
  return verified;
}

}  // namespace turnabout
