// The recommended trainings of the catalog's nets.
#include "engine/training/recipe.h"

namespace lanegrad {

std::span<const NamedRecipe> recipes() {
  static const NamedRecipe kRecipes[] = {
      {"mlp", "Adam at a constant rate.", {.net = "mlp"}},
      {"lenet", "Adam at a constant rate.", {.net = "lenet"}},
      {"convnet", "Adam at a constant rate.", {.net = "convnet"}},
      {"fast", "Adam at a constant rate.", {.net = "fast"}},
      {"best", "Adam at a constant rate.", {.net = "best"}},
  };
  return kRecipes;
}

Recipe recipe_for(std::string_view net) {
  for (const NamedRecipe& known : recipes()) {
    if (known.name == net) return known.recipe;
  }
  Recipe recipe;
  recipe.net = net;
  return recipe;
}

Recipe recipe_with(std::span<const std::pair<std::string_view, std::string_view>> settings) {
  const auto last = [&](std::string_view wanted, std::string_view usual) {
    for (const auto& [key, text] : settings) {
      if (key == wanted) usual = text;
    }
    return usual;
  };
  Recipe recipe = recipe_for(last("net", "mlp"));
  if (last("optimizer", recipe.optimizer) != recipe.optimizer) recipe.optimizer_options = {};
  const std::string_view schedule = to_string(recipe.schedule.kind);
  if (last("schedule", schedule) != schedule) recipe.schedule = {};
  for (const auto& [key, text] : settings) set(recipe, key, text);
  return recipe;
}

}  // namespace lanegrad
