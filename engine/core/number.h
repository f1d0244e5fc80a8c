// Numbers that people read and write, and powers. The functions are the engine's own for their size
// in the WebAssembly module: std::to_chars for doubles would add 110 kB, std::snprintf 8 kB, and
// std::strtod and std::pow some kilobytes each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lanegrad {

// The number that `text` is, such as "0.1", "-2" or "1e-3": digits with at most one point and an
// exponent. Any other text gives nothing. The result is correctly rounded for up to 15 digits with
// exponents of -22 to 22, and within a few units in the last place beyond that.
std::optional<double> parse_number(std::string_view text);

// The whole number below 2^64 that `text` is, such as "42": digits only. Any other text gives
// nothing.
std::optional<std::uint64_t> parse_whole(std::string_view text);

// The decimal digits of `value`.
std::string whole_text(std::uint64_t value);

// The number as text that is the same on every platform: "0.001", "1e+30", "nan". It has at most
// six significant digits.
std::string number_text(double value);
// The number with at most `digits` significant digits, 1 to 15.
std::string number_text(double value, int digits);
std::string number_text(long long value);

// x to the power of n, n ≥ 0, by squaring.
double power(double x, std::int64_t n);

}  // namespace lanegrad
