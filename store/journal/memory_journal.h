// A journal in memory, for tests and for servers that keep nothing.
#ifndef TURNABOUT_STORE_JOURNAL_MEMORY_JOURNAL_H_
#define TURNABOUT_STORE_JOURNAL_MEMORY_JOURNAL_H_

#include <memory>

#include "store/journal/journal.h"

namespace turnabout {

// "Durable" means until it is destroyed. Never null.
std::unique_ptr<Journal> NewMemoryJournal();

}  // namespace turnabout

#endif  // TURNABOUT_STORE_JOURNAL_MEMORY_JOURNAL_H_
