// Every limit has a name, and a refusal that hits one names it.
#ifndef TURNABOUT_BASE_LIMITS_H_
#define TURNABOUT_BASE_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace turnabout {

// One exchange: a whole day of help.
inline constexpr int64_t kExchangeMinutesMax = 24 * 60;
// One entry of any kind, in minutes or turns. Balances then fit in 63 bits for 2^23 such entries on one side.
inline constexpr int64_t kEntryAmountMax = int64_t{1} << 40;
// How far back an exchange may have happened.
inline constexpr int kExchangeAgeDaysMax = 366;

inline constexpr int kPageSizeDefault = 50;
inline constexpr int kPageSizeMax = 1000;

inline constexpr size_t kSlugLengthMax = 63;       // scheme ids
inline constexpr size_t kReferenceLengthMax = 64;  // a scheme's own reference for a member
inline constexpr size_t kNameLengthMax = 120;      // a person's or scheme's display name
inline constexpr size_t kContactLengthMax = 200;
inline constexpr size_t kNoteLengthMax = 2000;  // notes, reasons, words of their own
inline constexpr size_t kRequestIdLengthMax = 128;
inline constexpr size_t kResourceNameLengthMax = 200;
inline constexpr size_t kFilterLengthMax = 1000;
inline constexpr size_t kPageTokenLengthMax = 1000;

inline constexpr int kOffersPerMemberMax = 50;
inline constexpr int kNeedsPerMemberMax = 50;
inline constexpr int kJourneysPerMemberMax = 10;
inline constexpr int kLanguagesPerMemberMax = 20;
inline constexpr int kExclusionsPerMemberMax = 100;
inline constexpr int kChecksPerMemberMax = 20;
inline constexpr int kCapacityMax = 1000;  // buddies at once
inline constexpr int kTravelMetresMax = 200'000;
inline constexpr int kImportRowsMax = 1000;         // members in one ImportMembers call
inline constexpr int kCategoriesPerSchemeMax = 64;  // so that a set of categories is one word
inline constexpr int kLanguagesPerSchemeMax = 64;
inline constexpr int kServicesPerSchemeMax = 64;
inline constexpr int kPlacesPerSchemeMax = 10'000;

inline constexpr size_t kGroupRecordsMax = 8192;           // records in one block
inline constexpr size_t kGroupBytesMax = size_t{1} << 20;  // payload of one block, unless one command alone is larger
inline constexpr size_t kCommandRecordsMax = 65'536;       // records that one command may write
inline constexpr size_t kCommandBytesMax = size_t{32} << 20;
inline constexpr size_t kWriteQueueMax = 65'536;  // commands waiting for the writer

// Items of one BatchWriteEntries. With an entry, a note and a request id each they are at most 24,570 records, which is
// one command.
inline constexpr int kBatchItemsMax = 8190;
inline constexpr int kStreamItemsMax = 1000;  // items of one message of a WriteEntries stream
// Items of one stream that were taken and whose answers were not fetched; then its caller waits.
inline constexpr int kStreamItemsWaitingMax = 4096;

inline constexpr size_t kRequestBytesMax = size_t{4} << 20;  // one request over gRPC or HTTP
inline constexpr int kChoicesPerRoundMax = 20;               // pairs pinned and forbidden before a round
inline constexpr int kLinkedMatchesMax = 4000;               // matches of a round that stand or fall together

}  // namespace turnabout

#endif  // TURNABOUT_BASE_LIMITS_H_
