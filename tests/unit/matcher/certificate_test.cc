#include "matcher/certificate.h"

#include <gtest/gtest.h>

#include "base/seed.h"

namespace turnabout {
namespace {

TEST(Certificate, PricesReadBackToThemselves) {
  Random random(Seed{1});
  std::vector<__int128> prices = {0, 1, -1, 63, 64, -64, -65};
  for (int i = 0; i < 10'000; ++i) {
    const __int128 wide = static_cast<__int128>(random.Next()) << 64 | random.Next();
    prices.push_back(wide >> random.Below(127));
  }
  prices.push_back(static_cast<__int128>(1) << 126);
  prices.push_back(-(static_cast<__int128>(1) << 126) * 2);
  std::string text;
  for (const __int128 price : prices) PutPrice(text, price);
  absl::string_view rest = text;
  for (const __int128 price : prices) {
    __int128 read = 0;
    ASSERT_TRUE(TakePrice(rest, read));
    ASSERT_TRUE(read == price);
  }
  EXPECT_TRUE(rest.empty());
}

TEST(Certificate, SmallPricesAreShort) {
  std::string text;
  PutPrice(text, -3);
  EXPECT_EQ(text, "\x05");
}

TEST(Certificate, RefusesWhatIsCutShortTooLongOrNotTheShortestForm) {
  for (const std::string& text : {std::string(), std::string("\x80"), std::string("\x80\x00", 2),
                                  std::string(19, '\xff'), std::string(18, '\xff') + "\x04", std::string(30, '\x80')}) {
    absl::string_view rest = text;
    __int128 price = 0;
    EXPECT_FALSE(TakePrice(rest, price));
  }
}

}  // namespace
}  // namespace turnabout
