// Backups, while no server runs over them.
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "ledger/book/book.h"
#include "server/daemon/offline.h"
#include "store/audit/backup.h"
#include "store/journal/folder_journal.h"

namespace turnabout {
namespace {

// Replays everything and checks the sums.
absl::StatusOr<Verified> AuditBooks(const OfflineCall& call, const Journal& journal, int64_t& accounts) {
  Book book;
  ASSIGN_OR_RETURN(const Verified verified, Audit(journal, {&book}, call.Progress()));
  accounts = book.AccountCount();
  return verified;
}

}  // namespace

absl::Status RunBackupVerify(const OfflineCall& call) {
  ASSIGN_OR_RETURN(const std::string path, call.Argument("folder holds the backup"));
  ASSIGN_OR_RETURN(const std::unique_ptr<Journal> backup, OpenBackup(path));
  ASSIGN_OR_RETURN(const SignedHead head, ReadBackupHead(path));
  int64_t accounts = 0;
  ASSIGN_OR_RETURN(const Verified verified, AuditBooks(call, *backup, accounts));
  ShowVerified(call, absl::StrCat("The backup is whole, and its head is signed by ", BytesToHex(head.public_key), "."),
               verified, accounts);
  return absl::OkStatus();
}

absl::Status RunRestore(const OfflineCall& call) {
  ASSIGN_OR_RETURN(const std::string from, call.Required("from"));
  ASSIGN_OR_RETURN(const std::string folder, call.Required("data-dir"));
  ASSIGN_OR_RETURN(const std::unique_ptr<Journal> backup, OpenBackup(from));
  int64_t accounts = 0;
  ASSIGN_OR_RETURN(const Verified before, AuditBooks(call, *backup, accounts));
  RETURN_IF_ERROR(RestoreBackup(*backup, folder));
  ASSIGN_OR_RETURN(const std::unique_ptr<Journal> restored, OpenFolderToRead(folder));
  ASSIGN_OR_RETURN(const Verified after, AuditBooks(call, *restored, accounts));
  if (after.digest != before.digest || after.head != before.head) {
    return absl::DataLossError(absl::StrCat(folder, " does not hold what the backup holds."));
  }
  ShowVerified(call, absl::StrCat("Restored into ", folder, " and verified: it holds what the backup holds."), after,
               accounts);
  return absl::OkStatus();
}

}  // namespace turnabout
