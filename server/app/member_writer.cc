#include "server/app/member_writer.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/app/turns.h"
#include "server/records/person.h"

namespace turnabout {
namespace {

// The id that an exclusion names, by name or by reference; empty when nobody has it.
MemberId ExcludedId(const Snapshot& snapshot, const SchemeView& scheme, const std::string& text) {
  const std::optional<ParsedName> name = ParseChildName(text, kMembers);
  if (!name.has_value()) return MemberByReference(snapshot, scheme, text);
  const absl::StatusOr<MemberId> id = MemberId::Parse(name->id);
  const bool there = id.ok() && name->slug == scheme.slug() &&
                     snapshot.Get(ResourceKey(Table::kMember, scheme.number(), id->bytes())).has_value();
  return there ? *id : MemberId();
}

}  // namespace

void Resolve(const Snapshot& snapshot, const SchemeView& scheme, const v1::Member& member, const std::string& path,
             rows::MemberRow& row, Problems& problems) {
  row.clear_has_point();
  row.clear_latitude_e6();
  row.clear_longitude_e6();
  if (!member.place().empty()) {
    const std::optional<rows::PlaceRow> place =
        LoadRow<rows::PlaceRow>(snapshot, PlaceKey(scheme.number(), absl::AsciiStrToUpper(member.place())));
    if (place.has_value()) {
      row.set_has_point(true);
      row.set_latitude_e6(place->place().latitude_microdegrees());
      row.set_longitude_e6(place->place().longitude_microdegrees());
    } else {
      problems.Add(path + "place", absl::StrCat("Name one of the scheme's places, not \"", member.place(), "\""));
    }
  }
  std::set<std::string> excluded;
  for (int i = 0; i < member.excluded_members_size(); ++i) {
    const MemberId id = ExcludedId(snapshot, scheme, member.excluded_members(i));
    if (id.empty()) {
      problems.Add(absl::StrCat(path, "excluded_members[", i, "]"), "Name a member of this scheme");
    } else {
      excluded.insert(IdToRow(id));
    }
  }
  row.clear_excluded();
  for (const std::string& each : excluded) row.add_excluded(each);
  row.mutable_member()->clear_excluded_members();
}

MemberId MemberByReference(const Snapshot& snapshot, const SchemeView& scheme, absl::string_view reference) {
  const std::optional<std::string> id = snapshot.Get(ReferenceKey(scheme.number(), reference));
  return id.has_value() ? IdFromRow<MemberId>(*id) : MemberId();
}

absl::Status CheckReferenceIsFree(const Snapshot& snapshot, const SchemeView& scheme, const MemberId& id,
                                  const v1::Member& member) {
  if (member.reference().empty()) return absl::OkStatus();
  const MemberId holder = MemberByReference(snapshot, scheme, member.reference());
  if (holder.empty() || holder == id) return absl::OkStatus();
  return Refuse(Reason::kReferenceTaken, {{"reference", member.reference()}});
}

absl::Status CheckActive(const SchemeView& scheme, const MemberId& id, const rows::MemberRow& row) {
  if (row.member().state() == v1::Member::STATE_ACTIVE) return absl::OkStatus();
  return Refuse(Reason::kMemberLeft, {{"name", NameOf(scheme.slug(), kMembers, id)}});
}

void SaveMember(const SchemeView& scheme, const MemberId& id, const rows::MemberRow* before, rows::MemberRow& row,
                Txn& txn) {
  const int64_t now = absl::ToUnixMicros(txn.now());
  if (!IsWaiting(row)) {
    row.clear_waiting_since_micros();
  } else if (row.waiting_since_micros() == 0) {
    row.set_waiting_since_micros(now);
  }
  row.set_version(row.version() + 1);
  row.set_update_micros(now);
  const std::string reference = row.member().reference();
  const std::string reference_before = before == nullptr ? "" : before->member().reference();
  if (reference != reference_before) {
    if (!reference_before.empty()) txn.Delete(ReferenceKey(scheme.number(), reference_before));
    if (!reference.empty()) txn.Put(ReferenceKey(scheme.number(), reference), id.view());
  }
  PutRow(txn, scheme, id, row);
}

void AddMember(const Context& context, const SchemeView& scheme, const MemberId& id, rows::MemberRow& row, Txn& txn) {
  row.set_create_micros(absl::ToUnixMicros(txn.now()));
  row.mutable_member()->set_state(v1::Member::STATE_ACTIVE);
  context.ledger.SetLimits(MinutesOf(scheme, id), scheme.rules.MinuteLimits(), txn);
  context.ledger.SetLimits(TurnsOf(scheme, id), {.floor = 0}, txn);
  SaveMember(scheme, id, nullptr, row, txn);
}

}  // namespace turnabout
