#include "store/shelf/rocksdb_shelf_options.h"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>

#include <cstddef>

#include "store/journal/rocksdb_log.h"

namespace turnabout {
namespace {

constexpr int kFilterBitsPerKey = 14;  // a new id is looked for in every file, and one in a thousand is read in vain
// Files of rows that only ascend are never merged, and there is one or more for every cut.
constexpr int kOpenFilesMax = 512;

}  // namespace

rocksdb::DBOptions ShelfDatabaseOptions() {
  rocksdb::DBOptions options;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.verify_sst_unique_id_in_manifest = false;  // files that are taken in whole have none
  options.atomic_flush = true;                       // rows and how far they go reach the disk together
  options.max_open_files = kOpenFilesMax;
  options.max_background_jobs = 2;
  options.skip_stats_update_on_db_open = true;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.info_log = NewRocksdbLog();
  return options;
}

rocksdb::ColumnFamilyOptions ShelfFamilyOptions(RowOrder order, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options;
  options.write_buffer_size = size_t{16} << 20;
  options.compression = rocksdb::kLZ4Compression;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = 8 << 10;
  table.format_version = 5;
  if (order != RowOrder::kAscending) {
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kFilterBitsPerKey));
    table.whole_key_filtering = true;
  }
  // Rows that come anywhere and never change: merged seldom and in large steps, never to make room, for there is none
  // to make.
  if (order == RowOrder::kScattered) {
    options.compaction_style = rocksdb::kCompactionStyleUniversal;
    options.level0_file_num_compaction_trigger = 20;
    options.level0_slowdown_writes_trigger = 60;
    options.level0_stop_writes_trigger = 80;
    options.compaction_options_universal.size_ratio = 20;
    options.compaction_options_universal.min_merge_width = 8;
    options.compaction_options_universal.max_size_amplification_percent = 1'000'000;
  }
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

}  // namespace turnabout
