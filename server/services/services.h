// Every service of turnabout.v1 over an App.
#ifndef TURNABOUT_SERVER_SERVICES_SERVICES_H_
#define TURNABOUT_SERVER_SERVICES_SERVICES_H_

#include <memory>
#include <string>
#include <vector>

#include "server/app/app.h"

namespace grpc {
class Service;
}

namespace turnabout {

// One object for each service. REQUIRES: `app` outlives them, and they outlive the server they are registered with.
std::vector<std::unique_ptr<grpc::Service>> NewServices(App& app);

// Their full names: "turnabout.v1.SchemeService".
std::vector<std::string> ServiceNames();

// The names of their rpcs: "CreateScheme".
std::vector<std::string> MethodNames();

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_SERVICES_SERVICES_H_
