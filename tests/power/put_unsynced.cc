// put_unsynced FOLDER: makes a RocksDB database there and puts 1, 2, 3 … into it without a sync, until somebody ends
// the process, writing each number (8 bytes, as the machine has them) to standard output once Put returned OK. It is
// what the journal must not be.
#include <rocksdb/db.h>
#include <unistd.h>

#include <cstdint>
#include <string>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* db = nullptr;
  if (!rocksdb::DB::Open(options, argv[1], &db).ok()) return 1;
  for (uint64_t number = 1; db->Put(rocksdb::WriteOptions(), std::to_string(number), "there").ok(); ++number) {
    if (::write(STDOUT_FILENO, &number, sizeof(number)) != sizeof(number)) break;
  }
  // After an error RocksDB is not to be closed but left.
  ::_exit(0);
}
