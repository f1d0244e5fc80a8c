// How the values of settings are read from texts, written, and given as numbers, by their type in a
// Recipe. Only the table of settings needs this.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/core/error.h"
#include "engine/core/number.h"
#include "engine/training/settings.h"

namespace lanegrad::setting_values {

[[noreturn]] inline void refuse(std::string_view key, std::string_view text,
                                std::string_view objection) {
  fail(ErrorCode::InvalidArgument, "recipe: ", key, " '", text, "'", objection);
}

inline void parse(std::string_view key, std::string_view text, const Range* range, double& value) {
  const std::optional<double> number = parse_number(text);
  const double given = number.value_or(std::numeric_limits<double>::quiet_NaN());
  if (!range->has(given)) refuse(key, text, range->objection(given));
  // The value is rounded to the 15 digits that its text has, so that the text says all of it.
  value = parse_number(number_text(*number, 15)).value_or(given);
}

inline void parse(std::string_view key, std::string_view text, const Range* range,
                  std::optional<double>& value) {
  if (text.empty()) {
    value.reset();
  } else {
    double given = 0;
    parse(key, text, range, given);
    value = given;
  }
}

inline void parse(std::string_view key, std::string_view text, const Range*, bool& value) {
  if (text != "true" && text != "false") refuse(key, text, ", expected true or false");
  value = text == "true";
}

template <class Whole>
void parse(std::string_view key, std::string_view text, const Range* range, Whole& value) {
  const std::optional<std::uint64_t> number = parse_whole(text);
  if (!number || !std::in_range<Whole>(*number) || !range->has(static_cast<double>(*number))) {
    refuse(key, text, str(", expected ", range->text));
  }
  value = static_cast<Whole>(*number);
}

inline std::string text_of(double value) { return number_text(value, 15); }
inline std::string text_of(const std::optional<double>& value) {
  return value ? text_of(*value) : "";
}
inline std::string text_of(Index value) { return str(value); }
inline std::string text_of(std::uint64_t value) { return whole_text(value); }
inline std::string text_of(bool value) { return value ? "true" : "false"; }

template <class T>
double number_of(const T& value) {
  return static_cast<double>(value);
}
inline double number_of(const std::optional<double>& value) {
  return value.value_or(std::numeric_limits<double>::quiet_NaN());
}

template <class T>
inline constexpr SettingKind kKind = SettingKind::Number;
template <>
inline constexpr SettingKind kKind<bool> = SettingKind::Flag;
template <>
inline constexpr SettingKind kKind<Index> = SettingKind::Whole;
template <>
inline constexpr SettingKind kKind<std::uint64_t> = SettingKind::Seed;

}  // namespace lanegrad::setting_values
