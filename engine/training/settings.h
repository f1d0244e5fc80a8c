// All settings of a training by their keys. The options of the terminal and their help, the types
// and names in JavaScript, the form and the address of the page, the keys of checkpoints, and
// docs/settings.md come from the rows that settings_of() lists.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/setting.h"
#include "engine/training/recipe.h"

namespace lanegrad {

// The rows of all settings, with the values of Recipe().
const std::vector<Setting>& settings();

// The row of this key. Throws NotFound for an unknown key, listing all.
Setting setting_of(Recipe& recipe, std::string_view key);

// Sets the setting `key` from its text; throws what setting_of() and Setting::write() throw.
void set(Recipe& recipe, std::string_view key, std::string_view text);
// All keys and their values as text; set() of all of them makes the same recipe.
std::vector<std::pair<std::string_view, std::string>> entries(Recipe recipe);

// The usual value of a setting, as text.
std::string usual_text(std::string_view key);
// The usual values of all settings, where this optimizer is chosen.
Recipe usual_recipe(std::string_view optimizer);
// All that there is to say of a setting: "For sgd: the share of its velocity that a step keeps. At
// least 0 and below 1. Default: 0."
std::string describe(const Setting& setting);

}  // namespace lanegrad
