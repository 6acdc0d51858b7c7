#include "clients/cli/cell.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace turnabout::cli {

std::vector<Item> Cell::Items() {
  std::vector<Item> items;
  Item item;
  bool in_words = false;
  const auto finish = [&] {
    absl::StripAsciiWhitespace(&item.text);
    absl::StripAsciiWhitespace(&item.words);
    if (!item.text.empty() || !item.words.empty()) items.push_back(item);
    item = Item();
  };
  for (size_t i = 0; i < text_.size(); ++i) {
    const char c = text_[i];
    if (in_words && c == '\\' && i + 1 < text_.size()) {
      item.words += text_[++i];
    } else if (in_words) {
      in_words = c != ')';
      if (in_words) item.words += c;
    } else if (c == '(') {
      in_words = true;
    } else if (c == ';' || c == ',' || c == '\n' || c == '\r') {
      finish();
    } else {
      item.text += c;
    }
  }
  if (in_words) Problem(text_, "a closing bracket after the words in brackets");
  finish();
  return items;
}

std::string InBrackets(absl::string_view words) {
  if (words.empty()) return "";
  return absl::StrCat(" (", absl::StrReplaceAll(words, {{"\\", "\\\\"}, {"(", "\\("}, {")", "\\)"}}), ")");
}

}  // namespace turnabout::cli
