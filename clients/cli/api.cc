#include "clients/cli/api.h"

#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "absl/strings/cord.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "base/check.h"
#include "base/reason.h"
#include "base/seed.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace turnabout::cli {
namespace {

constexpr absl::string_view kDetailsUrl = "turnabout/grpc-details";
constexpr int kMessageBytesMax = 64 << 20;

// 50 ms, 200 ms, 800 ms, and a share of chance, so that many clients do not come back together.
absl::Duration PauseBefore(int attempt, Random& random) {
  const int64_t base = int64_t{50} << (2 * (attempt - 1));
  return absl::Milliseconds(base + static_cast<int64_t>(random.Below(base / 2 + 1)));
}

void SetDeadline(grpc::ClientContext& context, absl::Duration deadline) {
  context.set_deadline(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(deadline));
}

}  // namespace

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status out(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  out.SetPayload(kDetailsUrl, absl::Cord(status.error_details()));
  return out;
}

ErrorDetails DetailsOf(const absl::Status& status) {
  ErrorDetails out;
  const absl::optional<absl::Cord> payload = status.GetPayload(kDetailsUrl);
  google::rpc::Status details;
  if (const std::optional<Refusal> refusal = RefusalOf(status); refusal.has_value()) {
    out.reason = std::string(InfoOf(refusal->reason).name);
    out.facts = refusal->facts;
    for (const FieldProblem& field : refusal->fields) out.fields.emplace_back(field.field, field.description);
    return out;
  }
  if (!payload.has_value() || !details.ParseFromString(std::string(*payload))) return out;
  for (const google::protobuf::Any& any : details.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest bad;
    if (any.UnpackTo(&info)) {
      out.reason = info.reason();
      for (const auto& [key, value] : info.metadata()) out.facts.emplace_back(key, value);
      std::sort(out.facts.begin(), out.facts.end());
    } else if (any.UnpackTo(&bad)) {
      for (const auto& field : bad.field_violations()) out.fields.emplace_back(field.field(), field.description());
    }
  }
  return out;
}

Api::Api(ApiOptions options) : options_(std::move(options)) {
  TURNABOUT_CHECK(options_.channels >= 1);
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMessageBytesMax);
  arguments.SetUserAgentPrefix("turnabout-cli");
  for (int i = 0; i < options_.channels; ++i) {
    // Channels with the same arguments would share one connection.
    arguments.SetInt("turnabout.channel", i);
    channels_.push_back(grpc::CreateCustomChannel(options_.server, grpc::InsecureChannelCredentials(), arguments));
  }
}

absl::Duration Api::DeadlineFor(bool writes, absl::Duration asked) const {
  if (options_.timeout > absl::ZeroDuration()) return options_.timeout;
  if (asked > absl::ZeroDuration()) return asked;
  return writes ? kWriteDeadline : kReadDeadline;
}

bool Api::SetRequestId(google::protobuf::Message& request) const {
  const google::protobuf::FieldDescriptor* field = request.GetDescriptor()->FindFieldByName("request_id");
  if (field == nullptr) return false;
  const google::protobuf::Reflection& reflection = *request.GetReflection();
  if (reflection.GetString(request, field).empty()) {
    reflection.SetString(&request, field, options_.request_id.empty() ? DrawRequestId() : options_.request_id);
  }
  return true;
}

absl::Status Api::Retry(absl::Duration deadline, const std::function<grpc::Status(grpc::ClientContext&)>& once) const {
  Random random(SeedFromSystem());
  for (int attempt = 1;; ++attempt) {
    grpc::ClientContext context;
    SetDeadline(context, deadline);
    const grpc::Status status = once(context);
    if (status.error_code() != grpc::StatusCode::UNAVAILABLE || attempt == kAttemptsMax) return FromGrpc(status);
    absl::SleepFor(PauseBefore(attempt, random));
  }
}

void Api::FanOut(size_t count, int in_flight, const StartCall& start, const CallEnded& ended) const {
  struct One {
    std::unique_ptr<grpc::ClientContext> context;
    int attempts = 0;
  };
  std::vector<One> calls(count);
  std::vector<size_t> again;  // guarded by mutex
  std::mutex mutex;
  std::condition_variable changed;
  size_t waiting = 0, left = count, next = 0;
  const auto on_end = [&](size_t i, const grpc::Status& status) {
    const std::lock_guard<std::mutex> lock(mutex);
    --waiting;
    if (status.error_code() == grpc::StatusCode::UNAVAILABLE && calls[i].attempts < kAttemptsMax) {
      again.push_back(i);
    } else {
      ended(i, FromGrpc(status));
      --left;
    }
    changed.notify_one();
  };
  Random random(SeedFromSystem());
  std::unique_lock<std::mutex> lock(mutex);
  while (left > 0) {
    changed.wait(lock, [&] {
      return left == 0 || (waiting < static_cast<size_t>(in_flight) && (next < count || !again.empty()));
    });
    if (left == 0) break;
    const size_t i = again.empty() ? next++ : again.back();
    if (!again.empty()) again.pop_back();
    One& call = calls[i];
    const int before = call.attempts++;
    ++waiting;
    lock.unlock();
    if (before > 0) absl::SleepFor(PauseBefore(before, random));
    call.context = std::make_unique<grpc::ClientContext>();
    SetDeadline(*call.context, DeadlineFor(true, absl::ZeroDuration()));
    start(i, call.context.get(), [&on_end, i](const grpc::Status& status) { on_end(i, status); });
    lock.lock();
  }
}

std::string DrawRequestId() {
  Random random(SeedFromSystem());
  const uint64_t high = random.Next();
  const uint64_t low = SeedFromSystem().value;
  return absl::StrFormat("%08x-%04x-4%03x-%04x-%012x", high >> 32, (high >> 16) & 0xFFFF, high & 0xFFF,
                         0x8000 | (low >> 48 & 0x3FFF), low & 0xFFFFFFFFFFFF);
}

namespace {

std::string JsonOf(const google::protobuf::Message& message, bool line_breaks) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = line_breaks;
  std::string out;
  TURNABOUT_CHECK(google::protobuf::util::MessageToJsonString(message, &out, options).ok());
  return out;
}

}  // namespace

std::string ToJson(const google::protobuf::Message& message) { return JsonOf(message, true); }

std::string ToJsonLine(const google::protobuf::Message& message) { return JsonOf(message, false); }

}  // namespace turnabout::cli
