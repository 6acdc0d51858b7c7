// How a shelf's database keeps its rows: each order of rows in a family of its own.
#ifndef TURNABOUT_STORE_SHELF_ROCKSDB_SHELF_OPTIONS_H_
#define TURNABOUT_STORE_SHELF_ROCKSDB_SHELF_OPTIONS_H_

#include <memory>

#include "store/shelf/row_batch.h"

namespace rocksdb {
class Cache;
struct ColumnFamilyOptions;
struct DBOptions;
}  // namespace rocksdb

namespace turnabout {

rocksdb::DBOptions ShelfDatabaseOptions();

// Of the family for rows of that order, which reads through `cache`.
rocksdb::ColumnFamilyOptions ShelfFamilyOptions(RowOrder order, const std::shared_ptr<rocksdb::Cache>& cache);

}  // namespace turnabout

#endif  // TURNABOUT_STORE_SHELF_ROCKSDB_SHELF_OPTIONS_H_
