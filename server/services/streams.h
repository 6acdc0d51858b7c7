// The rpcs that stream. As serve.h, nothing here waits: what the application has for a caller is sent when the caller
// has taken what came before it.
#ifndef TURNABOUT_SERVER_SERVICES_STREAMS_H_
#define TURNABOUT_SERVER_SERVICES_STREAMS_H_

#include "server/app/app.h"
#include "turnabout/v1/journal_service.pb.h"
#include "turnabout/v1/ledger_service.pb.h"

namespace grpc {
template <class Request, class Response>
class ServerBidiReactor;
template <class Response>
class ServerWriteReactor;
}  // namespace grpc

namespace turnabout {

// Each owns itself until the call is done. REQUIRES: `app` outlives the server that the call came to.
grpc::ServerBidiReactor<v1::WriteEntriesRequest, v1::WriteEntriesResponse>* ServeWriteEntries(App& app);
grpc::ServerWriteReactor<v1::WatchJournalResponse>* ServeWatchJournal(App& app, const v1::WatchJournalRequest& request);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_SERVICES_STREAMS_H_
