// Numbers that people write, and powers. The code is small on purpose: std::strtod, std::to_chars
// and std::pow would add kilobytes to the WebAssembly module.
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

// x to the power of n, n ≥ 0, by squaring.
double power(double x, std::int64_t n);

}  // namespace lanegrad
