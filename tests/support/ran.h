// How a command ended, and what it wrote.
#ifndef TURNABOUT_TESTS_SUPPORT_RAN_H_
#define TURNABOUT_TESTS_SUPPORT_RAN_H_

#include <string>

namespace turnabout {

struct Ran {
  int code = 0;  // its exit status
  std::string out;
  std::string err;
};

// The word after `label` in `text`; "" where there is none.
inline std::string After(const std::string& text, const std::string& label) {
  const size_t at = text.find(label);
  if (at == std::string::npos) return "";
  const size_t start = text.find_first_not_of(" \":", at + label.size());
  return text.substr(start, text.find_first_of(" \",\n", start) - start);
}

}  // namespace turnabout

#endif  // TURNABOUT_TESTS_SUPPORT_RAN_H_
