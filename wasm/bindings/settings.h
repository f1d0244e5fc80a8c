// The settings of trainings in JavaScript are objects, in which each setting of the engine's table
// has a name: { optimizer: { name: "sgd", learningRate: 0.1 }, batchSize: 64 }.
#pragma once

#include "wasm/bindings/values.h"

namespace lanegrad::boundary {

// "learning-rate" -> "learningRate"
std::string camel(std::string_view key);
// What JavaScript calls a setting in the object that it stands in.
std::string name_of(const Setting& setting);
val value_out(const Setting& setting);

// What these settings make of the recipe that is recommended for their net. For data that are not
// images, the recommendations that only images can follow are left out.
Recipe recipe_in(const val& settings, bool images = true);
// All settings of a recipe; those that have no value of their own are left out.
val recipe_out(Recipe recipe);

// Gives settings the numbers of an object, { learningRate: 0.1 }, which are taken as they are:
// whoever uses them checks them.
void numbers_in(std::vector<Setting> settings, const val& numbers);
// The numbers of those settings that belong to this choice.
val numbers_of(const std::vector<Setting>& settings, std::string_view choice);

}  // namespace lanegrad::boundary
