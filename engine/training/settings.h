// The one table of all settings of a training. The options of the terminal and their help, the
// types and names in JavaScript, the form and the address of the page, the keys of checkpoints, and
// docs/settings.md come from it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/range.h"
#include "engine/training/recipe.h"

namespace lanegrad {

// What a value is. A seed is a whole number below 2^64, which may be more than a double can hold.
enum class SettingKind { Text, Choice, Number, Whole, Seed, Flag };
// "text", "choice", "number", "whole", "seed" or "flag".
std::string_view to_string(SettingKind kind);

struct Setting {
  std::string_view key;  // "label-smoothing"; in JavaScript it is called labelSmoothing
  // What JavaScript has it in: "optimizer", "schedule" or "augment"; "" where it stands alone. In
  // the group of its own key it is called "name".
  std::string_view group = {};
  // A shorter name in the terminal and in the page's address, or "".
  std::string_view alias = {};
  std::string_view title;       // what sentences call it: "label smoothing"
  std::string_view value = {};  // what its value is called in help texts, "SHARE"; "" for a flag
  std::string_view help;        // one sentence or more
  // The optimizers or schedules that it belongs to, "cosine one-cycle"; "" for all.
  std::string_view of = {};
  bool images_only = false;

  SettingKind kind = SettingKind::Text;
  const Range* range = nullptr;  // null unless it is a number
  std::span<const std::string_view> (*choices)() = nullptr;

  // As text; write() throws what set() throws.
  void (*write)(Recipe& recipe, std::string_view key, std::string_view text) = nullptr;
  std::string (*read)(const Recipe& recipe) = nullptr;
  // As a number, which is not checked: 1 for a flag that is set, NaN where it has its usual value.
  // Null for texts.
  void (*assign)(Recipe& recipe, double number) = nullptr;
  double (*number)(const Recipe& recipe) = nullptr;

  // Whether the optimizer or schedule of this name has it.
  bool belongs_to(std::string_view choice) const;
};

// All settings, in the order in which they are listed.
std::span<const Setting> settings();

// The usual values of all settings, where this optimizer is chosen.
Recipe usual_recipe(std::string_view optimizer);
// All that there is to say of a setting: "For sgd: the share of its velocity that a step keeps. At
// least 0 and below 1. Default: 0."
std::string describe(const Setting& setting);

// Sets the setting `key` from its text. Throws NotFound for an unknown key, listing all, and
// InvalidArgument for a value that makes no sense: "recipe: batch-size '0', expected a whole number
// of at least 1". An empty text stands for the default of a setting that has one. Numbers keep 15
// digits.
void set(Recipe& recipe, std::string_view key, std::string_view text);
// All keys and their values as text; set() of all of them makes the same recipe.
std::vector<std::pair<std::string_view, std::string>> entries(const Recipe& recipe);

}  // namespace lanegrad
