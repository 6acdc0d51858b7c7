#include "tests/integration/gateway_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/check.h"

namespace turnabout {
namespace {

constexpr int kPatienceSeconds = 10;

}  // namespace

HttpConnection::HttpConnection(uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
  TURNABOUT_CHECK(socket_ >= 0);
  const timeval patience{kPatienceSeconds, 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) Close();
}

HttpConnection::~HttpConnection() { Close(); }

void HttpConnection::Close() {
  if (socket_ >= 0) close(socket_);
  socket_ = -1;
}

bool HttpConnection::Write(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(sent);
  }
  return true;
}

bool HttpConnection::Fill() {
  char chunk[16384];
  const ssize_t received = recv(socket_, chunk, sizeof(chunk), 0);
  if (received <= 0) return false;
  unread_.append(chunk, received);
  return true;
}

HttpReply HttpConnection::Read(bool has_body) {
  size_t end = 0;
  while ((end = unread_.find("\r\n\r\n")) == std::string::npos) {
    if (!Fill()) return {};
  }
  const std::vector<std::string> lines = absl::StrSplit(unread_.substr(0, end), "\r\n");
  unread_.erase(0, end + 4);
  HttpReply reply;
  const std::vector<std::string> first = absl::StrSplit(lines[0], ' ');
  if (first.size() < 2 || !absl::SimpleAtoi(first[1], &reply.status)) return {};
  for (size_t i = 1; i < lines.size(); ++i) {
    const std::pair<std::string, std::string> field = absl::StrSplit(lines[i], absl::MaxSplits(':', 1));
    reply.header[absl::AsciiStrToLower(field.first)] = std::string(absl::StripAsciiWhitespace(field.second));
  }
  size_t length = 0;
  if (has_body && reply.header.count("content-length") > 0 &&
      !absl::SimpleAtoi(reply.header["content-length"], &length)) {
    return {};
  }
  while (unread_.size() < length) {
    if (!Fill()) return {};
  }
  reply.body = unread_.substr(0, length);
  unread_.erase(0, length);
  return reply;
}

HttpReply HttpConnection::Ask(absl::string_view verb, absl::string_view target, absl::string_view more,
                              absl::string_view body) {
  const std::string length = body.empty() ? "" : absl::StrCat("Content-Length: ", body.size(), "\r\n");
  const std::string head = absl::StrCat(verb, " ", target, " HTTP/1.1\r\nHost: localhost\r\n", length, more, "\r\n");
  if (!Write(absl::StrCat(head, body))) return {};
  return Read(verb != "HEAD");
}

HttpReply HttpConnection::Call(absl::string_view method, absl::string_view json, absl::string_view more) {
  return Ask("POST", absl::StrCat("/turnabout.v1.", method), absl::StrCat("Content-Type: application/json\r\n", more),
             json);
}

bool HttpConnection::AtEnd() {
  if (!unread_.empty()) return false;
  char byte = 0;
  return recv(socket_, &byte, 1, 0) == 0;
}

}  // namespace turnabout
