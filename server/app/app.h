// The App is everything the service can do, without a server: handlers, jobs and tests all go through it.
//
//   App app(store, ledger, clock, ids);
//   app.exchanges.LogExchange({}, request, [](absl::StatusOr<v1::LogExchangeResponse> response) { ... });
//
// Reads return at once; writes and long work take a reply that is called once, when what they did is durable.
#ifndef TURNABOUT_SERVER_APP_APP_H_
#define TURNABOUT_SERVER_APP_APP_H_

#include "server/app/books.h"
#include "server/app/exchanges.h"
#include "server/app/gate.h"
#include "server/app/journal_access.h"
#include "server/app/live_schemes.h"
#include "server/app/matches.h"
#include "server/app/members.h"
#include "server/app/pledges.h"
#include "server/app/request.h"
#include "server/app/rounds.h"
#include "server/app/schemes.h"
#include "server/app/verification.h"
#include "server/app/watches.h"
#include "server/app/workers.h"

namespace turnabout {

// Threads: safe for concurrent use.
class App {
 public:
  // REQUIRES: everything given outlives the App.
  App(Store& store, const Ledger& ledger, const Clock& clock, IdSource& ids,
      CallObserver& observer = CallObserver::Nobody())
      : context{store, ledger, clock, ids, observer},
        schemes(context),
        members(context),
        pledges(context),
        books(context),
        exchanges(context),
        matches(context, live_),
        rounds(context, workers_, live_),
        journal(context, workers_),
        watches(context),
        verification(context, workers_, journal),
        live_(context) {}

  const Context context;
  // Every call from outside goes through it; a server shuts it before it stops.
  Gate gate;
  Schemes schemes;
  Members members;
  Pledges pledges;
  Books books;
  Exchanges exchanges;
  Matches matches;
  Rounds rounds;
  JournalAccess journal;
  Watches watches;
  Verification verification;

 private:
  // Two, so that a long round does not hold up somebody who asks for suggestions. Stopped before the rest goes.
  Workers workers_{2};
  // Stopped before those, to whom it may hand on.
  LiveSchemes live_;
};

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_APP_H_
