// Changing blocks where they lie, past every check: what a disk, or somebody with a key to the cupboard, can do.
//
//   const std::vector<Block> blocks = BlocksOf(folder);
//   PutBlockBytes(folder, 6, EncodeBlock(blocks[4]));
#ifndef TURNABOUT_TESTS_SUPPORT_JOURNAL_SURGERY_H_
#define TURNABOUT_TESTS_SUPPORT_JOURNAL_SURGERY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "store/journal/block.h"

namespace turnabout {

// Every block of the journal in a data folder that nobody has open. Expects it to be whole.
std::vector<Block> BlocksOf(const std::string& folder);

// Writes `bytes` where block `number` is.
void PutBlockBytes(const std::string& folder, uint64_t number, const std::string& bytes);

// Takes block `number` out.
void RemoveBlock(const std::string& folder, uint64_t number);

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_SUPPORT_JOURNAL_SURGERY_H_
