// The only file that includes Boost: it takes most of a minute to compile. What is served is decided in connect.cc.
#include "server/edge/gateway.h"

#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/reason.h"
#include "google/rpc/status.pb.h"
#include "server/edge/connect.h"
#include "server/edge/upstream.h"

namespace turnabout {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using Parser = http::request_parser<http::string_body>;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr size_t kReadBytes = 4096;
constexpr size_t kSmallBodyBytes = 64 * 1024;
constexpr size_t kDiscardBytesMax = kRequestBytesMax;
constexpr std::chrono::seconds kDiscardTimeMax(2);
constexpr std::chrono::milliseconds kAcceptPause(100);
constexpr unsigned kHttp11 = 11;
constexpr absl::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr absl::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 22\r\n"
    "Retry-After: 1\r\nConnection: close\r\n\r\nToo many connections.\n";

class Session;

// What the gateway and its sessions share.
struct Hub {
  Hub(const GatewayOptions& given, std::shared_ptr<grpc::Channel> to) : options(given), channel(std::move(to)) {}

  const GatewayOptions options;
  const std::shared_ptr<grpc::Channel> channel;
  std::atomic<bool> draining{false};
  std::atomic<bool> stopping{false};
  std::atomic<int> large_bodies{0};
  std::mutex mutex;
  std::condition_variable changed;
  std::set<Session*> sessions;  // guarded by mutex; each removes itself when it is destroyed
};

// One of the few large bodies that may be in memory at a time; or not, when there are too many.
class LargeBodySlot {
 public:
  LargeBodySlot(Hub& hub, bool needed) : hub_(hub) {
    if (!needed) return;
    taken_ = ++hub.large_bodies <= hub.options.large_bodies_max;
    ok_ = taken_;
    if (!taken_) --hub.large_bodies;
  }
  ~LargeBodySlot() {
    if (taken_) --hub_.large_bodies;
  }
  LargeBodySlot(const LargeBodySlot&) = delete;
  LargeBodySlot& operator=(const LargeBodySlot&) = delete;

  bool ok() const { return ok_; }

 private:
  Hub& hub_;
  bool taken_ = false;
  bool ok_ = true;
};

// Field `name` of a header as we know texts.
template <typename Header, typename Name>
std::string FieldOf(const Header& header, Name name) {
  const auto value = header[name];
  return std::string(value.data(), value.size());
}

RequestHead HeadOf(const Parser& parser) {
  const auto& request = parser.get();
  RequestHead head;
  head.verb = std::string(request.method_string().data(), request.method_string().size());
  head.target = std::string(request.target().data(), request.target().size());
  head.content_type = FieldOf(request, http::field::content_type);
  head.content_encoding = FieldOf(request, http::field::content_encoding);
  head.connect_protocol_version = FieldOf(request, "Connect-Protocol-Version");
  head.connect_timeout_ms = FieldOf(request, "Connect-Timeout-Ms");
  head.authorization = FieldOf(request, http::field::authorization);
  if (parser.content_length()) head.content_length = *parser.content_length();
  return head;
}

// What is wrong with how the request is framed, or "". Beast reads past a transfer coding that it does not know, which
// would leave the body to be taken for the next request.
std::string FramingProblem(const Parser& parser) {
  const auto& request = parser.get();
  if (request.version() == kHttp11 && request.count(http::field::host) != 1) return "Host: send exactly one";
  if (request.version() != kHttp11 && request.version() != 10) return "version: speak HTTP/1.1";
  if (request.count(http::field::transfer_encoding) == 0) return "";
  const std::string coding = FieldOf(request, http::field::transfer_encoding);
  const bool chunked = request.count(http::field::transfer_encoding) == 1 && absl::EqualsIgnoreCase(coding, "chunked");
  return chunked ? "" : "Transfer-Encoding: only chunked is understood";
}

// An error for a request that is no proper HTTP, and after which nothing more can be read.
Answer BrokenAnswer(error_code error, const GatewayOptions& options) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    Answer answer = ErrorAnswer(RefuseFields({{"header", absl::StrCat("At most ", options.head_bytes_max, " bytes")}}));
    answer.http_status = 431;
    return answer;
  }
  if (error == http::error::body_limit) {
    return ErrorAnswer(Refuse(Reason::kBodyTooLarge, {{"limit", absl::StrCat(options.body_bytes_max)}}));
  }
  return ErrorAnswer(RefuseFields({{"HTTP", error.message()}}));
}

// One connection: requests one after another, as long as both sides want. Everything runs on the connection's own
// strand.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(std::shared_ptr<Hub> hub, tcp::socket socket) : hub_(std::move(hub)), stream_(std::move(socket)) {
    buffer_.max_size(hub_->options.head_bytes_max + kReadBytes);
    const std::lock_guard<std::mutex> lock(hub_->mutex);
    hub_->sessions.insert(this);
  }

  ~Session() {
    const std::lock_guard<std::mutex> lock(hub_->mutex);
    hub_->sessions.erase(this);
    hub_->changed.notify_all();
  }

  void Start() {
    asio::co_spawn(
        stream_.get_executor(), [self = shared_from_this()] { return self->Run(); },
        [self = shared_from_this()](std::exception_ptr failure) {
          if (failure != nullptr) Log(Severity::kError, "a connection ended in an exception");
        });
  }

  // From any thread: ends the connection if no request is under way.
  void CloseIfIdle() {
    asio::post(stream_.get_executor(), [self = shared_from_this()] {
      if (self->idle_) self->stream_.close();
    });
  }

  // From any thread: ends the connection, and the call that it waits for.
  void Close() {
    asio::post(stream_.get_executor(), [self = shared_from_this()] {
      self->stream_.close();
      if (self->call_ != nullptr) self->call_->Cancel();
    });
  }

 private:
  asio::awaitable<void> Run() {
    error_code ignored;
    stream_.socket().set_option(tcp::no_delay(true), ignored);
    while (co_await HasRequest()) {
      const bool again = co_await ServeOne();
      if (!again) break;
    }
    stream_.close();
  }

  void ExpireAfter(absl::Duration time) { stream_.expires_after(absl::ToChronoNanoseconds(time)); }

  // Waits for the first byte of the next request.
  asio::awaitable<bool> HasRequest() {
    if (hub_->stopping) co_return false;
    if (buffer_.size() > 0) co_return true;
    idle_ = true;
    ExpireAfter(hub_->options.idle_time_max);
    const auto space = buffer_.prepare(kReadBytes);
    const auto [error, count] = co_await stream_.async_read_some(space, kAwait);
    idle_ = false;
    buffer_.commit(count);
    co_return !error;
  }

  // Reads one request and answers it; true when another may follow.
  asio::awaitable<bool> ServeOne() {
    Parser parser;
    parser.header_limit(hub_->options.head_bytes_max);
    parser.body_limit(boost::none);
    ExpireAfter(hub_->options.head_time_max);
    const auto [error, count] = co_await http::async_read_header(stream_, buffer_, parser, kAwait);
    if (error) {
      co_await Break(error);
      co_return false;
    }
    const std::string problem = FramingProblem(parser);
    if (!problem.empty()) {
      const Answer answer = ErrorAnswer(RefuseFields({{"HTTP", problem}}));
      co_await SendAndHangUp(answer);
      co_return false;
    }
    const RequestHead head = HeadOf(parser);
    const RouteOptions options{hub_->options.body_bytes_max, hub_->options.call_time_max, !hub_->draining,
                               hub_->options.metrics};
    absl::variant<Answer, ApiCall> routed = Route(head, options);
    if (Answer* answer = absl::get_if<Answer>(&routed)) {
      if (!parser.is_done()) {
        co_await SendAndHangUp(*answer);
        co_return false;
      }
      co_return co_await Send(*answer, parser);
    }
    const ApiCall call = absl::get<ApiCall>(std::move(routed));
    const LargeBodySlot slot(*hub_, parser.chunked() || head.content_length.value_or(0) > kSmallBodyBytes);
    if (!slot.ok()) {
      const std::string limit = absl::StrCat(hub_->options.large_bodies_max);
      const Answer answer = ErrorAnswer(Refuse(Reason::kQueueFull, {{"limit", limit}}));
      co_await SendAndHangUp(answer);
      co_return false;
    }
    const bool read = co_await ReadRest(parser);
    if (!read || !stream_.socket().is_open()) co_return false;
    const Answer answer = co_await CallFor(call, parser);
    co_return co_await Send(answer, parser);
  }

  // Reads the body into `parser`, inviting it first when the caller waits for that.
  asio::awaitable<bool> ReadRest(Parser& parser) {
    if (parser.is_done()) co_return true;
    ExpireAfter(hub_->options.body_time_max);
    if (parser.get().version() == kHttp11 &&
        absl::EqualsIgnoreCase(FieldOf(parser.get(), http::field::expect), "100-continue")) {
      const auto invitation = asio::buffer(kContinue.data(), kContinue.size());
      const auto [error, count] = co_await asio::async_write(stream_, invitation, kAwait);
      if (error) co_return false;
    }
    parser.body_limit(hub_->options.body_bytes_max);
    const auto [error, count] = co_await http::async_read(stream_, buffer_, parser, kAwait);
    if (error) co_await Break(error);
    co_return !error;
  }

  asio::awaitable<Answer> CallFor(const ApiCall& call, Parser& parser) {
    absl::StatusOr<std::string> message = ReadBody(call, std::move(parser.get().body()));
    if (!message.ok()) co_return ErrorAnswer(message.status());
    UpstreamRequest request{call.path, *std::move(message), call.timeout, call.authorization};
    stream_.expires_never();
    co_await Upstream(std::move(request));
    error_code ignored;
    stream_.socket().cancel(ignored);
    const std::shared_ptr<UpstreamCall> done = std::exchange(call_, nullptr);
    if (done->status().code() != 0) co_return ErrorAnswer(done->status());
    co_return WriteBody(call, done->TakeMessage());
  }

  // Makes call_ and waits until it is over.
  asio::awaitable<void> Upstream(UpstreamRequest request) {
    const auto initiate = [this, &request](auto handler) {
      auto resume = std::make_shared<decltype(handler)>(std::move(handler));
      const auto done = [resume, executor = stream_.get_executor()](std::shared_ptr<UpstreamCall> call) {
        asio::post(executor, [resume, call = std::move(call)] { std::move (*resume)(); });
      };
      call_ = StartUpstreamCall(hub_->channel, std::move(request), done);
      CancelWhenPeerLeaves();
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(initiate, asio::use_awaitable);
  }

  // A caller that hangs up wants no answer: the call is cancelled. One that sends its next request early is let be. The
  // socket may be said to be readable when it is not.
  void CancelWhenPeerLeaves() {
    stream_.socket().async_wait(tcp::socket::wait_read, [self = shared_from_this()](error_code error) {
      if (error || self->call_ == nullptr) return;
      char peeked = 0;
      const ssize_t count = recv(self->stream_.socket().native_handle(), &peeked, 1, MSG_PEEK | MSG_DONTWAIT);
      if (count > 0) return;
      if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return self->CancelWhenPeerLeaves();
      self->call_->Cancel();
    });
  }

  // Answers what could not be read to its end, if there is anyone to answer.
  asio::awaitable<void> Break(error_code error) {
    const bool is_http = error.category() == http::make_error_code(http::error::bad_method).category();
    if (!is_http || error == http::error::end_of_stream || error == http::error::partial_message) co_return;
    const Answer answer = BrokenAnswer(error, hub_->options);
    co_await SendAndHangUp(answer);
  }

  static http::response<http::string_body> ResponseOf(const Answer& answer, unsigned version, bool keep_alive) {
    http::response<http::string_body> response;
    response.version(version);
    response.result(static_cast<unsigned>(answer.http_status));
    if (response.result() == http::status::unknown) response.reason("Error");
    response.set("X-Content-Type-Options", "nosniff");
    response.set(http::field::cache_control, "no-store");
    if (!answer.allow.empty()) response.set(http::field::allow, {answer.allow.data(), answer.allow.size()});
    if (answer.http_status != 204) {
      response.set(http::field::content_type, {answer.content_type.data(), answer.content_type.size()});
      response.content_length(answer.body.size());
    }
    if (answer.http_status == 415 || answer.http_status == 501) response.set(http::field::accept_encoding, "identity");
    response.keep_alive(keep_alive);
    return response;
  }

  // Sends the answer to a request that was read whole; true when another may follow.
  asio::awaitable<bool> Send(const Answer& answer, const Parser& parser) {
    const bool keep_alive = parser.keep_alive() && !hub_->stopping;
    http::response<http::string_body> response = ResponseOf(answer, parser.get().version(), keep_alive);
    if (parser.get().method() != http::verb::head) response.body() = answer.body;
    ExpireAfter(hub_->options.write_time_max);
    const auto [error, count] = co_await http::async_write(stream_, response, kAwait);
    co_return !error && keep_alive;
  }

  // Sends the answer to a request that was not read whole. The rest of it is thrown away for a moment: closing on
  // unread bytes would reset the connection, and the answer with it.
  asio::awaitable<void> SendAndHangUp(const Answer& answer) {
    http::response<http::string_body> response = ResponseOf(answer, kHttp11, false);
    response.body() = answer.body;
    ExpireAfter(hub_->options.write_time_max);
    const auto [error, count] = co_await http::async_write(stream_, response, kAwait);
    if (error) co_return;
    error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    stream_.expires_after(kDiscardTimeMax);
    std::vector<char> scratch(kReadBytes);
    for (size_t discarded = 0; discarded < kDiscardBytesMax;) {
      const auto [end, read] = co_await stream_.async_read_some(asio::buffer(scratch), kAwait);
      if (end) co_return;
      discarded += read;
    }
  }

  const std::shared_ptr<Hub> hub_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::shared_ptr<UpstreamCall> call_;  // while one is under way
  bool idle_ = true;                    // between requests
};

class BeastGateway : public Gateway {
 public:
  BeastGateway(const GatewayOptions& options, std::shared_ptr<grpc::Channel> channel)
      : hub_(std::make_shared<Hub>(options, std::move(channel))), work_(context_.get_executor()) {}

  ~BeastGateway() override { Stop(absl::ZeroDuration()); }

  absl::Status Listen() {
    error_code error;
    const auto address = asio::ip::make_address(hub_->options.address, error);
    if (error) return absl::InvalidArgumentError(absl::StrCat("\"", hub_->options.address, "\" is not an address"));
    const tcp::endpoint endpoint(address, hub_->options.port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) {
      return absl::UnavailableError(
          absl::StrCat("cannot listen on ", hub_->options.address, ":", hub_->options.port, ": ", error.message()));
    }
    port_ = acceptor_.local_endpoint().port();
    return absl::OkStatus();
  }

  // REQUIRES: Listen succeeded.
  void Start() {
    asio::co_spawn(acceptor_.get_executor(), Accept(), asio::detached);
    for (int i = 0; i < std::max(1, hub_->options.threads); ++i) threads_.emplace_back([this] { context_.run(); });
  }

  uint16_t port() const override { return port_; }

  void BeginDrain() override { hub_->draining = true; }

  bool Stop(absl::Duration grace) override {
    const std::lock_guard<std::mutex> stopping(stop_mutex_);
    if (threads_.empty()) return true;
    hub_->draining = true;
    hub_->stopping = true;
    asio::post(acceptor_.get_executor(), [this] {
      error_code ignored;
      acceptor_.close(ignored);
      pause_.cancel();
    });
    const auto none_left = [this] { return hub_->sessions.empty() && !accepting_; };
    ForEachSession([](Session& session) { session.CloseIfIdle(); });
    std::unique_lock<std::mutex> lock(hub_->mutex);
    const bool in_time = hub_->changed.wait_for(lock, absl::ToChronoNanoseconds(grace), none_left);
    lock.unlock();
    if (!in_time) ForEachSession([](Session& session) { session.Close(); });
    lock.lock();
    hub_->changed.wait(lock, none_left);
    lock.unlock();
    work_.reset();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    return in_time;
  }

 private:
  template <typename Action>
  void ForEachSession(Action action) {
    std::vector<std::shared_ptr<Session>> alive;
    {
      const std::lock_guard<std::mutex> lock(hub_->mutex);
      for (Session* session : hub_->sessions) {
        if (auto held = session->weak_from_this().lock()) alive.push_back(std::move(held));
      }
    }
    for (const auto& session : alive) action(*session);
  }

  bool IsFull() {
    const std::lock_guard<std::mutex> lock(hub_->mutex);
    return hub_->sessions.size() >= static_cast<size_t>(hub_->options.connections_max);
  }

  asio::awaitable<void> Accept() {
    while (!hub_->stopping) {
      tcp::socket socket(asio::make_strand(context_));
      const auto [error] = co_await acceptor_.async_accept(socket, kAwait);
      if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) break;
      if (error) {  // out of file descriptors, most likely: give it time
        pause_.expires_after(kAcceptPause);
        co_await pause_.async_wait(kAwait);
      } else if (IsFull()) {
        TurnAway(socket);
      } else {
        std::make_shared<Session>(hub_, std::move(socket))->Start();
      }
    }
    const std::lock_guard<std::mutex> lock(hub_->mutex);
    accepting_ = false;
    hub_->changed.notify_all();
  }

  // Says why, as far as that goes without waiting.
  static void TurnAway(tcp::socket& socket) {
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(kFull.data(), kFull.size()), ignored);
    socket.shutdown(tcp::socket::shutdown_send, ignored);
  }

  const std::shared_ptr<Hub> hub_;
  asio::io_context context_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  tcp::acceptor acceptor_{asio::make_strand(context_)};
  asio::steady_timer pause_{acceptor_.get_executor()};
  bool accepting_ = true;  // guarded by hub_->mutex
  uint16_t port_ = 0;
  std::mutex stop_mutex_;
  std::vector<std::thread> threads_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Gateway>> StartGateway(const GatewayOptions& options,
                                                      std::shared_ptr<grpc::Channel> channel) {
  auto gateway = std::make_unique<BeastGateway>(options, std::move(channel));
  const absl::Status listening = gateway->Listen();
  if (!listening.ok()) return listening;
  gateway->Start();
  return gateway;
}

}  // namespace turnabout
