// A Filter picks items of a list by what their fields hold: a subset of AIP-160.
//
//   const absl::string_view fields[] = {"state", "category", "joined"};
//   ASSIGN_OR_RETURN(Filter filter, Filter::Parse("state = active AND NOT category:lifts", fields));
//   bool wanted = filter.Matches([&](absl::string_view field) { return ValuesOf(member, field); });
//
// The language:
//
//   filter     = [ all ]                       an empty filter, or only blanks, matches everything
//   all        = any { "AND" any }
//   any        = term { "OR" term }            OR binds tighter than AND: "a AND b OR c" is "a AND (b OR c)"
//   term       = [ "NOT" | "-" ] ( comparison | "(" all ")" )
//   comparison = field operator value
//   operator   = "=" | "!=" | "<" | "<=" | ">" | ">=" | ":"
//   value      = word of letters, digits and _ . / -, or text in double quotes, with \" for " and \\ for a backslash
//
// AND, OR and NOT are written in capitals; as values they need quotes. Quotes make no other difference. Unlike all of
// AIP-160, comparisons side by side are not joined (write AND), "*" stands for nothing but itself, and there are no
// functions.
//
// A field may have any number of values:
//
//   = and :      hold when any value is equal. Small and capital ASCII letters are the same.
//   !=           holds when no value is equal, so also when there are none.
//   < <= > >=    hold when any value compares so: as numbers when it and the filter's value are both whole numbers of
//                64 bits, otherwise as text, byte by byte, small and capital letters the same. Dates written as
//                2026-01-31 are in order as text. Nothing holds for a field without values.
#ifndef TURNABOUT_SERVER_APP_FILTER_H_
#define TURNABOUT_SERVER_APP_FILTER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace turnabout {

inline constexpr int kFilterDepthMax = 16;  // parentheses inside one another
inline constexpr int kFilterTermsMax = 64;  // comparisons in one filter

// Threads: a Filter never changes once it is made, so it is safe for concurrent use.
class Filter {
 public:
  // The values of a field; none when it has none.
  using ValuesOf = absl::FunctionRef<std::vector<std::string>(absl::string_view field)>;

  // Matches everything.
  Filter() = default;

  // Reads `text`, which may compare `fields` (names are matched exactly) and no others. Keeps neither argument.
  // Returns BAD_FILTER with the position of the first problem, counted in bytes from 1, when `text` is not in the
  // language above, names another field, or is over kFilterLengthMax, kFilterDepthMax or kFilterTermsMax. The problem
  // names an unknown field but never repeats a value.
  static absl::StatusOr<Filter> Parse(absl::string_view text, absl::Span<const absl::string_view> fields);

  // True when the item whose fields have the values `values_of` gives is one that was asked for. `values_of` is asked
  // only for fields that were given to Parse, possibly several times and not for all of them.
  bool Matches(ValuesOf values_of) const;

  // True when the filter holds no comparison and so matches everything.
  bool empty() const;

 private:
  friend class FilterParser;

  enum class Kind { kAll, kAny, kEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };

  // A comparison, or several joined. At most kFilterDepthMax sets of parentheses deep, so recursion is bounded.
  struct Node {
    Kind kind = Kind::kAll;
    bool negated = false;
    std::vector<Node> children;  // kAll and kAny
    // The others:
    std::string field;
    std::string value;              // in small letters
    std::optional<int64_t> number;  // `value`, when it is a whole number
  };

  static bool Holds(const Node& node, ValuesOf values_of);
  static bool Compares(const Node& node, absl::string_view value);

  Node root_;
};

}  // namespace turnabout

#endif  // TURNABOUT_SERVER_APP_FILTER_H_
