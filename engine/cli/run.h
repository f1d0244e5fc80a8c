// The whole command `train` as a function, so that tests can call it.
#pragma once

#include <iosfwd>
#include <span>
#include <string>

namespace lanegrad::cli {

struct Streams {
  std::ostream& out;
  std::ostream& err;
  bool err_is_terminal = false;
};

// Runs the command. Returns the exit code: 0 for success, 1 for a run that failed, 2 for arguments
// or data that cannot be used, and 128 plus the signal's number for a run that a signal ended and
// that was saved (SIGINT: 130). An error is one sentence on `err`.
int run(std::span<const std::string> arguments, const Streams& streams);

}  // namespace lanegrad::cli
