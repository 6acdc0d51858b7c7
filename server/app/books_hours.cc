// How much help there was, in parts.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "base/status_macros.h"
#include "server/app/actor.h"
#include "server/app/books.h"
#include "server/app/books_suppression.h"
#include "server/app/pages.h"
#include "server/app/problems.h"
#include "server/records/dates.h"
#include "server/records/rows.h"

namespace turnabout {
namespace {

using Request = v1::SummariseHoursRequest;

// The days that a report covers.
struct Days {
  int32_t begin = INT32_MIN;
  int32_t end = INT32_MAX;
  bool Holds(int32_t day) const { return day >= begin && day < end; }
};

// Help that took place: posted, and not undone since.
bool IsHelp(const EntryRow& row) {
  const Entry& entry = row.entry;
  return entry.unit == Unit::kMinutes && entry.state == EntryState::kPosted && row.reversal.empty() &&
         (entry.kind == EntryKind::kExchange || entry.kind == EntryKind::kActivity);
}

// Puts each entry into its part. The parts are in the order in which they are shown, by keys that are never empty.
class Report {
 public:
  Report(const Snapshot& snapshot, const SchemeView& scheme, Request::GroupBy group_by)
      : snapshot_(snapshot), scheme_(scheme), group_by_(group_by) {}

  void Add(const Entry& entry) {
    const v1::HoursCell names = NamesOf(entry);
    auto [at, is_new] = parts_.try_emplace(OrderOf(entry, names));
    if (is_new) at->second.names = names;
    for (HoursPart* part : {&at->second.part, &total_}) {
      part->minutes += entry.amount;
      ++part->entries;
      for (const OwnerId& owner : {entry.from, entry.to}) {
        if (!IsSchemeOwner(owner)) part->people.insert(owner);
      }
    }
  }

  void Suppress() {
    std::vector<HoursPart*> parts;
    for (auto& [key, each] : parts_) parts.push_back(&each.part);
    total_.suppressed = SuppressSmall(parts);
  }

  // One page of the parts, with the total.
  void Show(const Page& page, const std::string& arguments, v1::SummariseHoursResponse& response) const {
    auto at = page.after.empty() ? parts_.begin() : parts_.upper_bound(page.after);
    for (; at != parts_.end() && response.cells_size() < page.size; ++at) {
      v1::HoursCell& cell = *response.add_cells() = at->second.names;
      Fill(at->second.part, cell);
    }
    if (at != parts_.end()) response.set_next_page_token(PageToken(std::prev(at)->first, arguments));
    Fill(total_, *response.mutable_total());
  }

 private:
  struct Named {
    v1::HoursCell names;
    HoursPart part;
  };

  static void Fill(const HoursPart& part, v1::HoursCell& cell) {
    cell.set_suppressed(part.suppressed);
    if (part.suppressed) return;
    cell.set_minutes(part.minutes);
    cell.set_entry_count(part.entries);
    cell.set_people_count(static_cast<int64_t>(part.people.size()));
  }

  std::string MemberName(const OwnerId& owner) const {
    return IsSchemeOwner(owner) ? "" : ChildName(scheme_.slug(), kMembers, IdBytesToText(owner));
  }

  const std::string& PlaceOf(const OwnerId& owner) {
    const auto [at, is_new] = places_.try_emplace(owner);
    if (is_new && !IsSchemeOwner(owner)) {
      const auto row = LoadRow<rows::MemberRow>(snapshot_, ResourceKey(Table::kMember, scheme_.number(), owner));
      if (row.has_value()) at->second = row->member().place();
    }
    return at->second;
  }

  v1::HoursCell NamesOf(const Entry& entry) {
    v1::HoursCell names;
    const auto& categories = scheme_.rules.proto().categories();
    switch (group_by_) {
      case Request::GROUP_BY_CATEGORY:
        if (entry.category > 0 && entry.category <= categories.size()) {
          names.set_key(categories[entry.category - 1].id());
        }
        break;
      case Request::GROUP_BY_PAIR:
        names.set_giver(MemberName(entry.to));
        names.set_receiver(MemberName(entry.from));
        break;
      case Request::GROUP_BY_GIVER_PLACE:
        names.set_key(PlaceOf(entry.to));
        break;
      case Request::GROUP_BY_RECEIVER_PLACE:
        names.set_key(PlaceOf(entry.from));
        break;
      default:
        names.set_key(FormatDayNumber(entry.happened_on).substr(0, 7));
    }
    return names;
  }

  std::string OrderOf(const Entry& entry, const v1::HoursCell& names) const {
    if (group_by_ == Request::GROUP_BY_PAIR) return absl::StrCat(names.giver(), "|", names.receiver());
    if (group_by_ != Request::GROUP_BY_CATEGORY) return absl::StrCat("|", names.key());
    return absl::StrFormat("%05d", names.key().empty() ? 0 : entry.category);
  }

  const Snapshot& snapshot_;
  const SchemeView& scheme_;
  const Request::GroupBy group_by_;
  std::map<std::string, Named> parts_;
  HoursPart total_;
  absl::flat_hash_map<OwnerId, std::string> places_;
};

// The days that the request asks for; what is wrong with the request goes to `problems`.
Days CheckRequest(const Request& request, const std::string& slug, Problems& problems) {
  if (request.group_by() <= Request::GROUP_BY_UNSPECIFIED || request.group_by() > Request::GROUP_BY_MONTH) {
    problems.Add("group_by", "Name CATEGORY, PAIR, GIVER_PLACE, RECEIVER_PLACE or MONTH");
  }
  if (request.group_by() == Request::GROUP_BY_PAIR && !request.show_small_counts()) {
    problems.Add("group_by", "A pair is always too few people: ask with show_small_counts");
  }
  const Actor actor = ReadActor("actor", request.actor(), slug, request.show_small_counts(), problems);
  if (request.show_small_counts() && !actor.member.empty()) {
    problems.Add("actor", "Enter coordinators/ and a name: small counts are for a coordinator");
  }
  Days days;
  if (const auto start = problems.CheckDate("start_date", request.start_date(), false)) days.begin = DayNumber(*start);
  if (const auto end = problems.CheckDate("end_date", request.end_date(), false)) days.end = DayNumber(*end);
  return days;
}

// Whatever has to be the same for every page.
std::string ArgumentsOf(const Request& request) {
  return absl::StrCat("SummariseHours|", request.parent(), "|", static_cast<int>(request.group_by()), "|",
                      request.start_date(), "|", request.end_date(), "|", request.show_small_counts() ? "all" : "");
}

}  // namespace

absl::StatusOr<v1::SummariseHoursResponse> Books::SummariseHours(const v1::SummariseHoursRequest& request) const {
  Problems problems;
  const std::string slug = problems.CheckScheme("parent", request.parent());
  const Days days = CheckRequest(request, slug, problems);
  RETURN_IF_ERROR(problems.ToStatus());
  return RunRead<v1::SummariseHoursResponse>(
      context_, request, [&](const Snapshot& snapshot, v1::SummariseHoursResponse& response) -> absl::Status {
        ASSIGN_OR_RETURN(const std::shared_ptr<const SchemeView> scheme, FindScheme(snapshot, slug));
        const std::string arguments = ArgumentsOf(request);
        ASSIGN_OR_RETURN(const Page page, ReadPage(request.page_size(), request.page_token(), arguments));
        Report report(snapshot, *scheme, request.group_by());
        context_.book().VisitEntries(scheme->number(), 1, [&](const EntryRow& row) {
          if (IsHelp(row) && days.Holds(row.entry.happened_on)) report.Add(row.entry);
          return true;
        });
        if (!request.show_small_counts()) report.Suppress();
        report.Show(page, arguments, response);
        return absl::OkStatus();
      });
}

}  // namespace turnabout
