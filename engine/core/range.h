// What the numbers among the settings may be. They are checked as the kernels will use them:
// rounded to a Real, where 0.99999999 is 1 and 1e-46 is 0.
#pragma once

#include <limits>
#include <string>
#include <string_view>

namespace lanegrad {

// An interval of numbers, from `low` to `high` or strictly between them.
struct Range {
  const char* text;  // "at least 0 and below 1"
  double low = 0;
  double high = std::numeric_limits<double>::infinity();
  bool low_too = true;
  bool high_too = false;
  // True where the value reaches a kernel as a Real; false where only numbers computed from it do.
  bool rounded = true;

  bool has(double value) const;
  // What follows the value in the sentence that refuses it: ", expected at least 0 and below 1", or
  // " is 1 as a 32-bit number, expected …" where only rounding takes it out of the range.
  std::string objection(double value) const;

 private:
  bool spans(double value) const;
};

inline constexpr Range kRate{"a finite number of at least 0"};
inline constexpr Range kPositive{"a finite number above 0", 0,
                                 std::numeric_limits<double>::infinity(), false};
inline constexpr Range kFinite{"a finite number", -std::numeric_limits<double>::infinity(),
                               std::numeric_limits<double>::infinity(), false};
inline constexpr Range kBelowOne{"at least 0 and below 1", 0, 1};
inline constexpr Range kExactlyBelowOne{"at least 0 and below 1", 0, 1, true, false, false};
inline constexpr Range kShare{"0 to 1", 0, 1, true, true};

inline constexpr Range kCount{"a whole number of at least 1", 1};
inline constexpr Range kCountOrNone{"a whole number of at least 0"};

// Throws InvalidArgument "adam: beta2 1.5, expected at least 0 and below 1" unless the value is in
// the range.
void check_number(std::string_view op, std::string_view what, double value, const Range& range);

}  // namespace lanegrad
