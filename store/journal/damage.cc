#include "store/journal/damage.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/reason.h"

namespace turnabout {

absl::Status DamagedBlock(uint64_t number, absl::string_view problem) {
  const std::string block = absl::StrCat(number);
  return Refuse(Reason::kJournalDamaged,
                {{"place", absl::StrCat("block ", block)}, {"block", block}, {"problem", problem}});
}

absl::Status DamagedPlace(absl::string_view place, absl::string_view problem) {
  return Refuse(Reason::kJournalDamaged, {{"place", place}, {"problem", problem}});
}

absl::Status AtBlock(const absl::Status& status, uint64_t number) {
  if (!IsRefusedFor(status, Reason::kJournalDamaged)) return status;
  return DamagedBlock(number, RefusalOf(status)->fact("problem"));
}

absl::Status AtRecord(const absl::Status& status, uint64_t block, uint64_t sequence) {
  if (!IsRefusedFor(status, Reason::kJournalDamaged)) return status;
  const std::optional<Refusal> refusal = RefusalOf(status);
  const std::string place = absl::StrCat("block ", block, ", record ", sequence);
  return Refuse(Reason::kJournalDamaged, {{"place", place},
                                          {"block", absl::StrCat(block)},
                                          {"record", absl::StrCat(sequence)},
                                          {"problem", refusal->fact("problem")}});
}

}  // namespace turnabout
