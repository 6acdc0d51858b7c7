// Fixed-width numbers as bytes, little-endian on every machine: how every stored format of the project is written.
//
//   std::string out;
//   PutFixed32(out, 7);
//   PutBytes(out, AsView(digest));
//   Cursor cursor(out);
//   const uint32_t seven = cursor.Fixed32();
//   const Sha256Digest back = cursor.Array<32>();
//   if (!cursor.Finished()) ...;   // too short, or something left over
#ifndef TURNABOUT_STORE_CODEC_H_
#define TURNABOUT_STORE_CODEC_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "absl/strings/string_view.h"

namespace turnabout {

// The lowest `size` bytes of `value`, lowest first, at the end of `out`. REQUIRES: size <= 8.
inline void PutLittleEndian(std::string& out, uint64_t value, size_t size) {
  char bytes[8];
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(value >> (8 * i));
  out.append(bytes, size);
}

// The same into memory that is there: `size` bytes at `at`. Returns what follows them.
inline char* StoreLittleEndian(char* at, uint64_t value, size_t size) {
  for (size_t i = 0; i < size; ++i) at[i] = static_cast<char>(value >> (8 * i));
  return at + size;
}
inline char* StoreBytes(char* at, absl::string_view bytes) {
  std::memcpy(at, bytes.data(), bytes.size());
  return at + bytes.size();
}

inline void PutFixed8(std::string& out, uint8_t value) { out.push_back(static_cast<char>(value)); }
inline void PutFixed16(std::string& out, uint16_t value) { PutLittleEndian(out, value, 2); }
inline void PutFixed32(std::string& out, uint32_t value) { PutLittleEndian(out, value, 4); }
inline void PutFixed64(std::string& out, uint64_t value) { PutLittleEndian(out, value, 8); }
inline void PutBytes(std::string& out, absl::string_view bytes) { out.append(bytes.data(), bytes.size()); }

// Highest byte first, so that keys sort as their numbers do.
inline void PutBigEndian64(std::string& out, uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
}

// Seven bits a byte, lowest first; the last byte has no high bit. Small numbers take few bytes.
inline void PutVarint(std::string& out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}
// The same with the sign in the lowest bit, so that small negative numbers take few bytes too.
inline void PutSignedVarint(std::string& out, int64_t value) {
  PutVarint(out, static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63));
}

// Reads what Put… wrote, from front to back, and never past the end: once too little is left, ok() is false for good
// and every further read gives zeros or an empty view. `bytes` must outlive the cursor and the views it gives. Not
// thread-safe.
class Cursor {
 public:
  explicit Cursor(absl::string_view bytes) : rest_(bytes) {}

  uint8_t Fixed8() { return static_cast<uint8_t>(LittleEndian(1)); }
  uint16_t Fixed16() { return static_cast<uint16_t>(LittleEndian(2)); }
  uint32_t Fixed32() { return static_cast<uint32_t>(LittleEndian(4)); }
  uint64_t Fixed64() { return LittleEndian(8); }

  uint64_t BigEndian64() {
    uint64_t value = 0;
    for (char byte : Bytes(8)) value = value << 8 | static_cast<uint8_t>(byte);
    return value;
  }

  uint64_t Varint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const uint8_t byte = Fixed8();
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) return value;
    }
    ok_ = false;
    return 0;
  }
  int64_t SignedVarint() {
    const uint64_t value = Varint();
    return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
  }

  // The next `size` bytes.
  absl::string_view Bytes(size_t size) {
    if (size > rest_.size()) {
      ok_ = false;
      rest_ = absl::string_view();
    }
    if (!ok_) return absl::string_view();
    const absl::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  // The next `size` bytes as an array, such as a digest or an id.
  template <size_t size>
  std::array<uint8_t, size> Array() {
    std::array<uint8_t, size> array{};
    const absl::string_view bytes = Bytes(size);
    if (!bytes.empty()) std::memcpy(array.data(), bytes.data(), size);
    return array;
  }

  // False once a read wanted more than was left.
  bool ok() const { return ok_; }
  size_t remaining() const { return rest_.size(); }
  absl::string_view rest() const { return rest_; }
  // Everything was there and nothing is left.
  bool Finished() const { return ok_ && rest_.empty(); }

 private:
  uint64_t LittleEndian(size_t size) {
    const absl::string_view bytes = Bytes(size);
    uint64_t value = 0;
    for (size_t i = bytes.size(); i > 0; --i) value = value << 8 | static_cast<uint8_t>(bytes[i - 1]);
    return value;
  }

  absl::string_view rest_;
  bool ok_ = true;
};

}  // namespace turnabout

#endif  // TURNABOUT_STORE_CODEC_H_
