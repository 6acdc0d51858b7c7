// Writing many entries in one call: all of them in one command and so in one block.
#include <memory>
#include <utility>

#include "base/clock.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "server/app/actor.h"
#include "server/app/books.h"
#include "server/app/entry_batch.h"
#include "server/app/problems.h"

namespace turnabout {
namespace {

// Leaves room for '/' and an item's place within kRequestIdLengthMax.
constexpr size_t kBatchRequestIdLengthMax = 120;

}  // namespace

void Books::BatchWriteEntries(const Call& call, const v1::BatchWriteEntriesRequest& request,
                              Reply<v1::BatchWriteEntriesResponse> reply) {
  Problems problems;
  const std::string slug = problems.CheckScheme("parent", request.parent());
  problems.CheckRange("items", request.items_size(), 1, kBatchItemsMax);
  problems.CheckText("request_id", request.request_id(), kBatchRequestIdLengthMax, false);
  problems.CheckRequestId(request.request_id());
  ReadActor("actor", request.actor(), slug, false, problems);
  if (!problems.empty()) return reply(problems.ToStatus());
  auto batch = std::make_shared<EntryBatch>(slug, EntryBatch::Whole{request.actor(), request.request_id()},
                                            request.items(), DayOf(context_.clock.Now()));
  auto shared_reply = std::make_shared<Reply<v1::BatchWriteEntriesResponse>>(std::move(reply));
  context_.store.Write(
      {.deadline = call.deadline, .dry_run = request.validate_only(), .cancelled = call.cancelled},
      [this, batch](Txn& txn) -> absl::Status {
        ASSIGN_OR_RETURN(const std::shared_ptr<const SchemeView> scheme, FindScheme(txn, batch->slug()));
        batch->Write(context_, *scheme, txn);
        return absl::OkStatus();
      },
      [this, batch, shared_reply](const absl::Status& status, uint64_t revision) {
        if (!status.ok()) return (*shared_reply)(status);
        batch->TellRefusals(context_.observer);
        v1::BatchWriteEntriesResponse response;
        response.mutable_results()->Swap(&batch->results());
        response.set_written_count(batch->written());
        response.set_repeated_count(batch->repeated());
        response.set_refused_count(batch->refused());
        response.set_revision(static_cast<int64_t>(revision));
        (*shared_reply)(std::move(response));
      });
}

}  // namespace turnabout
