// The kernels in plain loops, one element at a time; sums accumulate in double. Those of images are
// in reference_images.cpp, those of lists in reference_sparse.cpp.
#include "engine/kernels/reference.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lanegrad::kernels::reference {

namespace {

// x to the next multiple of twice the smallest number that is not denormal, where x has digits
// below that.
Real flush_denormal(Real x) {
  const Real shift = 3 * std::numeric_limits<Real>::min() / std::numeric_limits<Real>::epsilon();
  return (x + shift) - shift;
}

Real unary_value(Unary op, Real x) {
  switch (op) {
#define LANEGRAD_CASE(Function, name, value, ...) \
  case Unary::Function:                           \
    return value;
    LANEGRAD_UNARY(LANEGRAD_CASE)
#undef LANEGRAD_CASE
  }
  return std::numeric_limits<Real>::quiet_NaN();
}

Real unary_gradient(Unary op, Real x, Real y, Real dy) {
  switch (op) {
#define LANEGRAD_CASE(Function, name, value, gradient, ...) \
  case Unary::Function:                                     \
    return gradient;
    LANEGRAD_UNARY(LANEGRAD_CASE)
#undef LANEGRAD_CASE
  }
  return std::numeric_limits<Real>::quiet_NaN();
}

Real binary_value(Binary op, Real a, Real b) {
  switch (op) {
    case Binary::Add:
      return a + b;
    case Binary::Sub:
      return a - b;
    case Binary::Mul:
      return a * b;
    case Binary::Div:
      return a / b;
    case Binary::Pow:
      return std::pow(a, b);
    case Binary::Maximum:
      return a > b || std::isnan(a) ? a : b;
  }
  return std::numeric_limits<Real>::quiet_NaN();
}

// log Σ exp(x), as max + log Σ exp(x − max).
double log_sum_exp(const Real* x, Index classes) {
  double max = x[0];
  for (Index c = 1; c < classes; ++c) max = std::max<double>(max, x[c]);
  double sum = 0;
  for (Index c = 0; c < classes; ++c) sum += std::exp(x[c] - max);
  return max + std::log(sum);
}

}  // namespace

void gemm(const Gemm& g) {
  for (Index i = 0; i < g.m; ++i) {
    for (Index j = 0; j < g.n; ++j) {
      double sum = 0;
      for (Index l = 0; l < g.k; ++l) {
        const double a = g.transpose_a ? g.a[l * g.m + i] : g.a[i * g.k + l];
        const double b = g.transpose_b ? g.b[j * g.k + l] : g.b[l * g.n + j];
        sum += a * b;
      }
      Real& c = g.c[i * g.n + j];
      c = static_cast<Real>(g.accumulate ? c + sum : sum);
      if (g.bias) c += g.bias[j];
      if (g.relu) c = unary_value(Unary::Relu, c);
    }
  }
}

void unary(Unary op, const Real* x, Real* out, Index n) {
  for (Index i = 0; i < n; ++i) out[i] = unary_value(op, x[i]);
}

void unary_backward(Unary op, const Real* x, const Real* y, const Real* dy, Real* dx, Index n) {
  for (Index i = 0; i < n; ++i) dx[i] = unary_gradient(op, x[i], y[i], dy[i]);
}

void leaky_relu(Real slope, const Real* x, Real* out, Index n) {
  for (Index i = 0; i < n; ++i) out[i] = x[i] > 0 ? x[i] : slope * x[i];
}

void leaky_relu_backward(Real slope, const Real* x, const Real* dy, Real* dx, Index n) {
  for (Index i = 0; i < n; ++i) dx[i] = x[i] > 0 ? dy[i] : slope * dy[i];
}

void binary(Binary op, const Real* a, Index a_step, const Real* b, Index b_step, Real* out,
            Index n) {
  for (Index i = 0; i < n; ++i) out[i] = binary_value(op, a[i * a_step], b[i * b_step]);
}

void axpy(Real alpha, const Real* x, Real* y, Index n) {
  for (Index i = 0; i < n; ++i) y[i] += alpha * x[i];
}

void fill(Real value, Real* x, Index n) {
  for (Index i = 0; i < n; ++i) x[i] = value;
}

void reduce_sum(const Real* x, Real* out, Index outer, Index axis, Index inner) {
  for (Index o = 0; o < outer; ++o) {
    for (Index i = 0; i < inner; ++i) {
      double sum = 0;
      for (Index a = 0; a < axis; ++a) sum += x[(o * axis + a) * inner + i];
      out[o * inner + i] = static_cast<Real>(sum);
    }
  }
}

void reduce_max(const Real* x, Real* out, Index outer, Index axis, Index inner) {
  for (Index o = 0; o < outer; ++o) {
    for (Index i = 0; i < inner; ++i) {
      Real best = x[o * axis * inner + i];
      for (Index a = 1; a < axis; ++a) {
        best = binary_value(Binary::Maximum, best, x[(o * axis + a) * inner + i]);
      }
      out[o * inner + i] = best;
    }
  }
}

void reduce_argmax(const Real* x, std::int32_t* out, Index outer, Index axis, Index inner) {
  for (Index o = 0; o < outer; ++o) {
    for (Index i = 0; i < inner; ++i) {
      Index best = 0;
      for (Index a = 1; a < axis; ++a) {
        const Real value = x[(o * axis + a) * inner + i];
        const Real best_value = x[(o * axis + best) * inner + i];
        if (value > best_value || (std::isnan(value) && !std::isnan(best_value))) best = a;
      }
      out[o * inner + i] = static_cast<std::int32_t>(best);
    }
  }
}

bool all_finite(const Real* x, Index n) {
  return std::all_of(x, x + n, [](Real value) { return std::isfinite(value); });
}

double sum_of_squares(const Real* x, Index n) {
  double sum = 0;
  for (Index i = 0; i < n; ++i) sum += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  return sum;
}

void softmax(const Real* x, Real* y, Index rows, Index classes) {
  for (Index row = 0; row < rows; ++row, x += classes, y += classes) {
    const double total = log_sum_exp(x, classes);
    for (Index c = 0; c < classes; ++c) y[c] = static_cast<Real>(std::exp(x[c] - total));
  }
}

void softmax_backward(const Real* y, const Real* dy, Real* dx, Index rows, Index classes) {
  for (Index row = 0; row < rows; ++row, y += classes, dy += classes, dx += classes) {
    double sum = 0;
    for (Index c = 0; c < classes; ++c) sum += static_cast<double>(y[c]) * dy[c];
    for (Index c = 0; c < classes; ++c) dx[c] = static_cast<Real>(y[c] * (dy[c] - sum));
  }
}

void log_softmax(const Real* x, Real* y, Index rows, Index classes) {
  for (Index row = 0; row < rows; ++row, x += classes, y += classes) {
    const double total = log_sum_exp(x, classes);
    for (Index c = 0; c < classes; ++c) y[c] = static_cast<Real>(x[c] - total);
  }
}

void log_softmax_backward(const Real* y, const Real* dy, Real* dx, Index rows, Index classes) {
  for (Index row = 0; row < rows; ++row, y += classes, dy += classes, dx += classes) {
    double sum = 0;
    for (Index c = 0; c < classes; ++c) sum += dy[c];
    for (Index c = 0; c < classes; ++c) {
      dx[c] = static_cast<Real>(dy[c] - std::exp(static_cast<double>(y[c])) * sum);
    }
  }
}

Real softmax_cross_entropy(const Real* x, const std::int32_t* labels, Real smoothing, Real* d,
                           Index rows, Index classes) {
  const Real even = smoothing / static_cast<Real>(classes);
  double loss = 0;
  for (Index row = 0; row < rows; ++row, x += classes, d += classes) {
    const double total = log_sum_exp(x, classes);
    for (Index c = 0; c < classes; ++c) {
      const Real target = even + (c == labels[row] ? 1 - smoothing : 0);
      // A class with target 0 is left out, since its probability may be 0 and 0 · ∞ is NaN.
      if (target != 0) loss += static_cast<double>(target) * (total - x[c]);
      d[c] = static_cast<Real>(std::exp(x[c] - total)) - target;
    }
  }
  return static_cast<Real>(loss / static_cast<double>(rows));
}

void sgd_update(const SgdUpdate& u, Real* w, const Real* g, Real* velocity, Index n) {
  for (Index i = 0; i < n; ++i) {
    Real step = g[i] + u.weight_decay * w[i];
    if (velocity) {
      step = flush_denormal(u.momentum * velocity[i] + step);
      velocity[i] = step;
      if (u.nesterov) step = g[i] + u.weight_decay * w[i] + u.momentum * step;
    }
    w[i] -= u.learning_rate * step;
  }
}

void adam_update(const AdamUpdate& u, Real* w, const Real* g, Real* m, Real* v, Index n) {
  for (Index i = 0; i < n; ++i) {
    const Real gradient = g[i] + u.weight_decay * w[i];
    m[i] = flush_denormal(u.beta1 * m[i] + (1 - u.beta1) * gradient);
    v[i] = flush_denormal(u.beta2 * v[i] + (1 - u.beta2) * gradient * gradient);
    const Real root = std::sqrt(v[i] / u.correction2) + u.epsilon;
    w[i] = flush_denormal(u.shrink * w[i] - u.learning_rate * (m[i] / u.correction1) / root);
  }
}

void average_update(Real share, const Real* w, Real* average, Index n) {
  for (Index i = 0; i < n; ++i) {
    average[i] = flush_denormal(average[i] + share * (w[i] - average[i]));
  }
}

}  // namespace lanegrad::kernels::reference
