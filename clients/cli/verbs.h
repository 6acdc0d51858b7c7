// The verbs, one function for each group, in the order in which --help lists them.
#ifndef TURNABOUT_CLIENTS_CLI_VERBS_H_
#define TURNABOUT_CLIENTS_CLI_VERBS_H_

#include <vector>

#include "clients/cli/flags.h"

namespace turnabout::cli {

std::vector<VerbSpec> SchemeVerbs();
std::vector<VerbSpec> ImportVerbs();
std::vector<VerbSpec> MemberVerbs();
std::vector<VerbSpec> PledgeVerbs();
std::vector<VerbSpec> RoundVerbs();
std::vector<VerbSpec> MatchVerbs();
std::vector<VerbSpec> ExchangeVerbs();
std::vector<VerbSpec> LedgerVerbs();
std::vector<VerbSpec> JournalVerbs();
std::vector<VerbSpec> WatchVerbs();
std::vector<VerbSpec> ServerVerbs();
std::vector<VerbSpec> GenerateVerbs();
std::vector<VerbSpec> ClearVerbs();

}  // namespace turnabout::cli

#endif  // TURNABOUT_CLIENTS_CLI_VERBS_H_
