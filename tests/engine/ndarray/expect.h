// What tests of arrays and tensors say often: the values of an array, the text of an error, how far
// two arrays are apart.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "engine/core/error.h"
#include "engine/ndarray/ndarray.h"

namespace lanegrad::test {

inline std::vector<Real> values(const NdArray& x) { return {x.values().begin(), x.values().end()}; }

// "ShapeMismatch: add: [2, 3] and …", or "no error".
template <class Function>
std::string error_of(Function&& function) {
  try {
    function();
  } catch (const Error& error) {
    return str(to_string(error.code()), ": ", error.message());
  }
  return "no error";
}

// What the error is about; empty where there is none.
template <class Function>
Details details_of(Function&& function) {
  try {
    function();
  } catch (const Error& error) {
    return error.details();
  }
  return {};
}

// The largest |a − b| over the elements, each divided by max(|b|, floor · max |b|): elements that
// are tiny beside the others are measured by those. Infinity where shapes differ or one is NaN.
inline double relative_error(const NdArray& a, const NdArray& b, double floor = 0.01) {
  const double infinity = std::numeric_limits<double>::infinity();
  if (!(a.shape() == b.shape())) return infinity;
  double largest = 0;
  for (const Real value : b.values()) largest = std::max<double>(largest, std::abs(value));
  double worst = 0;
  for (std::size_t i = 0; i < b.values().size(); ++i) {
    const double expected = b.values()[i];
    const double difference = std::abs(a.values()[i] - expected);
    if (difference == 0) continue;
    const double error = difference / std::max(std::abs(expected), floor * largest);
    if (!(error <= worst)) worst = std::isnan(error) ? infinity : error;
  }
  return worst;
}

}  // namespace lanegrad::test
