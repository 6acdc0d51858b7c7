// Rows read and written through a Snapshot or a Txn. A row that cannot be parsed is a broken invariant: the journal's
// hashes were checked before anybody sees it.
#ifndef TURNABOUT_SERVER_RECORDS_ROWS_H_
#define TURNABOUT_SERVER_RECORDS_ROWS_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/check.h"
#include "base/id.h"
#include "base/reason.h"
#include "server/records/names.h"
#include "server/records/rules.h"
#include "store/keyspace.h"
#include "store/txn.h"
#include "turnabout/storage/v1/rows.pb.h"

namespace turnabout {

namespace rows = ::turnabout::storage::v1;

template <typename Row>
Row ParseRow(absl::string_view bytes) {
  Row row;
  TURNABOUT_CHECK(row.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
  return row;
}

template <typename Row>
std::optional<Row> LoadRow(const Snapshot& snapshot, const std::string& key) {
  const std::optional<std::string> bytes = snapshot.Get(key);
  if (!bytes.has_value()) return std::nullopt;
  return ParseRow<Row>(*bytes);
}

template <typename Row>
void SaveRow(Txn& txn, const std::string& key, const Row& row) {
  txn.Put(key, row.SerializeAsString());
}

// A scheme and the rules in force, as they were when it was read. Rules and numbers never change under it: a later rule
// set is another number.
struct SchemeView {
  rows::SchemeRow row;
  Rules rules;

  uint32_t number() const { return row.number(); }
  // The end of its name.
  std::string slug() const { return row.scheme().name(); }
};

// NOT_FOUND/SCHEME_NOT_FOUND. Never null when OK.
absl::StatusOr<std::shared_ptr<const SchemeView>> FindScheme(const Snapshot& snapshot, absl::string_view slug);

// The scheme with this number. REQUIRES: there is one.
std::shared_ptr<const SchemeView> SchemeByNumber(const Snapshot& snapshot, uint32_t number);

// How each resource is kept: its table and what it is called.
template <typename Row>
struct RowTraits;

#define TURNABOUT_ROW(ROW, TABLE, COLLECTION, NOT_FOUND)         \
  template <>                                                    \
  struct RowTraits<rows::ROW> {                                  \
    static constexpr Table kTable = Table::TABLE;                \
    static constexpr absl::string_view kCollection = COLLECTION; \
    static constexpr Reason kNotFound = Reason::NOT_FOUND;       \
  };
TURNABOUT_ROW(MemberRow, kMember, kMembers, kMemberNotFound)
TURNABOUT_ROW(PledgeRow, kPledge, kPledges, kPledgeNotFound)
TURNABOUT_ROW(WaiverRow, kWaiver, kWaivers, kPledgeNotFound)
TURNABOUT_ROW(ExchangeRow, kExchange, kExchanges, kExchangeNotFound)
TURNABOUT_ROW(MatchRow, kMatch, kMatches, kMatchNotFound)
TURNABOUT_ROW(RoundRow, kRound, kRounds, kRoundNotFound)
#undef TURNABOUT_ROW

// One resource of a scheme. The refusal names it.
template <typename Row, typename IdType>
absl::StatusOr<Row> FindRow(const Snapshot& snapshot, const SchemeView& scheme, const IdType& id) {
  std::optional<Row> row = LoadRow<Row>(snapshot, ResourceKey(RowTraits<Row>::kTable, scheme.number(), id.bytes()));
  if (row.has_value()) return *std::move(row);
  return Refuse(RowTraits<Row>::kNotFound, {{"name", NameOf(scheme.slug(), RowTraits<Row>::kCollection, id)}});
}

template <typename Row, typename IdType>
void PutRow(Txn& txn, const SchemeView& scheme, const IdType& id, const Row& row) {
  SaveRow(txn, ResourceKey(RowTraits<Row>::kTable, scheme.number(), id.bytes()), row);
}

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_RECORDS_ROWS_H_
