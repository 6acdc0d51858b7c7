#include "base/signing.h"

#include <gtest/gtest.h>

namespace turnabout {
namespace {

// RFC 8032 section 7.1, test 1: the empty statement.
TEST(Signing, GivesTheSignatureOfTheStandard) {
  SecretKey secret{};
  ASSERT_TRUE(BytesFromHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", secret));
  const SigningKey key(secret);
  EXPECT_EQ(BytesToHex(key.public_key()), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  EXPECT_EQ(
      BytesToHex(key.Sign("")),
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595"
      "bbe24655141438e7a100b");
}

TEST(Signing, RefusesAnyOtherStatementSignatureOrKey) {
  const SigningKey key = SigningKey::Draw();
  const Signature signature = key.Sign("statement");
  EXPECT_TRUE(IsSignedBy(key.public_key(), "statement", signature));
  EXPECT_FALSE(IsSignedBy(key.public_key(), "statemend", signature));
  EXPECT_FALSE(IsSignedBy(SigningKey::Draw().public_key(), "statement", signature));
  for (size_t bit = 0; bit < signature.size() * 8; ++bit) {
    Signature changed = signature;
    changed[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    EXPECT_FALSE(IsSignedBy(key.public_key(), "statement", changed)) << bit;
  }
}

TEST(Signing, ReadsOnlyTheHexadecimalItWrites) {
  SecretKey secret{};
  const std::string text = BytesToHex(SigningKey::Draw().secret());
  EXPECT_TRUE(BytesFromHex(text, secret));
  EXPECT_FALSE(BytesFromHex(text + "0", secret));
  EXPECT_FALSE(BytesFromHex(text.substr(1), secret));
  EXPECT_FALSE(BytesFromHex("A" + text.substr(1), secret));
  EXPECT_FALSE(BytesFromHex("g" + text.substr(1), secret));
}

}  // namespace
}  // namespace turnabout
