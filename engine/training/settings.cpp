// Settings by their keys, and what there is to say of them.
#include "engine/training/settings.h"

#include <algorithm>
#include <cctype>

#include "engine/core/error.h"

namespace lanegrad {

namespace {

using View = std::string_view;

// The words of a text with blanks between them.
std::vector<View> words_of(View text) {
  std::vector<View> words;
  while (!text.empty()) {
    const std::size_t blank = std::min(text.find(' '), text.size());
    words.push_back(text.substr(0, blank));
    text.remove_prefix(std::min(blank + 1, text.size()));
  }
  return words;
}

template <class List>
std::string joined(const List& list, View between) {
  std::string text;
  for (const View item : list) text += str(text.empty() ? "" : between, item);
  return text;
}

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
    text = str("For ", joined(words_of(setting.of), " and "), ": ");
    help[0] = static_cast<char>(std::tolower(help[0]));
  }
  text += help;
  if (!setting.choices.empty()) text += str(" One of ", joined(setting.choices, ", "), ".");
  if (setting.range) {
    std::string range = setting.range->text;
    range[0] = static_cast<char>(std::toupper(range[0]));
    text += str(" ", range, ".");
  }
  if (setting.images_only) text += " For images only.";
  return str(text, " Default: ", usual_values(setting), ".");
}

}  // namespace lanegrad
