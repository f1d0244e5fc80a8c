// Comparison of arrays of numbers. NaN equals NaN, an infinity equals the same infinity, and
// neither equals anything else, however large the tolerance.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "engine/core/error.h"
#include "engine/core/real.h"

namespace lanegrad::test {

struct Tolerance {
  double relative = 0;  // of the wanted value
  double absolute = 0;
};

inline bool is_close(double got, double want, double tolerance) {
  if (std::isnan(want) || std::isnan(got)) return std::isnan(want) && std::isnan(got);
  if (std::isinf(want) || std::isinf(got)) return want == got;
  return std::abs(got - want) <= tolerance;
}

namespace detail {
template <class ToleranceAt>
std::string first_difference(std::span<const Real> got, std::span<const Real> want,
                             ToleranceAt tolerance_at) {
  if (got.size() != want.size()) return str(got.size(), " elements, want ", want.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    const double tolerance = tolerance_at(i);
    if (!is_close(got[i], want[i], tolerance)) {
      return str("element ", i, " is ", got[i], ", want ", want[i], ", off by ",
                 static_cast<double>(got[i]) - static_cast<double>(want[i]), ", tolerance ",
                 tolerance);
    }
  }
  return "";
}
}  // namespace detail

// Compares two arrays. The text is empty where every element is close enough, else a sentence on
// the first one that is not: CHECK(difference(got, want, {1e-6}) == "").
inline std::string difference(std::span<const Real> got, std::span<const Real> want,
                              Tolerance tolerance = {}) {
  return detail::first_difference(got, want, [&](std::size_t i) {
    return tolerance.absolute + tolerance.relative * std::abs(static_cast<double>(want[i]));
  });
}

// Compares two arrays with an absolute tolerance for each element. The text is empty where every
// element is close enough.
inline std::string difference(std::span<const Real> got, std::span<const Real> want,
                              std::span<const double> tolerances) {
  return detail::first_difference(got, want, [&](std::size_t i) { return tolerances[i]; });
}

}  // namespace lanegrad::test
