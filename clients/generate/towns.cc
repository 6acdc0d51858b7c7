#include "clients/generate/towns.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace turnabout::generate {
namespace {

// A box about the size of Great Britain, in millionths of a degree.
constexpr int64_t kSouth = 50'500'000, kNorth = 56'000'000, kWest = -4'500'000, kEast = 400'000;
constexpr int64_t kMicrodegreesPerKm = 9'000;       // north
constexpr int64_t kMicrodegreesPerKmEast = 14'700;  // east, in the middle of the box
constexpr int kCitiesMax = 42;

// Roughly Gaussian around zero, in whole units: the sum of four even draws, with a standard deviation of `spread`.
int64_t Around(int64_t spread, Random& random) {
  int64_t sum = 0;
  for (int i = 0; i < 4; ++i) sum += random.Between(-spread * 866 / 1000, spread * 866 / 1000);
  return sum;
}

struct Centre {
  int64_t latitude, longitude;
};

Centre SomewhereInTheBox(Random& random) { return {random.Between(kSouth, kNorth), random.Between(kWest, kEast)}; }

Settlement MakeSettlement(const std::string& code, const std::string& name, Centre centre, int64_t spread_km,
                          uint64_t people, Random& random) {
  Settlement settlement;
  settlement.place.set_code(code);
  settlement.place.set_display_name(name);
  settlement.place.set_latitude_microdegrees(
      static_cast<int32_t>(centre.latitude + Around(spread_km * kMicrodegreesPerKm, random)));
  settlement.place.set_longitude_microdegrees(
      static_cast<int32_t>(centre.longitude + Around(spread_km * kMicrodegreesPerKmEast, random)));
  settlement.people = people;
  return settlement;
}

}  // namespace

std::vector<Settlement> MakeSettlements(int people, Random& random) {
  const int count = std::clamp(people / 40, 12, 3000);
  const int cities = std::clamp(people / 3000, 1, kCitiesMax);
  const int city_places = count * 7 / 10, town_places = count * 2 / 10;
  std::vector<Settlement> out;
  std::vector<Centre> centres;
  double shares = 0;
  for (int i = 0; i < cities; ++i) {
    centres.push_back(SomewhereInTheBox(random));
    shares += 1.0 / (i + 1);
  }
  // Of a million: 800,000 in cities, 120,000 in towns, 80,000 in the country.
  for (int city = 0; city < cities; ++city) {
    const int places = std::max(1, static_cast<int>(city_places / (shares * (city + 1))));
    const auto each = static_cast<uint64_t>(800'000 / (shares * (city + 1)) / places);
    for (int i = 0; i < places; ++i) {
      out.push_back(MakeSettlement(absl::StrFormat("C%02d-%d", city + 1, i + 1),
                                   absl::StrCat("City ", city + 1, ", quarter ", i + 1), centres[city], 4, each,
                                   random));
    }
  }
  for (int i = 0; i < town_places; ++i) {
    const Centre near = cities == 1 ? centres[0] : SomewhereInTheBox(random);
    out.push_back(MakeSettlement(absl::StrCat("T", i + 1), absl::StrCat("Town ", i + 1), near, cities == 1 ? 15 : 2,
                                 120'000 / town_places, random));
  }
  const int villages = std::max(1, count - city_places - town_places);
  for (int i = 0; i < villages; ++i) {
    const Centre near = cities == 1 ? centres[0] : SomewhereInTheBox(random);
    out.push_back(MakeSettlement(absl::StrCat("V", i + 1), absl::StrCat("Village ", i + 1), near, cities == 1 ? 25 : 1,
                                 80'000 / villages, random));
  }
  return out;
}

}  // namespace turnabout::generate
