// What there is to say of settings.
#include <algorithm>
#include <cctype>

#include "engine/core/error.h"
#include "engine/training/settings.h"

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
    const std::string usual = setting.read(usual_recipe(optimizer));
    if (text.empty()) text = first = usual;
    if (usual != first) text += str(", with ", optimizer, " ", usual);
  }
  return text;
}

}  // namespace

bool Setting::belongs_to(View choice) const {
  for (const View word : words_of(of)) {
    if (word == choice) return true;
  }
  return of.empty();
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
  if (setting.choices) text += str(" One of ", joined(setting.choices(), ", "), ".");
  if (setting.range) {
    std::string range = setting.range->text;
    range[0] = static_cast<char>(std::toupper(range[0]));
    text += str(" ", range, ".");
  }
  if (setting.images_only) text += " For images only.";
  return str(text, " Default: ", usual_values(setting), ".");
}

}  // namespace lanegrad
