// The files of the demo scheme, as they were when the program was built.
#ifndef TURNABOUT_CLIENTS_DEMO_DEMO_DATA_H_
#define TURNABOUT_CLIENTS_DEMO_DEMO_DATA_H_

#include "absl/strings/string_view.h"

namespace turnabout::demo {

absl::string_view MembersCsv();
absl::string_view PlacesCsv();
absl::string_view RulesJson();

}  // namespace turnabout::demo

#endif  // TURNABOUT_CLIENTS_DEMO_DEMO_DATA_H_
