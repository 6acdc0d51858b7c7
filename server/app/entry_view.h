// Ledger entries and accounts as the API shows them, and as it names them.
#ifndef TURNABOUT_SERVER_APP_ENTRY_VIEW_H_
#define TURNABOUT_SERVER_APP_ENTRY_VIEW_H_

#include <string>

#include "ledger/book/book.h"
#include "server/records/rows.h"
#include "turnabout/v1/ledger.pb.h"

namespace turnabout {

// With where a hold stands now, and the words written beside it.
v1::Entry ToApi(const Book& book, const Snapshot& snapshot, const SchemeView& scheme, const EntryRow& row);
// The same without those words.
v1::Entry ToApiWithoutWords(const Book& book, const Snapshot& snapshot, const SchemeView& scheme, const EntryRow& row);

v1::Account ToApi(const SchemeView& scheme, const AccountKey& key, const Account& account);
// As it was, without limits.
v1::Account ToApi(const SchemeView& scheme, const AccountKey& key, const Balances& balances);

// "Gave 1 hour 30 minutes: gardening", as `account` sees it. Names nobody.
std::string SentenceFor(const SchemeView& scheme, const AccountKey& account, const EntryRow& row);

// The account that a name of this scheme means; the second where the scheme's number is not known yet, and is 0 in the
// key. ACCOUNT_NOT_FOUND when it is no account's; whether it was ever opened is the book's to say.
absl::StatusOr<AccountKey> AccountNamed(const SchemeView& scheme, absl::string_view name);
absl::StatusOr<AccountKey> AccountNamed(absl::string_view slug, absl::string_view name);

// Keeps who wrote an entry and why beside it; nothing when both are empty.
void SaveNote(const EntryId& entry, absl::string_view actor, absl::string_view note, Txn& txn);

// The entry as it was just written.
v1::Entry WrittenEntry(const Book& book, const SchemeView& scheme, const EntryId& id, const Txn& txn);

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_ENTRY_VIEW_H_
