#include "store/projection/projection.h"

namespace turnabout {

std::vector<RowSum> Projection::Sums() const {
  RowBatch memory;
  AddRowsInMemory(memory);
  memory.Sort();
  return SumRows(tables(), memory, shelf_).all;
}

}  // namespace turnabout
