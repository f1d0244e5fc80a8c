// Names of the error codes and the text of numbers in messages.
#include "engine/core/error.h"

#include <cmath>
#include <cstddef>
#include <cstdlib>

#include "engine/core/number.h"

namespace lanegrad {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::InvalidArgument:
      return "InvalidArgument";
    case ErrorCode::ShapeMismatch:
      return "ShapeMismatch";
    case ErrorCode::CorruptData:
      return "CorruptData";
    case ErrorCode::InvalidState:
      return "InvalidState";
    case ErrorCode::NotFound:
      return "NotFound";
    case ErrorCode::OutOfMemory:
      return "OutOfMemory";
    case ErrorCode::Unsupported:
      return "Unsupported";
    case ErrorCode::Diverged:
      return "Diverged";
    case ErrorCode::Internal:
      return "Internal";
  }
  return "Internal";
}

void fail(ErrorCode code, std::string&& message) { throw Error(code, std::move(message)); }

std::string number_text(double value) { return number_text(value, 6); }

// This is written by hand, since std::snprintf brings 8 kB into the WebAssembly module and
// std::to_chars 110 kB. The scaling rounds once for values of 1e-5 to 1e16, and a few times for
// others, which shows in the sixth digit only where the 15 behind it tie.
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

namespace detail {

std::string join(const Append* append, const Slot* slots, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) append[i](out, slots[i]);
  return out;
}

}  // namespace detail

}  // namespace lanegrad
