// A setting of a training: what there is to say of it, and where its value is. Its row stands in
// the file that uses the value; engine/training/settings.h has them all.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "engine/core/range.h"
#include "engine/core/real.h"

namespace lanegrad {

// What a value is. A seed is a whole number below 2^64, which may be more than a double can hold.
enum class SettingKind { Text, Choice, Number, Whole, Seed, Flag };
// "text", "choice", "number", "whole", "seed" or "flag".
std::string_view to_string(SettingKind kind);

// The place of a value: a text (a choice, where there are choices), an enum whose numbers count the
// choices, a number, one that may be left out, a whole number, a seed, or a flag.
using SettingValue = std::variant<std::string*, std::uint8_t*, double*, std::optional<double>*,
                                  Index*, std::uint64_t*, bool*>;
template <class Enum>
requires std::is_same_v<std::underlying_type_t<Enum>, std::uint8_t> SettingValue
choice_of(Enum& value) {
  return reinterpret_cast<std::uint8_t*>(&value);
}

// What people read of a setting. It is empty in a program that is linked with false, since it never
// shows it: the module for the web is 1 % smaller so.
extern const bool kSettingTexts;
struct SettingText : std::string_view {
  SettingText() = default;
  SettingText(const char* text)
      : std::string_view(kSettingTexts ? std::string_view(text) : std::string_view()) {}
};

struct Setting {
  std::string_view key;  // "label-smoothing"; in JavaScript it is called labelSmoothing
  // What JavaScript has it in: "optimizer", "schedule" or "augment"; "" where it stands alone. In
  // the group of its own key it is called "name".
  std::string_view group = {};
  // A shorter name in the terminal and in the page's address, or "".
  std::string_view alias = {};
  SettingText title;             // what sentences call it: "label smoothing"
  SettingText placeholder = {};  // what help texts call its value, "SHARE"; "" for a flag
  SettingText help;              // one sentence or more
  // The optimizers or schedules that it belongs to, "cosine one-cycle"; "" for all.
  std::string_view of = {};
  bool images_only = false;
  std::span<const std::string_view> choices = {};
  const Range* range = nullptr;  // null unless it is a number
  SettingValue value;

  SettingKind kind() const;
  bool is_number() const { return kind() != SettingKind::Text && kind() != SettingKind::Choice; }
  // Whether the optimizer or schedule of this name has it.
  bool belongs_to(std::string_view choice) const;

  // The value as text. Numbers keep 15 digits; an empty text stands for one that is left out.
  // Throws InvalidArgument for a value that makes no sense: "recipe: batch-size '0', expected a
  // whole number of at least 1"; NotFound for an unknown schedule.
  void write(std::string_view text);
  std::string read() const;
  // The value of a number or flag as a number, which is not checked: 1 for a flag that is set, NaN
  // for a number that is left out.
  void assign(double number);
  double number() const;
};

std::vector<Setting> joined(std::initializer_list<std::vector<Setting>> lists);

// The place of `name` among the names. Throws NotFound: "schedule: no schedule is called 'linear',
// known are constant, step".
std::size_t place_of(std::string_view name, std::span<const std::string_view> names,
                     std::string_view what);

}  // namespace lanegrad
