#include "store/projection/requests.h"

#include <gtest/gtest.h>

#include <string>

#include "base/reason.h"
#include "tests/support/status.h"

namespace turnabout {
namespace {

RequestKey KeyOf(uint8_t number) {
  RequestKey key{};
  key[0] = number;
  return key;
}

absl::Status Stage(Requests& requests, const RequestKey& key, const Remembered& remembered) {
  return requests.Stage({1, RecordKind::kRequest, EncodeRequest(key, remembered)});
}

// Bytes on disk: if this test fails, the code is wrong, not the bytes.
TEST(Requests, HaveTheBytesThatTheDrawingSays) {
  EXPECT_EQ(EncodeRequest(KeyOf(0xab), {"content", "answer"}),
            "\xab" + std::string(15, '\0') + std::string("\x07\0\0\0", 4) + "contentanswer");
}

TEST(Requests, RemembersContentAndAnswerApart) {
  Requests requests;
  const std::string content("\0c", 2), answer("\xff\0", 2);
  ASSERT_TRUE(IsOk(Stage(requests, KeyOf(1), {content, answer})));
  ASSERT_TRUE(IsOk(Stage(requests, KeyOf(2), {"", ""})));
  const std::optional<Remembered> found = requests.Find(KeyOf(1), Layer::kWorking);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->content, content);
  EXPECT_EQ(found->answer, answer);
  EXPECT_TRUE(requests.Find(KeyOf(2), Layer::kWorking).has_value());
  EXPECT_FALSE(requests.Find(KeyOf(3), Layer::kWorking).has_value());
  EXPECT_FALSE(requests.Find(KeyOf(1), Layer::kDurable).has_value());
}

TEST(Requests, ForgetsWhatWasDroppedOrDiscarded) {
  Requests requests;
  ASSERT_TRUE(IsOk(Stage(requests, KeyOf(1), {"c", "a"})));
  requests.Drop();
  EXPECT_FALSE(requests.Find(KeyOf(1), Layer::kWorking).has_value());
  ASSERT_TRUE(IsOk(Stage(requests, KeyOf(1), {"c", "a"})));
  requests.Keep();
  requests.Discard();
  EXPECT_FALSE(requests.Find(KeyOf(1), Layer::kWorking).has_value());
}

TEST(Requests, RefusesOneThatIsCutShort) {
  const std::string payload = EncodeRequest(KeyOf(1), {"content", ""});
  for (size_t size = 0; size < payload.size(); ++size) {
    Requests requests;
    EXPECT_TRUE(IsRefused(requests.Stage({1, RecordKind::kRequest, absl::string_view(payload).substr(0, size)}),
                          Reason::kJournalDamaged))
        << size;
  }
}

TEST(Requests, DigestIsTheSameInAnyOrderAndTellsContentFromAnswer) {
  Requests forward, backward, other;
  for (uint8_t i = 0; i < 50; ++i) ASSERT_TRUE(IsOk(Stage(forward, KeyOf(i), {"c", std::to_string(i)})));
  for (uint8_t i = 50; i > 0; --i) ASSERT_TRUE(IsOk(Stage(backward, KeyOf(i - 1), {"c", std::to_string(i - 1)})));
  for (uint8_t i = 0; i < 50; ++i) ASSERT_TRUE(IsOk(Stage(other, KeyOf(i), {"c" + std::to_string(i), ""})));
  for (Requests* requests : {&forward, &backward, &other}) {
    requests->Keep();
    requests->Seal();
    requests->Publish();
  }
  EXPECT_EQ(forward.Digest(), backward.Digest());
  EXPECT_NE(forward.Digest(), other.Digest());
}

}  // namespace
}  // namespace turnabout
