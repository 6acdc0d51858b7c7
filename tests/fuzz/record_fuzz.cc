// Any bytes as the payload of a record, and as a record's key: what can be read has one encoding only, the bytes it
// came from, and what cannot is refused as damage.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "base/reason.h"
#include "ledger/book/account.h"
#include "ledger/book/book.h"
#include "ledger/book/entry.h"
#include "store/audit/record_text.h"
#include "store/codec.h"
#include "store/projection/records.h"
#include "store/projection/requests.h"

namespace turnabout {
namespace {

void ReadAsEntry(absl::string_view bytes) {
  const absl::StatusOr<Entry> entry = DecodeEntry(bytes);
  if (entry.ok()) TURNABOUT_CHECK(EncodeEntry(*entry) == bytes);
}

void ReadAsAccountChange(absl::string_view bytes) {
  const absl::StatusOr<AccountChange> change = DecodeAccountChange(bytes);
  if (!change.ok()) return;
  TURNABOUT_CHECK(EncodeAccountChange(*change) == bytes);
  const absl::StatusOr<AccountKey> again = ParseAccountText(change->key.scheme, AccountText(change->key));
  TURNABOUT_CHECK(again.ok() && *again == change->key);
}

// As a record of every kind, to a projection that has nothing else.
template <typename P>
void Stage(absl::string_view bytes) {
  P projection;
  for (uint8_t kind = static_cast<uint8_t>(RecordKind::kEntry); kind <= static_cast<uint8_t>(RecordKind::kAccount);
       ++kind) {
    const absl::Status staged = projection.Stage({.sequence = 1, .kind = RecordKind{kind}, .payload = bytes});
    TURNABOUT_CHECK(staged.ok() || IsRefusedFor(staged, Reason::kJournalDamaged));
    if (staged.ok()) {
      projection.Keep();
    } else {
      projection.Drop();
    }
  }
  projection.Seal();
  projection.Publish();
  projection.Digest();
}

void FindAsRequest(absl::string_view bytes) {
  Requests requests;
  if (!requests.Stage({.sequence = 1, .kind = RecordKind::kRequest, .payload = bytes}).ok()) return;
  requests.Keep();
  const RequestKey key = Cursor(bytes).Array<16>();
  const std::optional<Remembered> found = requests.Find(key, Layer::kWorking);
  TURNABOUT_CHECK(found.has_value() && EncodeRequest(key, *found) == bytes);
}

}  // namespace
}  // namespace turnabout

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace turnabout;
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  ReadAsEntry(bytes);
  ReadAsAccountChange(bytes);
  FindAsRequest(bytes);
  Stage<Records>(bytes);
  Stage<Requests>(bytes);
  Stage<Book>(bytes);
  KeyText(bytes, true);
  KeyText(bytes, false);
  return 0;
}
