// Damage is what is not as it was written, and where: a block, a record of one, or another place of the folder.
//
//   return DamagedBlock(7, "it is missing");                // The journal is damaged at block 7: it is missing.
//   return DamagedPlace("the file HEAD", "it is missing");  // The journal is damaged at the file HEAD: it is missing.
#ifndef TURNABOUT_STORE_JOURNAL_DAMAGE_H_
#define TURNABOUT_STORE_JOURNAL_DAMAGE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace turnabout {

// Both are DATA_LOSS/JOURNAL_DAMAGED with the facts `place` and `problem`; a block also has the fact `block`. They end
// up in a sentence, so that neither begins with a capital nor ends with a full stop.
absl::Status DamagedBlock(uint64_t number, absl::string_view problem);
absl::Status DamagedPlace(absl::string_view place, absl::string_view problem);

// The same damage, said by somebody who did not know where he was, at this block, or at this record of it, which adds
// the fact `record`. Any other status is returned as it is.
absl::Status AtBlock(const absl::Status& status, uint64_t number);
absl::Status AtRecord(const absl::Status& status, uint64_t block, uint64_t sequence);

}  // namespace turnabout

#endif  // TURNABOUT_STORE_JOURNAL_DAMAGE_H_
