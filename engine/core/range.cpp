// Whether a number is in a range, and what is said where it is not.
#include "engine/core/range.h"

#include "engine/core/error.h"
#include "engine/core/real.h"

namespace lanegrad {

bool Range::spans(double value) const {
  return (low_too ? value >= low : value > low) && (high_too ? value <= high : value < high);
}

bool Range::has(double value) const {
  return spans(value) && (!rounded || spans(static_cast<double>(static_cast<Real>(value))));
}

std::string Range::objection(double value) const {
  if (!spans(value)) return str(", expected ", text);
  return str(" is ", static_cast<Real>(value), " as a 32-bit number, expected ", text);
}

void check_number(std::string_view op, std::string_view what, double value, const Range& range) {
  if (range.has(value)) return;
  // All digits, so that what rounds to 1 is not written as 1.
  fail(ErrorCode::InvalidArgument,
       {.op = std::string(op), .field = std::string(what), .value = value}, op, ": ", what, " ",
       number_text(value, 15), range.objection(value));
}

}  // namespace lanegrad
