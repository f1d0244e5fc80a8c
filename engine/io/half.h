// Numbers of 16 bits, as IEEE 754 has them: "F16" in files.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace lanegrad {

// The largest finite one.
inline constexpr float kLargestHalf = 65504;

inline float from_half(std::uint16_t half) {
  const int exponent = half >> 10 & 31;
  const auto fraction = static_cast<float>(half & 1023);
  const float sign = half >> 15 ? -1.0F : 1.0F;
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  if (exponent < 31) return sign * std::ldexp(1024 + fraction, exponent - 25);
  return std::bit_cast<float>(std::uint32_t{half} >> 15 << 31 | 0x7F800000U | (half & 1023U) << 13);
}

// The nearest one, the even one of two; a number that is too large becomes infinity.
inline std::uint16_t to_half(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>(bits >> 16 & 0x8000);
  const std::uint32_t magnitude = bits & 0x7FFFFFFF;
  if (magnitude > 0x7F800000) return static_cast<std::uint16_t>(sign | 0x7E00);  // NaN
  if (magnitude < 0x38800000) {
    // Below 2^-14: whole multiples of 2^-24, which the sum rounds to.
    const float rounded = std::bit_cast<float>(magnitude) + 0.5F;
    return static_cast<std::uint16_t>(sign | (std::bit_cast<std::uint32_t>(rounded) - 0x3F000000));
  }
  const std::uint32_t rounded = magnitude + 0xFFF + (magnitude >> 13 & 1);
  if (rounded >= 0x47800000) return static_cast<std::uint16_t>(sign | 0x7C00);
  return static_cast<std::uint16_t>(sign | ((rounded - 0x38000000) >> 13));
}

}  // namespace lanegrad
