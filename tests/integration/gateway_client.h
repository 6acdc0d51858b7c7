// A TCP connection that says exactly what a test wants said, and reads HTTP answers. Loopback only.
#ifndef TURNABOUT_TESTS_INTEGRATION_GATEWAY_CLIENT_H_
#define TURNABOUT_TESTS_INTEGRATION_GATEWAY_CLIENT_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/strings/string_view.h"

namespace turnabout {

struct HttpReply {
  int status = 0;                             // 0: the connection ended before an answer was whole
  std::map<std::string, std::string> header;  // names in lower case
  std::string body;
};

// Not safe for concurrent use.
class HttpConnection {
 public:
  // Connects to 127.0.0.1. A wait for bytes ends after ten seconds, as if the other side had hung up.
  explicit HttpConnection(uint16_t port);
  ~HttpConnection();
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  // False when the other side has gone.
  bool Write(absl::string_view bytes);

  // Reads one answer; `has_body` is false for the answer to HEAD.
  HttpReply Read(bool has_body = true);

  // Sends a request and reads its answer. `more` is further header lines, each with its \r\n.
  HttpReply Ask(absl::string_view verb, absl::string_view target, absl::string_view more = "",
                absl::string_view body = "");

  // A POST of JSON.
  HttpReply Call(absl::string_view method, absl::string_view json, absl::string_view more = "");

  // True when the other side has closed, having sent nothing more.
  bool AtEnd();

  void Close();

 private:
  bool Fill();

  int socket_ = -1;
  std::string unread_;
};

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_INTEGRATION_GATEWAY_CLIENT_H_
