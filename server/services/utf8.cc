#include "server/services/utf8.h"

#include "absl/strings/str_cat.h"

namespace turnabout {

size_t Utf8CharacterLength(absl::string_view text) {
  const auto at = [text](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = at(0);
  if (lead < 0x80) return 1;
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (lead == 0xE0 && at(1) < 0xA0) || (lead == 0xF0 && at(1) < 0x90);
  const bool surrogate = lead == 0xED && at(1) > 0x9F;
  const bool beyond = lead == 0xF4 && at(1) > 0x8F;
  return overlong || surrogate || beyond ? 0 : length;
}

std::string Readable(absl::string_view text, size_t limit) {
  std::string out;
  while (!text.empty()) {
    const size_t length = Utf8CharacterLength(text);
    const absl::string_view next = length == 0 ? "\xEF\xBF\xBD" : text.substr(0, length);
    if (out.size() + next.size() > limit) return out + "...";
    absl::StrAppend(&out, next);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

}  // namespace turnabout
