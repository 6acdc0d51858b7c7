#include "store/audit/replay.h"

#include "absl/strings/str_cat.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "store/journal/damage.h"
#include "store/projection/records.h"
#include "store/projection/requests.h"

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

namespace {

// Holds the rows of a shelf that ends where a replay stands against what the replay came to.
absl::Status CompareWithShelf(const Shelf& shelf, const Head& head, const std::vector<Projection*>& projections) {
  if (shelf.reached() != head) return Refuse(Reason::kShelfDamaged, {{"problem", "they are of another journal"}});
  for (const Projection* projection : projections) {
    const std::unique_ptr<Projection> shelved = projection->NewEmpty();
    RETURN_IF_ERROR(shelved->UseShelf(shelf));
    const absl::string_view differs =
        DifferingTable(*projection, projection->DigestsByTable(), shelved->DigestsByTable());
    RETURN_IF_ERROR(shelf.damage());
    if (differs.empty()) continue;
    return Refuse(Reason::kBooksDisagree,
                  {{"problem", absl::StrCat(differs, " on the shelf differ from what the journal implies")}});
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Verified> Audit(const Journal& journal, const std::vector<Projection*>& projections,
                               const ReplayProgress& progress, const Shelf* shelf) {
  ASSIGN_OR_RETURN(const Head head, journal.ReadHead());
  Records records;
  Requests requests;
  std::vector<Projection*> all = {&records, &requests};
  all.insert(all.end(), projections.begin(), projections.end());
  Verified verified;
  const uint64_t shelf_end = shelf == nullptr ? 0 : shelf->reached().number;
  if (shelf_end > head.number) verified.shelf = CompareWithShelf(*shelf, head, all);
  const auto after_block = [&](uint64_t block, uint64_t last) {
    if (progress) progress(block, last);
    if (block == shelf_end) verified.shelf = CompareWithShelf(*shelf, verified.head, all);
  };
  RETURN_IF_ERROR(ReplayInto(journal, head.number, all, verified, after_block));
  if (verified.head != head) {
    return DamagedBlock(verified.head.number + 1,
                        absl::StrCat("the journal ends before it, but block ", head.number, " is its head"));
  }
  std::vector<Sha256Digest> digests;
  for (const Projection* projection : all) digests.push_back(projection->Digest());
  verified.digest = CombineDigests(digests);
  if (IsRefusedFor(verified.shelf, Reason::kBooksDisagree)) return verified.shelf;
  return verified;
}

}  // namespace turnabout
