// Numbers that people write, and powers. Small, since std::strtod, std::to_chars and std::pow would
// weigh kilobytes on the web.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lanegrad {

// "0.1", "-2", "1e-3": digits with at most one point and an exponent; nothing for any other text.
// Rounded correctly for up to 15 digits with exponents of -22 to 22, else within a few last places.
std::optional<double> parse_number(std::string_view text);

// "42": digits only, of a number below 2^64; nothing for any other text.
std::optional<std::uint64_t> parse_whole(std::string_view text);

// Its digits.
std::string whole_text(std::uint64_t value);

// x to the power of n, n ≥ 0, by squaring.
double power(double x, std::int64_t n);

}  // namespace lanegrad
