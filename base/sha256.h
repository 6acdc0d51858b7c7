// SHA-256 (FIPS 180-4) by OpenSSL, which uses the processor's own instructions where it has them.
#ifndef TURNABOUT_BASE_SHA256_H_
#define TURNABOUT_BASE_SHA256_H_

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>

#include "absl/strings/string_view.h"

namespace turnabout {

using Sha256Digest = std::array<uint8_t, 32>;

// The digest of the parts, one after the other.
Sha256Digest Sha256(std::initializer_list<absl::string_view> parts);

// The digest's bytes. Valid while `digest` lives.
inline absl::string_view AsView(const Sha256Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// 64 lower-case hexadecimal characters.
std::string ToHex(const Sha256Digest& digest);

}  // namespace turnabout

#endif  // TURNABOUT_BASE_SHA256_H_
