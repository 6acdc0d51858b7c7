#include "base/signing.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <memory>

#include "base/check.h"

namespace turnabout {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

Key SecretOf(const SecretKey& secret) {
  Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, secret.data(), secret.size()), EVP_PKEY_free);
  TURNABOUT_CHECK(key != nullptr);
  return key;
}

const uint8_t* BytesOf(absl::string_view text) { return reinterpret_cast<const uint8_t*>(text.data()); }

}  // namespace

SigningKey SigningKey::Draw() {
  SecretKey secret{};
  TURNABOUT_CHECK(RAND_bytes(secret.data(), static_cast<int>(secret.size())) == 1);
  return SigningKey(secret);
}

SigningKey::SigningKey(const SecretKey& secret) : secret_(secret) {
  size_t size = public_key_.size();
  TURNABOUT_CHECK(EVP_PKEY_get_raw_public_key(SecretOf(secret).get(), public_key_.data(), &size) == 1);
}

Signature SigningKey::Sign(absl::string_view statement) const {
  const Key key = SecretOf(secret_);
  const Context context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  Signature signature{};
  size_t size = signature.size();
  TURNABOUT_CHECK(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1);
  TURNABOUT_CHECK(EVP_DigestSign(context.get(), signature.data(), &size, BytesOf(statement), statement.size()) == 1);
  return signature;
}

bool IsSignedBy(const PublicKey& key, absl::string_view statement, const Signature& signature) {
  const Key loaded(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()), EVP_PKEY_free);
  const Context context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  return loaded != nullptr && context != nullptr &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, loaded.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), BytesOf(statement), statement.size()) == 1;
}

}  // namespace turnabout
