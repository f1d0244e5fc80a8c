// `npm run train`: trains a net on MNIST in the terminal.
#include <unistd.h>

#include <iostream>
#include <string>
#include <vector>

#include "engine/cli/run.h"

int main(int argc, char* argv[]) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  return lanegrad::cli::run(arguments, {std::cout, std::cerr, isatty(STDERR_FILENO) != 0});
}
