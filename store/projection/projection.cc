#include "store/projection/projection.h"

#include <optional>
#include <string>

#include "store/codec.h"

namespace turnabout {
namespace {

// Adds rows to a digest, each with how long it is, so that no two sequences of rows look the same.
class RowDigest {
 public:
  void Add(absl::string_view key, absl::string_view value) {
    sizes_.clear();
    PutFixed32(sizes_, static_cast<uint32_t>(key.size()));
    PutFixed32(sizes_, static_cast<uint32_t>(value.size()));
    stream_.Add(sizes_);
    stream_.Add(key);
    stream_.Add(value);
  }
  Sha256Digest SoFar() const {
    Sha256Stream copy = stream_;
    return copy.Finish();
  }

 private:
  Sha256Stream stream_;
  std::string sizes_;
};

// The rows of one table in a sorted batch, from the first that is not yet taken.
class TableRows {
 public:
  TableRows(const RowBatch& rows, const ShelfTable& table)
      : rows_(rows), table_(table), of_order_(rows.of(table.order)) {
    while (at_ < of_order_.size() && !IsOfTable()) ++at_;
  }
  bool done() const { return at_ >= of_order_.size() || !IsOfTable(); }
  absl::string_view key() const { return rows_.key(of_order_[at_]).substr(table_.prefix.size()); }
  std::optional<absl::string_view> value() const { return rows_.value(of_order_[at_]); }
  void Next() { ++at_; }

 private:
  bool IsOfTable() const { return rows_.key(of_order_[at_]).substr(0, table_.prefix.size()) == table_.prefix; }

  const RowBatch& rows_;
  const ShelfTable& table_;
  const std::vector<RowBatch::Row>& of_order_;
  size_t at_ = 0;
};

void AddTable(const RowBatch& rows, const ShelfTable& table, const Shelf* shelf, RowDigest& digest) {
  digest.Add(table.prefix, "");
  TableRows memory(rows, table);
  const auto add_memory = [&] {
    if (const auto value = memory.value(); value.has_value()) digest.Add(memory.key(), *value);
    memory.Next();
  };
  if (shelf != nullptr) {
    shelf->Scan(table, "", "", [&](absl::string_view key, absl::string_view value) {
      while (!memory.done() && memory.key() < key) add_memory();
      if (memory.done() || memory.key() != key) digest.Add(key, value);
      return true;
    });
  }
  while (!memory.done()) add_memory();
}

}  // namespace

std::vector<Sha256Digest> Projection::DigestsByTable() const {
  RowBatch memory;
  AddRowsInMemory(memory);
  memory.Sort();
  RowDigest digest;
  std::vector<Sha256Digest> digests;
  for (const ShelfTable& table : tables()) {
    AddTable(memory, table, shelf_, digest);
    digests.push_back(digest.SoFar());
  }
  return digests;
}

absl::string_view DifferingTable(const Projection& projection, const std::vector<Sha256Digest>& digests,
                                 const std::vector<Sha256Digest>& others) {
  const absl::Span<const ShelfTable> tables = projection.tables();
  for (size_t i = 0; i < tables.size(); ++i) {
    if (digests[i] != others[i]) return tables[i].name;
  }
  return "";
}

}  // namespace turnabout
