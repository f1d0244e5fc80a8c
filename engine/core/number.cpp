// Numbers are read digit by digit, then multiplied or divided by powers of ten, mostly by one.
#include "engine/core/number.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <limits>

namespace lanegrad {

std::optional<double> parse_number(std::string_view text) {
  std::size_t at = 0;
  const auto next_is = [&](char wanted) { return at < text.size() && text[at] == wanted; };
  const auto next_is_digit = [&] { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
  const auto sign = [&] {
    const bool negative = next_is('-');
    if (negative || next_is('+')) ++at;
    return negative;
  };

  const bool negative = sign();
  std::uint64_t digits = 0;
  int exponent = 0;
  bool any = false;
  bool after_point = false;
  for (; next_is_digit() || (next_is('.') && !after_point); ++at) {
    if (text[at] == '.') {
      after_point = true;
      continue;
    }
    any = true;
    // Beyond 18 digits a double hardly changes.
    const bool counts = digits < std::uint64_t{100'000'000'000'000'000};
    if (counts) digits = 10 * digits + static_cast<std::uint64_t>(text[at] - '0');
    exponent += (after_point ? -1 : 0) + (counts ? 0 : 1);
  }
  if (!any) return std::nullopt;
  if (next_is('e') || next_is('E')) {
    ++at;
    const bool down = sign();
    if (!next_is_digit()) return std::nullopt;
    int given = 0;
    for (; next_is_digit(); ++at) given = std::min(10 * given + (text[at] - '0'), 100'000);
    exponent += down ? -given : given;
  }
  if (at != text.size()) return std::nullopt;

  auto value = static_cast<double>(digits);
  while (exponent != 0 && value != 0 && std::isfinite(value)) {
    const int step = std::clamp(exponent, -22, 22);
    double scale = 1;  // exact, as all up to 10^22
    for (int i = 0; i < std::abs(step); ++i) scale *= 10;
    value = step > 0 ? value * scale : value / scale;
    exponent -= step;
  }
  return negative ? -value : value;
}

std::optional<std::uint64_t> parse_whole(std::string_view text) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t value = 0;
  for (const char letter : text) {
    const auto digit = static_cast<std::uint64_t>(letter - '0');
    if (digit > 9 || value > (kMost - digit) / 10) return std::nullopt;
    value = 10 * value + digit;
  }
  return text.empty() ? std::nullopt : std::optional(value);
}

std::string whole_text(std::uint64_t value) {
  char digits[20];
  char* begin = std::end(digits);
  do {
    *--begin = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value > 0);
  return {begin, std::end(digits)};
}

std::string number_text(double value) { return number_text(value, 6); }

// The scaling rounds once for values of 1e-5 to 1e16, and a few times for others, which shows in
// the sixth digit only where the 15 behind it tie.
std::string number_text(double value, int digits) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "infinity" : "-infinity";
  std::string text = std::signbit(value) ? "-" : "";
  if (value == 0) return text + "0";

  // The invariant is value = scaled · 10^(exponent − digits + 1) with scaled < limit, so that
  // scaled has as many whole digits as are shown.
  double limit = 1;
  for (int i = 0; i < digits; ++i) limit *= 10;
  double scaled = std::abs(value);
  int exponent = digits - 1;
  for (; scaled >= 1e16; exponent += 10) scaled /= 1e10;
  for (; scaled < 1e-5; exponent -= 10) scaled *= 1e10;
  double power = 1;  // exact, as all powers up to 10^22
  for (; scaled >= limit * power; ++exponent) power *= 10;
  scaled /= power;
  for (power = 1; scaled * power < limit / 10; --exponent) power *= 10;
  const double rounded = std::nearbyint(scaled * power);
  if (rounded == limit) ++exponent;  // and its only digit is a 1

  std::string shown = number_text(static_cast<long long>(rounded));
  shown.erase(shown.find_last_not_of('0') + 1);
  const bool scientific = exponent < -4 || exponent > 5;
  const int point = scientific ? 1 : exponent + 1;  // so many shown stand before it
  if (point <= 0) {
    text += "0.";
    text.append(static_cast<std::size_t>(-point), '0');
    return text + shown;
  }
  const std::size_t whole = static_cast<std::size_t>(point);
  if (shown.size() < whole) shown.resize(whole, '0');
  text += shown.substr(0, whole);
  if (shown.size() > whole) text.append(".").append(shown, whole);
  if (scientific) {
    text += exponent < 0 ? "e-" : "e+";
    if (std::abs(exponent) < 10) text += "0";
    text += number_text(static_cast<long long>(std::abs(exponent)));
  }
  return text;
}

std::string number_text(long long value) {
  const auto bits = static_cast<unsigned long long>(value);
  std::string text = value < 0 ? "-" : "";
  return text += whole_text(value < 0 ? 0 - bits : bits);
}

double power(double x, std::int64_t n) {
  double result = 1;
  for (; n > 0; n /= 2, x *= x) {
    if (n % 2 == 1) result *= x;
  }
  return result;
}

}  // namespace lanegrad
