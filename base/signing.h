// Ed25519 signatures (RFC 8032) by OpenSSL.
//
//   const SigningKey key = SigningKey::Draw();
//   const Signature signature = key.Sign("statement");
//   IsSignedBy(key.public_key(), "statement", signature);   // true
#ifndef TURNABOUT_BASE_SIGNING_H_
#define TURNABOUT_BASE_SIGNING_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace turnabout {

using PublicKey = std::array<uint8_t, 32>;
using SecretKey = std::array<uint8_t, 32>;
using Signature = std::array<uint8_t, 64>;

// Threads: immutable.
class SigningKey {
 public:
  // A new one, from the system's own chance.
  static SigningKey Draw();
  explicit SigningKey(const SecretKey& secret);

  const PublicKey& public_key() const { return public_key_; }
  // For the file that keeps it, and nobody else.
  const SecretKey& secret() const { return secret_; }
  Signature Sign(absl::string_view statement) const;

 private:
  SecretKey secret_;
  PublicKey public_key_{};
};

// True when `signature` is one that the holder of `key` made of `statement`.
bool IsSignedBy(const PublicKey& key, absl::string_view statement, const Signature& signature);

// Lower-case hexadecimal characters, two for each byte.
template <size_t size>
std::string BytesToHex(const std::array<uint8_t, size>& bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (uint8_t byte : bytes) text.append({kDigits[byte / 16], kDigits[byte % 16]});
  return text;
}

// Reads what BytesToHex writes into `bytes`; false for any other text.
template <size_t size>
bool BytesFromHex(absl::string_view text, std::array<uint8_t, size>& bytes) {
  if (text.size() != 2 * size) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (!is_digit && (text[i] < 'a' || text[i] > 'f')) return false;
    const int value = is_digit ? text[i] - '0' : text[i] - 'a' + 10;
    bytes[i / 2] = static_cast<uint8_t>(i % 2 == 0 ? value * 16 : bytes[i / 2] + value);
  }
  return true;
}

}  // namespace turnabout

#endif  // TURNABOUT_BASE_SIGNING_H_
