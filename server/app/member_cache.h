// The members that one command touches: each read once, changed in place, and saved together at the end.
#ifndef TURNABOUT_SERVER_APP_MEMBER_CACHE_H_
#define TURNABOUT_SERVER_APP_MEMBER_CACHE_H_

#include <map>

#include "absl/status/statusor.h"
#include "server/app/member_writer.h"
#include "server/app/turns.h"

namespace turnabout {

// Not thread-safe. Members that were changed and not saved are forgotten.
class MemberCache {
 public:
  MemberCache(const Context& context, const SchemeView& scheme, Txn& txn)
      : context_(context), scheme_(scheme), txn_(txn) {}

  // The member's row, to be changed. MEMBER_NOT_FOUND. Valid until the cache is gone.
  absl::StatusOr<rows::MemberRow*> Find(const MemberId& id) {
    const auto at = members_.find(id);
    if (at != members_.end()) return &at->second.now;
    absl::StatusOr<rows::MemberRow> row = FindRow<rows::MemberRow>(txn_, scheme_, id);
    if (!row.ok()) return row.status();
    return &members_.emplace(id, Cached{*row, *row}).first->second.now;
  }

  // Saves every member that was found, and brings their turn accounts' floors up to date.
  void SaveAll() {
    for (auto& [id, cached] : members_) {
      SaveMember(scheme_, id, &cached.before, cached.now, txn_);
      RefreshTurnFloor(context_, scheme_, id, cached.now, txn_);
    }
  }

 private:
  struct Cached {
    rows::MemberRow before;
    rows::MemberRow now;
  };

  const Context& context_;
  const SchemeView& scheme_;
  Txn& txn_;
  std::map<MemberId, Cached> members_;
};

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_MEMBER_CACHE_H_
