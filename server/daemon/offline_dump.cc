// What is in a journal, record by record and in sum.
#include <filesystem>
#include <map>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/log.h"
#include "base/status_macros.h"
#include "ledger/book/account.h"
#include "ledger/book/entry.h"
#include "server/daemon/offline.h"
#include "store/audit/record_text.h"
#include "store/codec.h"
#include "store/journal/folder_journal.h"
#include "store/journal/migration.h"

namespace turnabout {
namespace {

// One thing that a record says, for a line of text or a member of a JSON object.
using Parts = std::vector<std::pair<std::string, std::string>>;

std::string TimeText(int64_t micros) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", absl::FromUnixMicros(micros), absl::UTCTimeZone());
}

absl::string_view KindText(EntryKind kind) {
  constexpr absl::string_view kNames[] = {"exchange", "activity", "donation",     "grant", "gift",
                                          "opening",  "expiry",   "inter-scheme", "turn",  "reversal"};
  return kNames[static_cast<size_t>(kind) - 1];
}

std::string LimitText(int64_t limit, int64_t none) { return limit == none ? "none" : absl::StrCat(limit); }

absl::StatusOr<Parts> EntryParts(absl::string_view payload) {
  ASSIGN_OR_RETURN(const Entry entry, DecodeEntry(payload));
  Parts parts = {{"entry", entry.id.ToString()},
                 {"scheme", absl::StrCat(entry.scheme)},
                 {"number", absl::StrCat(entry.number)},
                 {"why", std::string(KindText(entry.kind))},
                 {"state", std::string(NameOf(entry.state))},
                 {"amount", absl::StrCat(entry.amount)},
                 {"from", AccountText(entry.from_key())},
                 {"to", AccountText(entry.to_key())}};
  if (!entry.related.empty()) parts.emplace_back("related", entry.related.ToString());
  return parts;
}

absl::StatusOr<Parts> PartsOf(const RecordView& record, bool values) {
  const absl::string_view payload = record.payload;
  Cursor cursor(payload);
  if (record.kind == RecordKind::kEntry) return EntryParts(payload);
  if (record.kind == RecordKind::kDelete) return Parts{{"row", KeyText(payload, values)}};
  if (record.kind == RecordKind::kPut) {
    const uint32_t size = cursor.Fixed32();
    const absl::string_view key = cursor.Bytes(size);
    Parts parts = {{"row", KeyText(key, values)}, {"bytes", absl::StrCat(cursor.remaining())}};
    if (values) parts.emplace_back("value", absl::CHexEscape(cursor.rest()));
    return parts;
  }
  if (record.kind == RecordKind::kRequest) {
    const std::string key = absl::BytesToHexString(cursor.Bytes(16));
    const uint32_t size = cursor.Fixed32();
    const absl::string_view content = cursor.Bytes(size);
    Parts parts = {{"request", key}, {"bytes", absl::StrCat(cursor.remaining())}};
    if (values) parts.emplace_back("content", absl::CHexEscape(content));
    if (values) parts.emplace_back("answer", absl::CHexEscape(cursor.rest()));
    return parts;
  }
  ASSIGN_OR_RETURN(const AccountChange change, DecodeAccountChange(payload));
  return Parts{{"scheme", absl::StrCat(change.key.scheme)},
               {"account", AccountText(change.key)},
               {"floor", LimitText(change.limits.floor, kNoFloor)},
               {"ceiling", LimitText(change.limits.ceiling, kNoCeiling)}};
}

void ShowRecord(const OfflineCall& call, const Block& block, const RecordView& record, const Parts& parts) {
  if (call.has("json")) {
    call.out() << "{\"sequence\":" << record.sequence << ",\"block\":" << block.header.number << ",\"time\":\""
               << TimeText(block.header.time_micros) << "\",\"kind\":\"" << NameOf(record.kind) << "\"";
    for (const auto& [name, text] : parts) call.out() << ",\"" << name << "\":\"" << JsonEscape(text) << "\"";
    call.out() << "}\n";
    return;
  }
  call.out() << record.sequence << "  block " << block.header.number << "  " << TimeText(block.header.time_micros)
             << "  " << NameOf(record.kind);
  for (const auto& [name, text] : parts) call.out() << "  " << name << " " << text;
  call.out() << "\n";
}

// What inspect counts.
struct Counts {
  uint64_t blocks = 0;
  uint64_t bytes = 0;
  int64_t first_micros = 0;
  std::map<RecordKind, uint64_t> records;
  std::map<uint32_t, uint64_t> entries_of_scheme;
};

absl::Status CountBlock(const Block& block, Counts& counts) {
  if (counts.blocks++ == 0) counts.first_micros = block.header.time_micros;
  counts.bytes += kBlockHeaderBytes + block.body.size();
  return block.ForEach([&](const RecordView& record) -> absl::Status {
    ++counts.records[record.kind];
    if (record.kind != RecordKind::kEntry) return absl::OkStatus();
    ASSIGN_OR_RETURN(const Entry entry, DecodeEntry(record.payload));
    ++counts.entries_of_scheme[entry.scheme];
    return absl::OkStatus();
  });
}

uint64_t BytesOnDisk(const std::string& folder) {
  uint64_t bytes = 0;
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    if (at->is_regular_file(ignored)) bytes += at->file_size(ignored);
  }
  return bytes;
}

void ShowCounts(const OfflineCall& call, uint64_t format, const Head& head, const Counts& counts, uint64_t disk_bytes) {
  std::vector<std::string> kinds;
  std::vector<std::string> schemes;
  const bool json = call.has("json");
  for (const auto& [kind, count] : counts.records) {
    kinds.push_back(json ? absl::StrCat("\"", NameOf(kind), "\":", count) : absl::StrCat(count, " ", NameOf(kind)));
  }
  for (const auto& [scheme, count] : counts.entries_of_scheme) {
    schemes.push_back(json ? absl::StrCat("\"", scheme, "\":", count) : absl::StrCat("scheme ", scheme, ": ", count));
  }
  const std::string first = counts.blocks == 0 ? "" : TimeText(counts.first_micros);
  const std::string last = counts.blocks == 0 ? "" : TimeText(head.time_micros);
  if (json) {
    call.out() << "{\"format\":" << format << ",\"block\":" << head.number << ",\"revision\":" << head.last_sequence
               << ",\"head_hash\":\"" << ToHex(head.hash) << "\",\"records\":{" << absl::StrJoin(kinds, ",")
               << "},\"entries\":{" << absl::StrJoin(schemes, ",") << "},\"block_bytes\":" << counts.bytes
               << ",\"disk_bytes\":" << disk_bytes << ",\"first_time\":\"" << first << "\",\"last_time\":\"" << last
               << "\"}\n";
    return;
  }
  ShowLines(call.out(), {{"format", absl::StrCat(format)},
                         {"head", absl::StrCat("block ", head.number, ", record ", head.last_sequence)},
                         {"head hash", ToHex(head.hash)},
                         {"records", absl::StrJoin(kinds, ", ")},
                         {"entries", absl::StrJoin(schemes, ", ")},
                         {"bytes", absl::StrCat(counts.bytes, " in blocks, ", disk_bytes, " on the disk")},
                         {"first", first},
                         {"last", last}});
}

}  // namespace

absl::Status RunJournalDump(const OfflineCall& call) {
  ASSIGN_OR_RETURN(const std::string folder, call.Required("data-dir"));
  ASSIGN_OR_RETURN(const uint64_t from, call.Number("from", 1));
  ASSIGN_OR_RETURN(const uint64_t to, call.Number("to", UINT64_MAX));
  ASSIGN_OR_RETURN(const std::unique_ptr<Journal> journal, OpenFolderToRead(folder));
  const absl::Status read = journal->Read(from, [&](const Block& block) -> absl::Status {
    if (block.header.number > to) return absl::OutOfRangeError("past the last block asked for");
    RETURN_IF_ERROR(block.ForEach([&](const RecordView& record) -> absl::Status {
      ASSIGN_OR_RETURN(const Parts parts, PartsOf(record, call.has("values")));
      ShowRecord(call, block, record, parts);
      return absl::OkStatus();
    }));
    // Not one block further: it may be the damaged one.
    return block.header.number == to ? absl::OutOfRangeError("the last block asked for") : absl::OkStatus();
  });
  return absl::IsOutOfRange(read) ? absl::OkStatus() : read;
}

absl::Status RunInspect(const OfflineCall& call) {
  ASSIGN_OR_RETURN(const std::string folder, call.Required("data-dir"));
  ASSIGN_OR_RETURN(const std::unique_ptr<Journal> journal, OpenFolderToRead(folder));
  ASSIGN_OR_RETURN(const Head head, journal->ReadHead());
  Counts counts;
  RETURN_IF_ERROR(journal->Read(1, [&](const Block& block) { return CountBlock(block, counts); }));
  ASSIGN_OR_RETURN(const uint64_t format, ReadFormat(folder));
  ShowCounts(call, format, head, counts, BytesOnDisk(folder));
  return absl::OkStatus();
}

}  // namespace turnabout
