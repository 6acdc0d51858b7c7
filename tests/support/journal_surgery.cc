#include "tests/support/journal_surgery.h"

#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include <memory>

#include "absl/functional/function_ref.h"
#include "store/codec.h"
#include "store/journal/folder_journal.h"
#include "tests/support/status.h"

namespace turnabout {
namespace {

void Operate(const std::string& folder, absl::FunctionRef<rocksdb::Status(rocksdb::DB&)> on) {
  rocksdb::DB* raw = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open(rocksdb::Options(), folder + "/journal", &raw).ok());
  const std::unique_ptr<rocksdb::DB> db(raw);
  const rocksdb::Status done = on(*db);
  ASSERT_TRUE(done.ok()) << done.ToString();
}

std::string KeyOf(uint64_t number) {
  std::string key;
  PutBigEndian64(key, number);
  return key;
}

}  // namespace

std::vector<Block> BlocksOf(const std::string& folder) {
  std::vector<Block> blocks;
  const auto journal = OpenFolderToRead(folder);
  EXPECT_TRUE(IsOk(journal));
  if (!journal.ok()) return blocks;
  EXPECT_TRUE(IsOk((*journal)->Read(1, [&](const Block& block) {
    blocks.push_back(block);
    return absl::OkStatus();
  })));
  return blocks;
}

void PutBlockBytes(const std::string& folder, uint64_t number, const std::string& bytes) {
  Operate(folder, [&](rocksdb::DB& db) { return db.Put(rocksdb::WriteOptions(), KeyOf(number), bytes); });
}

void RemoveBlock(const std::string& folder, uint64_t number) {
  Operate(folder, [&](rocksdb::DB& db) { return db.Delete(rocksdb::WriteOptions(), KeyOf(number)); });
}

}  // namespace turnabout
