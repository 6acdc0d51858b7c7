// A round is the same bytes whatever the journal is kept in.
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/integration/support.h"

namespace turnabout {
namespace {

// A scheme of forty over one kind of storage, and all that its rounds say.
class Scheme : public SchemeTest {
 public:
  explicit Scheme(Storage storage)
      : SchemeTest(
            "languages: 'English' languages: 'Somali' services { id: 'ward' } "
            "groups { id: 'somali' languages: 'Somali' floor_per_mille: 400 } groups { id: 'ward' services: 'ward' }",
            storage) {
    constexpr const char* kHelp[] = {"shopping", "pets", "reading"};
    for (int i = 0; i < 40; ++i) {
      const std::string name = absl::StrCat("m", i);
      Member(name, absl::StrCat("offers { category: '", kHelp[i % 3], "' settings: SETTING_PHONE } needs { category: '",
                                kHelp[(i + 1 + i / 7) % 3], "' settings: SETTING_PHONE } languages: 'English' ",
                                i % 4 == 0 ? "languages: 'Somali' " : "", "capacity: ", i % 2,
                                i % 5 == 0 ? " journeys { service: 'ward' stage: STAGE_FORMER }" : ""));
      if (i % 3 == 0) Pledge(name);
      if (i == 20) Days(3);
    }
  }

  void TestBody() override {}

  std::string Rounds() {
    std::string text;
    for (const char* choices : {"", "choices { kind: KIND_FORBID giver: $m1 receiver: $m2 }"}) {
      text += Said("RunRound", absl::StrCat("parent: $scheme seed: 11 validate_only: true ", choices));
    }
    Do("RunRound", "parent: $scheme seed: 11", "round.name", "round");
    for (const auto& [rpc, of] : {std::pair{"GetRound", "name: $round"},
                                  {"ListLeftOut", "parent: $round"},
                                  {"ListMatches", "parent: $scheme"}}) {
      const std::string said = Said(rpc, of);
      Reopen();
      EXPECT_EQ(Said(rpc, of), said);
      text += said;
    }
    return absl::StrCat(text, Digest());
  }

 private:
  std::string Said(absl::string_view rpc, absl::string_view text) { return Do(rpc, text)->DebugString(); }
};

TEST(RoundOverStores, IsTheSameInMemoryAndInRocksdb) {
  Scheme memory(Storage::kMemory);
  Scheme rocksdb(Storage::kRocksdb);
  const std::string text = memory.Rounds();
  EXPECT_NE(text.find("STATE_PROPOSED"), std::string::npos);
  EXPECT_EQ(rocksdb.Rounds(), text);
}

}  // namespace
}  // namespace turnabout
