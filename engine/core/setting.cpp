// How the values of settings are read from texts and numbers, and written.
#include "engine/core/setting.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "engine/core/error.h"
#include "engine/core/number.h"

namespace lanegrad {

namespace {

using View = std::string_view;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

[[noreturn]] void refuse(const Setting& setting, View text, View objection) {
  fail(ErrorCode::InvalidArgument, "recipe: ", setting.key, " '", text, "'", objection);
}

void parse(const Setting&, View text, std::string& value) { value = text; }

void parse(const Setting& setting, View text, std::uint8_t& value) {
  value = static_cast<std::uint8_t>(place_of(text, setting.choices, setting.key));
}

void parse(const Setting& setting, View text, double& value) {
  const std::optional<double> number = parse_number(text);
  const double given = number.value_or(kNaN);
  if (!setting.range->has(given)) refuse(setting, text, setting.range->objection(given));
  // The value is rounded to the 15 digits that its text has, so that the text says all of it.
  value = parse_number(number_text(*number, 15)).value_or(given);
}

void parse(const Setting& setting, View text, std::optional<double>& value) {
  if (text.empty()) return value.reset();
  double given = 0;
  parse(setting, text, given);
  value = given;
}

void parse(const Setting& setting, View text, bool& value) {
  if (text != "true" && text != "false") refuse(setting, text, ", expected true or false");
  value = text == "true";
}

template <class Whole>
void parse(const Setting& setting, View text, Whole& value) {
  const std::optional<std::uint64_t> number = parse_whole(text);
  if (!number || !std::in_range<Whole>(*number) ||
      !setting.range->has(static_cast<double>(*number))) {
    refuse(setting, text, str(", expected ", setting.range->text));
  }
  value = static_cast<Whole>(*number);
}

std::string text_of(const Setting&, const std::string& value) { return value; }
std::string text_of(const Setting& setting, std::uint8_t value) {
  return std::string(setting.choices[value]);
}
std::string text_of(const Setting&, double value) { return number_text(value, 15); }
std::string text_of(const Setting&, const std::optional<double>& value) {
  return value ? number_text(*value, 15) : "";
}
std::string text_of(const Setting&, Index value) { return str(value); }
std::string text_of(const Setting&, std::uint64_t value) { return whole_text(value); }
std::string text_of(const Setting&, bool value) { return value ? "true" : "false"; }

template <class T>
double number_of(const T& value) {
  return static_cast<double>(value);
}
double number_of(const std::string&) { return kNaN; }
double number_of(const std::optional<double>& value) { return value.value_or(kNaN); }

// Calls `use` with the pointer in `value`. std::visit would do it by tables of functions, and could
// throw.
template <std::size_t I = 0, class Use>
auto with_place(const SettingValue& value, const Use& use) {
  if constexpr (I + 1 < std::variant_size_v<SettingValue>) {
    if (value.index() != I) return with_place<I + 1>(value, use);
  }
  return use(*std::get_if<I>(&value));
}

}  // namespace

std::string_view to_string(SettingKind kind) {
  constexpr View kNames[] = {"text", "choice", "number", "whole", "seed", "flag"};
  return kNames[static_cast<std::size_t>(kind)];
}

SettingKind Setting::kind() const {
  using enum SettingKind;
  constexpr SettingKind kKinds[] = {Text, Choice, Number, Number, Whole, Seed, Flag};
  return choices.empty() ? kKinds[value.index()] : Choice;
}

bool Setting::belongs_to(View choice) const {
  return of.empty() || str(" ", of, " ").find(str(" ", choice, " ")) != std::string::npos;
}

void Setting::write(View text) {
  with_place(value, [&](auto* place) { parse(*this, text, *place); });
}

std::string Setting::read() const {
  return with_place(value, [&](const auto* place) { return text_of(*this, *place); });
}

void Setting::assign(double number) {
  with_place(value, [&]<class T>(T* place) {
    if constexpr (!std::is_same_v<T, std::string>) *place = static_cast<T>(number);
  });
}

double Setting::number() const {
  return with_place(value, [](const auto* place) { return number_of(*place); });
}

std::vector<Setting> joined(std::initializer_list<std::vector<Setting>> lists) {
  std::vector<Setting> all;
  for (const std::vector<Setting>& list : lists) all.insert(all.end(), list.begin(), list.end());
  return all;
}

std::size_t place_of(View name, std::span<const View> names, View what) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  std::string known;
  for (const View one : names) known += str(known.empty() ? "" : ", ", one);
  fail(ErrorCode::NotFound, what, ": no ", what, " is called '", name, "', known are ", known);
}

}  // namespace lanegrad
