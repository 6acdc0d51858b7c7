#include "server/app/recruit_report.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "matcher/explain/recruit.h"
#include "server/app/books_suppression.h"

namespace turnabout {

absl::Status FillRecruitments(const SchemePool& pool, const Pool& left, const Round& found, Seed seed,
                              const Progress& progress, v1::Round& round) {
  const RecruitOptions options{.suited_least = static_cast<int64_t>(kPeopleMin)};
  ASSIGN_OR_RETURN(const std::vector<Recruit> recruits,
                   FindRecruits(left, pool.settings, seed, found, options, progress));
  const v1::RuleSet& rules = pool.scheme->rules.proto();
  for (const Recruit& recruit : recruits) {
    const v1::RuleSet::Category& category = rules.categories(recruit.category);
    v1::Recruitment& api = *round.add_recruitments();
    api.set_category(category.id());
    api.set_language(rules.languages(recruit.language));
    api.set_capacity(options.capacity);
    api.set_suited_count(recruit.suited);
    api.set_more_served_count(recruit.more_served);
    std::string where = "by phone or online";
    if (!recruit.remote) {
      api.set_place(pool.place_codes.at({recruit.place.latitude_e6, recruit.place.longitude_e6}));
      where = absl::StrCat("in ", api.place());
    }
    api.set_sentence(absl::StrCat("One more giver ", where, " who speaks ", api.language(), ", can help with ",
                                  category.display_name(), " and has room for ", options.capacity, " people would let ",
                                  recruit.more_served, " more ", recruit.more_served == 1 ? "person" : "people",
                                  " have a buddy."));
  }
  return absl::OkStatus();
}

}  // namespace turnabout
