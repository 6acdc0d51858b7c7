#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "clients/cli/session.h"
#include "clients/cli/show.h"
#include "clients/cli/text.h"
#include "clients/cli/verbs.h"
#include "clients/cli/waiting.h"
#include "turnabout/v1/server_service.grpc.pb.h"

#ifndef TURNABOUT_VERSION
#define TURNABOUT_VERSION "0.0.0"
#endif

namespace turnabout::cli {
namespace {

absl::StatusOr<v1::VerifyJournalResponse> AskToVerify(Session& session) {
  const Waiting waiting(session.console(), "Verifying every block");
  return session.api().Call(&v1::ServerService::Stub::VerifyJournal, v1::VerifyJournalRequest(), kLongDeadline);
}

absl::Status Verify(Session& session) {
  ASSIGN_OR_RETURN(const v1::VerifyJournalResponse response, AskToVerify(session));
  session.Answer(response, [&] {
    session.out() << "The books are right: every hash, balance and sum agrees with the journal.\n";
    ShowFields(session.out(),
               {{"blocks", Grouped(response.block_count())},
                {"records", Grouped(response.record_count())},
                {"entries", Grouped(response.entry_count())},
                {"accounts", Grouped(response.account_count())},
                {"head hash", response.head_hash()},
                {"digest", response.digest()}},
               2);
  });
  return absl::OkStatus();
}

absl::Status ShowServer(Session& session) {
  ASSIGN_OR_RETURN(const v1::GetServerInfoResponse response,
                   session.api().Call(&v1::ServerService::Stub::GetServerInfo, v1::GetServerInfoRequest()));
  session.Answer(response, [&] {
    session.out() << "turnaboutd " << response.version() << " at " << session.api().server() << "\n";
    ShowFields(session.out(),
               {{"journal", absl::StrCat(response.journal_backend(), ", format ", response.storage_format())},
                {"revision", Grouped(response.revision())},
                {"latest block", Grouped(response.block())},
                {"its hash", response.block_hash()},
                {"signing key", response.public_key()}},
               2);
  });
  return absl::OkStatus();
}

absl::Status ShowVersion(Session& session) {
  session.out() << (session.json() ? "{\"version\": \"" TURNABOUT_VERSION "\"}\n"
                                   : "turnabout " TURNABOUT_VERSION "\n");
  return absl::OkStatus();
}

}  // namespace

std::vector<VerbSpec> ServerVerbs() {
  return {
      {.path = "verify", .summary = "Prove that the books are right.", .example = "turnabout verify", .run = Verify},
      {.path = "server info",
       .summary = "What is running, and over what.",
       .example = "turnabout server info",
       .run = ShowServer},
      {.path = "version",
       .summary = "The version of this program.",
       .example = "turnabout version",
       .run = ShowVersion},
  };
}

}  // namespace turnabout::cli
