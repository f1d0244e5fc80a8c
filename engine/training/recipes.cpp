// The recommended trainings of the catalog's nets.
#include "engine/training/recipe.h"

namespace lanegrad {

std::span<const NamedRecipe> recipes() {
  static const NamedRecipe kRecipes[] = {
      {"mlp", "A multi-layer perceptron with 128 hidden units.", {.net = "mlp"}},
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

}  // namespace lanegrad
