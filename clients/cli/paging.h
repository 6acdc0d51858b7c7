// Lists that come in pages, as one list.
#ifndef TURNABOUT_CLIENTS_CLI_PAGING_H_
#define TURNABOUT_CLIENTS_CLI_PAGING_H_

#include <google/protobuf/message.h>

#include <algorithm>
#include <cstdint>

#include "absl/status/statusor.h"
#include "base/limits.h"
#include "clients/cli/api.h"

namespace turnabout::cli {

// How many rows a list answer holds: the size of its only repeated field.
inline int64_t RowCount(const google::protobuf::Message& response) {
  const google::protobuf::Descriptor& descriptor = *response.GetDescriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    if (descriptor.field(i)->is_repeated()) return response.GetReflection()->FieldSize(response, descriptor.field(i));
  }
  return 0;
}

// Reads pages until there are `limit` rows (0: until the end). The answer's next_page_token is empty at the end only.
template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> ListUpTo(Api& api,
                                  grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                  Request request, int64_t limit) {
  Response all;
  do {
    const int64_t wanted = limit == 0 ? kPageSizeMax : std::min<int64_t>(kPageSizeMax, limit - RowCount(all));
    request.set_page_size(static_cast<int32_t>(wanted));
    absl::StatusOr<Response> page = api.Call(method, request);
    if (!page.ok()) return page.status();
    all.clear_next_page_token();
    all.MergeFrom(*page);
    request.set_page_token(page->next_page_token());
  } while (!all.next_page_token().empty() && (limit == 0 || RowCount(all) < limit));
  return all;
}

}  // namespace turnabout::cli

#endif  // TURNABOUT_CLIENTS_CLI_PAGING_H_
