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

// The digest of parts that come one by one. A copy goes on by itself.
//
//   Sha256Stream stream;
//   stream.Add("a"); stream.Add("b");
//   stream.Finish();   // Sha256({"ab"})
//
// Not thread-safe.
class Sha256Stream {
 public:
  Sha256Stream();
  void Add(absl::string_view part);
  // Of everything added. Called once, at the end.
  Sha256Digest Finish();

 private:
  // OpenSSL's context, whose header stays out of this one; sha256.cc checks that it fits.
  alignas(8) unsigned char context_[112];
};

// The digest's bytes. Valid while `digest` lives.
inline absl::string_view AsView(const Sha256Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// 64 lower-case hexadecimal characters.
std::string ToHex(const Sha256Digest& digest);

}  // namespace turnabout

#endif  // TURNABOUT_BASE_SHA256_H_
