// The recommended trainings of the catalog's nets.
#include "engine/nets/spelling.h"
#include "engine/training/recipe.h"
#include "engine/training/settings.h"

namespace lanegrad {

namespace {

// The settings that all recommended trainings have in common. tests/bench/RECIPES.md says how the
// rest was chosen, and what it reaches.
Recipe usual(std::string_view net, double learning_rate, Index epochs, Index batch_size) {
  Recipe recipe;
  recipe.net = net;
  recipe.optimizer = "adamw";
  recipe.optimizer_options.learning_rate = learning_rate;
  recipe.schedule.kind = ScheduleKind::OneCycle;
  recipe.epochs = epochs;
  recipe.batch_size = batch_size;
  recipe.label_smoothing = 0.1;
  recipe.normalize = true;
  return recipe;
}

Recipe mlp() {
  Recipe recipe = usual("mlp", 0.006, 4, 100);
  recipe.augmentation = {.shift = 0.5, .rotation = 5};
  return recipe;
}

Recipe lenet() {
  Recipe recipe = usual("lenet", 0.004, 5, 100);
  recipe.augmentation = {.shift = 0.5, .rotation = 5};
  return recipe;
}

Recipe convnet() {
  Recipe recipe = usual("convnet", 0.004, 5, 100);
  recipe.augmentation = {.shift = 1, .rotation = 5};
  return recipe;
}

Recipe fast() {
  Recipe recipe = usual("fast", 0.04, 1, 50);
  recipe.schedule.end = 0.1;
  recipe.averaging = 0.99;
  return recipe;
}

Recipe best() {
  Recipe recipe = usual("best", 0.01, 12, 100);
  recipe.schedule.end = 0.02;
  recipe.averaging = 0.999;
  recipe.augmentation = {.shift = 2, .rotation = 10, .scale = 0.1, .shear = 5};
  return recipe;
}

constexpr NamedRecipe kRecipes[] = {
    {"mlp", "Four epochs, slightly turned and shifted images.", mlp},
    {"lenet", "Five epochs, slightly turned and shifted images.", lenet},
    {"convnet", "Five epochs, slightly turned and shifted images.", convnet},
    {"fast", "One epoch, averaged weights.", fast},
    {"best", "Strong augmentation, averaged weights.", best},
};

}  // namespace

std::span<const NamedRecipe> recipes() { return kRecipes; }

Recipe recipe_for(std::string_view net) {
  for (const NamedRecipe& known : recipes()) {
    if (net_words::is_word(net, known.name)) return known.recipe();
  }
  Recipe recipe;
  if (!net.empty()) recipe.net = net;
  return recipe;
}

Recipe recipe_with(std::span<const std::pair<std::string_view, std::string_view>> entries,
                   bool images) {
  const auto last = [&](std::string_view wanted, std::string_view usual) {
    for (const auto& [key, text] : entries) {
      if (key == wanted) usual = text;
    }
    return usual;
  };
  Recipe recipe = recipe_for(last("net", ""));
  if (last("optimizer", recipe.optimizer) != recipe.optimizer) recipe.optimizer_options = {};
  const std::string_view schedule = to_string(recipe.schedule.kind);
  if (last("schedule", schedule) != schedule) recipe.schedule = {};
  for (Setting& setting : settings_of(recipe)) {
    if (setting.images_only && !images) setting.write(usual_text(setting.key));
  }
  for (const auto& [key, text] : entries) set(recipe, key, text);
  return recipe;
}

}  // namespace lanegrad
