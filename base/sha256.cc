#include "base/sha256.h"

// The low-level calls cost a third less per small record than the EVP ones; they are deprecated, not unmaintained.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include "absl/strings/escaping.h"

namespace turnabout {
namespace {

SHA256_CTX* ContextIn(unsigned char* bytes) { return reinterpret_cast<SHA256_CTX*>(bytes); }

}  // namespace

Sha256Stream::Sha256Stream() {
  static_assert(sizeof(context_) >= sizeof(SHA256_CTX) && alignof(SHA256_CTX) <= 8);
  SHA256_Init(ContextIn(context_));
}

void Sha256Stream::Add(absl::string_view part) { SHA256_Update(ContextIn(context_), part.data(), part.size()); }

Sha256Digest Sha256Stream::Finish() {
  Sha256Digest digest;
  SHA256_Final(digest.data(), ContextIn(context_));
  return digest;
}

Sha256Digest Sha256(std::initializer_list<absl::string_view> parts) {
  SHA256_CTX context;
  SHA256_Init(&context);
  for (absl::string_view part : parts) SHA256_Update(&context, part.data(), part.size());
  Sha256Digest digest;
  SHA256_Final(digest.data(), &context);
  return digest;
}

std::string ToHex(const Sha256Digest& digest) { return absl::BytesToHexString(AsView(digest)); }

}  // namespace turnabout
