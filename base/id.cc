#include "base/id.h"

#include <tuple>

#include "absl/time/time.h"
#include "base/reason.h"

namespace turnabout {
namespace {

constexpr absl::string_view kAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr int kTextLength = 26;

int DigitOf(char c) {
  const size_t at = kAlphabet.find(c);
  return at == absl::string_view::npos ? -1 : static_cast<int>(at);
}

void PutBigEndian(uint64_t value, int bytes, uint8_t* out) {
  for (int i = 0; i < bytes; ++i) out[i] = static_cast<uint8_t>(value >> (8 * (bytes - 1 - i)));
}

uint64_t BigEndian(const uint8_t* bytes, int size) {
  uint64_t value = 0;
  for (int i = 0; i < size; ++i) value = value << 8 | bytes[i];
  return value;
}

}  // namespace

std::string IdBytesToText(const IdBytes& bytes) {
  unsigned __int128 value = 0;
  for (uint8_t byte : bytes) value = (value << 8) | byte;
  std::string text(kTextLength, '0');
  for (int i = kTextLength - 1; i >= 0; --i) {
    text[i] = kAlphabet[static_cast<size_t>(value & 31)];
    value >>= 5;
  }
  return text;
}

absl::StatusOr<IdBytes> IdBytesFromText(absl::string_view text) {
  // 26 characters hold 130 bits, so the first may only be 0 to 7.
  if (text.size() != kTextLength || text[0] > '7') return Refuse(Reason::kBadId, {{"text", text.substr(0, 40)}});
  unsigned __int128 value = 0;
  for (char c : text) {
    const int digit = DigitOf(c);
    if (digit < 0) return Refuse(Reason::kBadId, {{"text", text}});
    value = (value << 5) | static_cast<unsigned>(digit);
  }
  IdBytes bytes;
  for (int i = 15; i >= 0; --i) {
    bytes[i] = static_cast<uint8_t>(value);
    value >>= 8;
  }
  return bytes;
}

IdSource::IdSource(const Clock& clock, Seed seed) : clock_(clock), random_(seed) {}

void IdSource::GoOnAfter(const IdBytes& id) {
  std::lock_guard<std::mutex> lock(mutex_);
  const std::tuple last(BigEndian(id.data(), 6), static_cast<uint16_t>(BigEndian(id.data() + 6, 2)),
                        BigEndian(id.data() + 8, 8));
  if (std::tie(last_ms_, last_mid_, last_low_) < last) std::tie(last_ms_, last_mid_, last_low_) = last;
}

IdBytes IdSource::NextBytes() {
  const uint64_t now_ms = static_cast<uint64_t>(absl::ToUnixMillis(clock_.Now()));
  std::lock_guard<std::mutex> lock(mutex_);
  if (now_ms > last_ms_) {
    last_ms_ = now_ms;
    last_mid_ = static_cast<uint16_t>(random_.Next());
    last_low_ = random_.Next() >> 1;
  } else {
    // Within one millisecond, or after the clock went back: count on from the last one by a step that cannot be
    // guessed.
    last_low_ += 1 + (random_.Next() & 0xffffff);
    if (last_low_ >> 63) {
      last_low_ &= ~(uint64_t{1} << 63);
      if (++last_mid_ == 0) ++last_ms_;
    }
  }
  IdBytes bytes;
  PutBigEndian(last_ms_, 6, bytes.data());
  PutBigEndian(last_mid_, 2, bytes.data() + 6);
  PutBigEndian(last_low_, 8, bytes.data() + 8);
  return bytes;
}

}  // namespace turnabout
