#include "server/app/pages.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/reason.h"
#include "base/seed.h"

namespace turnabout {
namespace {

constexpr absl::string_view kArguments = "ListMembers\nschemes/leith\nstate = active";

bool Refused(absl::string_view token, absl::string_view arguments = kArguments) {
  return IsRefusedFor(ReadPage(0, token, arguments).status(), Reason::kBadPageToken);
}

std::string Bytes(absl::string_view token) {
  std::string bytes;
  EXPECT_TRUE(absl::WebSafeBase64Unescape(token, &bytes));
  return bytes;
}

TEST(ReadPage, SizesArePutWithinLimits) {
  const std::pair<int32_t, int> cases[] = {
      {0, kPageSizeDefault},
      {1, 1},
      {7, 7},
      {kPageSizeMax, kPageSizeMax},
      {kPageSizeMax + 1, kPageSizeMax},
      {std::numeric_limits<int32_t>::max(), kPageSizeMax},
  };
  for (const auto& [given, expected] : cases) {
    const absl::StatusOr<Page> page = ReadPage(given, "", kArguments);
    ASSERT_TRUE(page.ok()) << given;
    EXPECT_EQ(page->size, expected) << given;
    EXPECT_EQ(page->after, "");
  }
}

TEST(ReadPage, ANegativeSizeIsABadFieldWhateverTheToken) {
  for (const int32_t size : {-1, std::numeric_limits<int32_t>::min()}) {
    for (const std::string& token : {std::string(), std::string("?"), PageToken("key", kArguments)}) {
      const std::optional<Refusal> refusal = RefusalOf(ReadPage(size, token, kArguments).status());
      ASSERT_TRUE(refusal.has_value());
      EXPECT_EQ(refusal->reason, Reason::kBadFields);
      ASSERT_EQ(refusal->fields.size(), 1u);
      EXPECT_EQ(refusal->fields[0].field, "page_size");
      EXPECT_EQ(refusal->fields[0].description, "Enter a number from 0 to 1000");
    }
  }
}

TEST(PageToken, GivesTheKeyBack) {
  std::string every;
  for (int c = 0; c < 256; ++c) every.push_back(static_cast<char>(c));
  for (const std::string& last : {std::string("k"), std::string("\0", 1), std::string("\xff\xff"), every,
                                  std::string(kPageKeyLengthMax, 'k'), std::string("schemes/leith/members/01jd")}) {
    for (const absl::string_view arguments : {absl::string_view(), kArguments}) {
      const std::string token = PageToken(last, arguments);
      EXPECT_LE(token.size(), kPageTokenLengthMax);
      for (const char c : token) EXPECT_TRUE(absl::ascii_isalnum(c) || c == '-' || c == '_') << c;
      const absl::StatusOr<Page> page = ReadPage(20, token, arguments);
      ASSERT_TRUE(page.ok()) << page.status();
      EXPECT_EQ(page->size, 20);
      EXPECT_EQ(page->after, last);
    }
  }
}

TEST(PageToken, IsTheSameForEver) {
  // A token handed out by an earlier release still works. Change this only together with the version byte.
  EXPECT_EQ(PageToken("01jd3v9k6t0000000000000000", "ListMembers\nschemes/leith\n"),
            "ARuJnXoNh-TYMDFqZDN2OWs2dDAwMDAwMDAwMDAwMDAwMDA");
}

TEST(PageToken, BelongsToItsArguments) {
  const std::string token = PageToken("key", kArguments);
  EXPECT_FALSE(Refused(token));
  for (const absl::string_view other :
       {"", "ListMembers\nschemes/leith\n", "ListMembers\nschemes/leith\nstate = activ",
        "ListMembers\nschemes/leith\nstate = active ", "ListMatches\nschemes/leith\nstate = active"}) {
    EXPECT_TRUE(Refused(token, other)) << other;
  }
  // No byte moves from the arguments to the key.
  const std::string bytes = Bytes(PageToken("c", "ab"));
  EXPECT_TRUE(Refused(absl::WebSafeBase64Escape(bytes.substr(0, kPageTokenOverhead) + "bc"), "a"));
  EXPECT_NE(Bytes(PageToken("bc", "a")).substr(0, kPageTokenOverhead), bytes.substr(0, kPageTokenOverhead));
}

TEST(ReadPage, RefusesATokenWithAnyByteChanged) {
  const std::string bytes = Bytes(PageToken("a key", kArguments));
  for (size_t i = 0; i < bytes.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = bytes;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      EXPECT_TRUE(Refused(absl::WebSafeBase64Escape(changed))) << i << " bit " << bit;
    }
  }
  for (size_t length = 1; length < bytes.size(); ++length) {  // no bytes at all would be the first page
    EXPECT_TRUE(Refused(absl::WebSafeBase64Escape(bytes.substr(0, length)))) << length;
  }
  EXPECT_TRUE(Refused(absl::WebSafeBase64Escape(bytes + "x")));
}

TEST(ReadPage, RefusesOtherSpellingsOfAToken) {
  // "ab" makes 11 bytes, so base64 has two bits to spare and would take a "=".
  const std::string token = PageToken("ab", kArguments);
  ASSERT_FALSE(Refused(token));
  for (const std::string& other : {token + "=", token + "==", " " + token, token + " ", token + "\n", token + "A",
                                   token.substr(0, 5) + "\n" + token.substr(5), token.substr(1)}) {
    EXPECT_TRUE(Refused(other)) << other;
  }
  std::string spare = token;
  for (const char c : absl::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")) {
    spare.back() = c;
    EXPECT_EQ(Refused(spare), spare != token) << c;
  }
}

TEST(ReadPage, RefusesWhatIsNoToken) {
  for (const std::string& token :
       {std::string("1"), std::string("?"), std::string("AQ"), std::string("AAAAAAAAAAAA"), std::string("null"),
        std::string("\0", 1), std::string("a+b/"), std::string(kPageTokenLengthMax, 'A'),
        std::string(kPageTokenLengthMax + 1, 'A'), std::string(1'000'000, 'A')}) {
    EXPECT_TRUE(Refused(token)) << token.substr(0, 20);
  }
  EXPECT_EQ(ReadPage(0, "?", "").status().code(), absl::StatusCode::kInvalidArgument);
  Random random(Seed{8713});
  for (int i = 0; i < 10'000; ++i) {
    std::string bytes("\x01");
    const uint64_t length = random.Below(40);
    for (uint64_t j = 0; j < length; ++j) bytes.push_back(static_cast<char>(random.Below(256)));
    EXPECT_TRUE(Refused(absl::WebSafeBase64Escape(bytes))) << absl::CHexEscape(bytes);
  }
}

TEST(PageTokenDeathTest, NeedsAKeyThatFits) {
  EXPECT_DEATH(PageToken("", kArguments), "last");
  EXPECT_DEATH(PageToken(std::string(kPageKeyLengthMax + 1, 'k'), kArguments), "last");
}

// A page of `all`, and the token for the next; "" at the end.
std::string TakePage(const std::set<std::string>& all, absl::string_view token, std::vector<std::string>& taken) {
  const absl::StatusOr<Page> page = ReadPage(3, token, kArguments);
  EXPECT_TRUE(page.ok()) << page.status();
  if (!page.ok()) return "";
  auto next = all.upper_bound(page->after);
  for (int i = 0; i < page->size && next != all.end(); ++i, ++next) taken.push_back(*next);
  return next == all.end() ? "" : PageToken(taken.back(), kArguments);
}

TEST(Pages, WalkAListThatGrowsWithoutRepeatsOrGaps) {
  std::set<std::string> all;
  for (char c = 'b'; c <= 'k'; ++c) all.insert(std::string(1, c));
  const std::vector<std::string> older(all.begin(), all.end());
  std::vector<std::string> taken;
  std::string token = TakePage(all, "", taken);
  all.insert("a");  // before what was given
  all.erase("d");   // the very item the token names
  while (!token.empty()) token = TakePage(all, token, taken);
  EXPECT_EQ(taken, older);
}

}  // namespace
}  // namespace turnabout
