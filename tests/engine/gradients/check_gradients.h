// Compares gradients from backward() with numeric ones: central differences, in double.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/tensor/tensor.h"

namespace lanegrad::test {

struct GradientCheck {
  double error = 0;   // the largest relative error over all elements of all leaves
  std::string where;  // that element, for example "leaf 0, element 3: 2.02, numerically 2"
};

// `forward` computes a tensor of any shape from the leaves. Its gradient is taken for a fixed,
// uneven weighting of the results: once with all leaves requiring one, then with each alone.
// The relative error of a gradient g against the numeric n is |g − n| / max(|n|, 0.01).
GradientCheck check_gradients(const std::function<Tensor()>& forward, std::vector<Tensor> leaves);

constexpr double kGradientTolerance = 1e-6;

}  // namespace lanegrad::test
