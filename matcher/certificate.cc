#include "matcher/certificate.h"

namespace turnabout {

void PutPrice(std::string& out, __int128 price) {
  unsigned __int128 rest = static_cast<unsigned __int128>(price) << 1;
  if (price < 0) rest = ~rest;
  for (; rest >= 128; rest >>= 7) out.push_back(static_cast<char>(static_cast<uint8_t>(rest) | 0x80));
  out.push_back(static_cast<char>(static_cast<uint8_t>(rest)));
}

bool TakePrice(absl::string_view& in, __int128& price) {
  unsigned __int128 rest = 0;
  for (int shift = 0; shift < 128; shift += 7) {
    if (in.empty()) return false;
    const uint8_t byte = static_cast<uint8_t>(in.front());
    in.remove_prefix(1);
    if (shift == 126 && byte > 3) return false;
    rest |= static_cast<unsigned __int128>(byte & 0x7f) << shift;
    if ((byte & 0x80) != 0) continue;
    if (byte == 0 && shift > 0) return false;
    price = static_cast<__int128>((rest & 1) != 0 ? ~(rest >> 1) : rest >> 1);
    return true;
  }
  return false;
}

}  // namespace turnabout
