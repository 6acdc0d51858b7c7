// A ScriptedJournal is a journal that outlives its store and fails when the test says so.
//
//   auto script = std::make_shared<JournalScript>();
//   auto store = Store::Open(std::make_unique<ScriptedJournal>(script), clock, {});
//   script->before_append = [](const Block&) { return Refuse(Reason::kDiskFull); };   // while nothing is being written
#ifndef TURNABOUT_TESTS_SUPPORT_SCRIPTED_JOURNAL_H_
#define TURNABOUT_TESTS_SUPPORT_SCRIPTED_JOURNAL_H_

#include <functional>
#include <memory>
#include <utility>

#include "base/status_macros.h"
#include "store/journal/journal.h"
#include "store/journal/memory_journal.h"

namespace turnabout {

struct JournalScript {
  std::unique_ptr<Journal> inner = NewMemoryJournal();
  // Called on the writer's thread with each block; an error is returned and nothing is appended.
  std::function<absl::Status(const Block&)> before_append;
  // Blocks that Read has shown.
  uint64_t visited = 0;
};

class ScriptedJournal : public Journal {
 public:
  explicit ScriptedJournal(std::shared_ptr<JournalScript> script) : script_(std::move(script)) {}

  absl::string_view backend() const override { return script_->inner->backend(); }
  absl::Status Append(const Block& block) override {
    if (script_->before_append) RETURN_IF_ERROR(script_->before_append(block));
    return script_->inner->Append(block);
  }
  absl::Status Read(uint64_t from, absl::FunctionRef<absl::Status(const Block&)> visit) const override {
    return script_->inner->Read(from, [&](const Block& block) {
      ++script_->visited;
      return visit(block);
    });
  }
  absl::StatusOr<Head> ReadHead() const override { return script_->inner->ReadHead(); }

 private:
  std::shared_ptr<JournalScript> script_;
};

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_SUPPORT_SCRIPTED_JOURNAL_H_
