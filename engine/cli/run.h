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

// Returns the exit code: 0, 1 for a run that failed, 2 for arguments or data that cannot be used,
// 128 and the signal's number for one that a signal ended and that was saved (SIGINT: 130).
// An error is one sentence on `err`.
int run(std::span<const std::string> arguments, const Streams& streams);

}  // namespace lanegrad::cli
