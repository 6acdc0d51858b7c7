// How every write of the API runs: checked for a repeat, run by the store's writer, remembered with its answer in the
// same block as what it wrote, answered when that is durable.
#ifndef TURNABOUT_SERVER_APP_REQUEST_H_
#define TURNABOUT_SERVER_APP_REQUEST_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/status_macros.h"
#include "google/protobuf/message.h"
#include "ledger/ledger.h"
#include "server/app/call_observer.h"
#include "store/store.h"

namespace turnabout {

// What the application works with. Everything outlives it.
struct Context {
  Store& store;
  const Ledger& ledger;
  const Clock& clock;
  IdSource& ids;
  CallObserver& observer = CallObserver::Nobody();

  Layer durable() const { return Layer::kDurable; }
  const Book& book() const { return ledger.book(); }
};

// One call: until when its answer is wanted, and whether anybody still waits for it.
struct Call {
  absl::Time deadline = absl::InfiniteFuture();
  std::function<bool()> cancelled;
};

// Told once, with the answer or why there is none. From any thread; must not block.
template <typename Response>
using Reply = absl::AnyInvocable<void(absl::StatusOr<Response>)>;

// What makes a request the same as another.
struct RequestIdentity {
  bool named = false;  // has a request id; otherwise never the same as another
  std::string request_id;
  RequestKey key{};
  std::string content;  // a hash of everything that was set, and a short one of each field, to name those that differ
  const google::protobuf::Descriptor* fields = nullptr;  // of the request: what the fields are called
};

// Where a request is remembered: who names it what, for which method or message. `scheme` is where the id counts.
RequestKey RequestKeyOf(absl::string_view method, absl::string_view scheme, absl::string_view request_id);

// Reads `request_id` of `request` by reflection. `scheme` is where the id counts: two schemes may use the same.
RequestIdentity IdentityOf(const google::protobuf::Message& request, absl::string_view scheme);
// The same under an id from elsewhere. The field `unlike`, unless "", makes no difference.
RequestIdentity IdentityOf(const google::protobuf::Message& request, absl::string_view scheme, std::string request_id,
                           absl::string_view unlike);

// OK when `remembered` asked for the same; else ALREADY_EXISTS/REQUEST_ID_REUSED naming the fields that differ.
absl::Status CheckSameContent(const RequestIdentity& identity, const Remembered& remembered);

// How an answer is remembered, and found again for a request that comes once more.
template <typename Response>
struct Memory {
  std::function<std::string(const Response&)> keep = [](const Response& response) {
    return response.SerializeAsString();
  };
  std::function<void(const std::string& kept, const Txn&, Response&)> recall =
      [](const std::string& kept, const Txn&, Response& response) { response.ParseFromString(kept); };
};

// Runs `act` on the writer's thread. `Request` has `request_id` and `validate_only`, `Response` has `revision`.
template <typename Response, typename Request>
void RunWrite(const Context& context, const Call& call, absl::string_view scheme, const Request& request,
              Reply<Response> reply, std::function<absl::Status(Txn&, Response&)> act, Memory<Response> memory = {}) {
  struct Pending {
    RequestIdentity identity;
    Response response;
    Reply<Response> reply;
    std::function<absl::Status(Txn&, Response&)> act;
    Memory<Response> memory;
  };
  auto pending = std::make_shared<Pending>(
      Pending{IdentityOf(request, scheme), Response(), std::move(reply), std::move(act), std::move(memory)});
  context.store.Write(
      {.deadline = call.deadline, .dry_run = request.validate_only(), .cancelled = call.cancelled},
      [pending](Txn& txn) -> absl::Status {
        if (pending->identity.named) {
          if (const std::optional<Remembered> before = txn.FindRequest(pending->identity.key)) {
            RETURN_IF_ERROR(CheckSameContent(pending->identity, *before));
            pending->memory.recall(before->answer, txn, pending->response);
            return absl::OkStatus();
          }
        }
        const absl::Status done = pending->act(txn, pending->response);
        if (done.ok() && pending->identity.named) {
          txn.Remember(pending->identity.key, {pending->identity.content, pending->memory.keep(pending->response)});
        }
        return done;
      },
      [pending](const absl::Status& status, uint64_t revision) {
        if (!status.ok()) return pending->reply(status);
        pending->response.set_revision(static_cast<int64_t>(revision));
        pending->reply(std::move(pending->response));
      });
}

// Reads at one revision, at or after the one that `request` asks for, and says which.
template <typename Response, typename Request>
absl::StatusOr<Response> RunRead(const Context& context, const Request& request,
                                 absl::FunctionRef<absl::Status(const Snapshot&, Response&)> read) {
  Response response;
  const int64_t at_least = std::max<int64_t>(request.at_least_revision(), 0);
  const absl::Status done =
      context.store.Read(static_cast<uint64_t>(at_least), [&](const Snapshot& snapshot) -> absl::Status {
        response.set_revision(static_cast<int64_t>(snapshot.revision()));
        return read(snapshot, response);
      });
  if (!done.ok()) return done;
  return response;
}

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_REQUEST_H_
