// The settings of trainings in JavaScript are objects, in which each setting of the engine's table
// has a name: { optimizer: { name: "sgd", learningRate: 0.1 }, batchSize: 64 }.
#pragma once

#include "wasm/bindings/values.h"

namespace lanegrad::boundary {

// What these settings make of the recipe that is recommended for their net. For data that are not
// images, the recommendations that only images can follow are left out.
Recipe recipe_in(const val& settings, bool images = true);
// All settings of a recipe; those that have no value of their own are left out.
val recipe_out(const Recipe& recipe);

// A recipe with the numbers of one group, { learningRate: 0.1 }, which are taken as they are:
// whoever uses them checks them.
Recipe group_in(std::string_view group, const val& numbers);
// The numbers of one group that belong to this choice.
val group_out(std::string_view group, const Recipe& recipe, std::string_view choice);

}  // namespace lanegrad::boundary
