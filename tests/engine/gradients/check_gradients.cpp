#include "tests/engine/gradients/check_gradients.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/error.h"

static_assert(sizeof(lanegrad::Real) == sizeof(double), "gradient checks want the double build");

namespace lanegrad::test {

namespace {

// Weights of the results, so that errors in different places do not cancel.
NdArray uneven(const Shape& shape) {
  NdArray weights = NdArray::uninitialized(shape);
  Real* out = weights.mutable_data();
  for (Index i = 0; i < shape.size(); ++i) out[i] = 1.5 + std::sin(static_cast<double>(3 * i + 1));
  return weights;
}

// ∂ Σ dy · forward() / ∂ leaf[i]. Differences come before the sum, which would round them away.
double numeric_gradient(const std::function<Tensor()>& forward, Tensor& leaf, Index i,
                        const NdArray& dy) {
  const double value = leaf.data().values()[static_cast<std::size_t>(i)];
  const double step = 1e-6 * std::max(1.0, std::abs(value));
  leaf.mutable_data()[i] = value + step;
  const NdArray above = forward().data();
  leaf.mutable_data()[i] = value - step;
  const NdArray below = forward().data();
  leaf.mutable_data()[i] = value;
  double sum = 0;
  for (std::size_t k = 0; k < dy.values().size(); ++k) {
    sum += dy.values()[k] * (above.values()[k] - below.values()[k]);
  }
  return sum / (2 * step);
}

void compare(const NdArray& gradient, const std::vector<double>& numeric, std::size_t leaf,
             GradientCheck& result) {
  for (std::size_t i = 0; i < numeric.size(); ++i) {
    const double value = gradient.values()[i];
    double error = std::abs(value - numeric[i]) / std::max(std::abs(numeric[i]), 0.01);
    if (std::isnan(error)) error = std::numeric_limits<double>::infinity();
    if (error > result.error) {
      result.error = error;
      result.where = str("leaf ", leaf, ", element ", i, ": ", value, ", numerically ", numeric[i]);
    }
  }
}

}  // namespace

GradientCheck check_gradients(const std::function<Tensor()>& forward, std::vector<Tensor> leaves) {
  const NdArray dy = uneven(forward().shape());
  std::vector<std::vector<double>> numeric;
  {
    const NoGrad no_grad;
    for (Tensor& leaf : leaves) {
      numeric.emplace_back();
      for (Index i = 0; i < leaf.size(); ++i) {
        numeric.back().push_back(numeric_gradient(forward, leaf, i, dy));
      }
    }
  }

  GradientCheck result;
  const auto check_with = [&](auto&& requires_grad) {
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      leaves[i].zero_grad();
      leaves[i].set_requires_grad(requires_grad(i));
    }
    const Tensor y = forward();
    if (y.requires_grad()) y.backward(dy);
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      if (leaves[i].grad().has_value() != requires_grad(i)) {
        result = {std::numeric_limits<double>::infinity(),
                  str("leaf ", i, requires_grad(i) ? " got no gradient" : " got a gradient")};
      } else if (requires_grad(i)) {
        compare(*leaves[i].grad(), numeric[i], i, result);
      }
    }
  };
  check_with([](std::size_t) { return true; });
  if (leaves.size() > 1) {
    for (std::size_t only = 0; only < leaves.size(); ++only) {
      check_with([only](std::size_t i) { return i == only; });
    }
  }
  for (Tensor& leaf : leaves) {
    leaf.zero_grad();
    leaf.set_requires_grad(true);
  }
  return result;
}

}  // namespace lanegrad::test
