// Settings by their keys, and what there is to say of them.
#include "engine/training/settings.h"

#include <cctype>

#include "engine/core/error.h"

namespace lanegrad {

namespace {

using View = std::string_view;

// "0.001, with sgd 0.01"
std::string usual_values(const Setting& setting) {
  std::string text;
  std::string first;
  for (const View optimizer : optimizer_names()) {
    if (setting.group == "optimizer" && !setting.belongs_to(optimizer)) continue;
    Recipe recipe = usual_recipe(optimizer);
    const std::string usual = setting_of(recipe, setting.key).read();
    if (text.empty()) text = first = usual;
    if (usual != first) text += str(", with ", optimizer, " ", usual);
  }
  return text;
}

}  // namespace

const std::vector<Setting>& settings() {
  static Recipe usual;
  static const std::vector<Setting> kSettings = settings_of(usual);
  return kSettings;
}

Setting setting_of(Recipe& recipe, View key) {
  std::string keys;
  for (const Setting& setting : settings_of(recipe)) {
    if (setting.key == key) return setting;
    keys += str(keys.empty() ? "" : ", ", setting.key);
  }
  fail(ErrorCode::NotFound, "recipe: nothing is called '", key, "', known are ", keys);
}

void set(Recipe& recipe, View key, View text) { setting_of(recipe, key).write(text); }

std::vector<std::pair<View, std::string>> entries(Recipe recipe) {
  std::vector<std::pair<View, std::string>> all;
  for (const Setting& setting : settings_of(recipe)) all.emplace_back(setting.key, setting.read());
  return all;
}

std::string usual_text(View key) {
  Recipe usual;
  return setting_of(usual, key).read();
}

Recipe usual_recipe(View optimizer) {
  Recipe usual;
  usual.optimizer_options = make_optimizer(optimizer, {}, {})->options();
  return usual;
}

std::string describe(const Setting& setting) {
  std::string text;
  std::string help(setting.help);
  if (!setting.of.empty()) {
    std::string of(setting.of);
    for (std::size_t at = of.find(' '); at != View::npos; at = of.find(' ', at + 5)) {
      of.replace(at, 1, " and ");
    }
    text = str("For ", of, ": ");
    help[0] = static_cast<char>(std::tolower(help[0]));
  }
  text += help;
  for (const View choice : setting.choices) {
    text += str(choice == setting.choices.front() ? " One of " : ", ", choice,
                choice == setting.choices.back() ? "." : "");
  }
  if (setting.range) {
    std::string range = setting.range->text;
    range[0] = static_cast<char>(std::toupper(range[0]));
    text += str(" ", range, ".");
  }
  if (setting.images_only) text += " For images only.";
  return str(text, " Default: ", usual_values(setting), ".");
}

}  // namespace lanegrad
