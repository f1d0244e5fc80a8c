// The kernels in plain loops, one element at a time; sums accumulate in double.
#include "engine/kernels/reference.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lanegrad::kernels::reference {

namespace {

Real normal_or_zero(Real x) { return std::abs(x) < std::numeric_limits<Real>::min() ? Real{0} : x; }

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

// Calls body(pixel, tap) for each pixel of the patch that filter o met in image n, except for
// pixels of the padding. `patch` is an offset as conv2d_max_pool gives it.
template <class Body>
void for_each_of_patch(const ConvPool& p, Index n, Index o, Index patch, Body body) {
  const Convolution& s = p.conv;
  const Index top = patch / s.c / (s.w + 2 * p.padding) - p.padding;
  const Index left = patch / s.c % (s.w + 2 * p.padding) - p.padding;
  for (Index tap = 0; tap < s.c * s.kh * s.kw; ++tap) {
    const Index y = top + tap / s.kw % s.kh;
    const Index x = left + tap % s.kw;
    if (y < 0 || y >= s.h || x < 0 || x >= s.w) continue;
    body(((n * s.c + tap / (s.kh * s.kw)) * s.h + y) * s.w + x, o * s.c * s.kh * s.kw + tap);
  }
}

Index conv2d_workspace(const ConvPool&) { return 0; }

void conv2d_max_pool(const ConvPool& p, const Real* x, const Real* filters, const Real* bias,
                     Real* y, std::int32_t* patches, Real*) {
  const Convolution& s = p.conv;
  const Index windows = p.ph() * p.pw();
  for (Index i = 0; i < s.n * s.o * windows; ++i) {
    const Index n = i / (s.o * windows), o = i / windows % s.o, window = i % windows;
    std::int32_t best = -1;
    for (Index j = 0; j < p.size * p.size; ++j) {
      const Index row = (window / p.pw() * p.step + j / p.size) * s.stride;
      const Index column = (window % p.pw() * p.step + j % p.size) * s.stride;
      const Index patch = (row * (s.w + 2 * p.padding) + column) * s.c;
      Real sum = bias ? bias[o] : 0;
      for_each_of_patch(p, n, o, patch,
                        [&](Index pixel, Index tap) { sum += x[pixel] * filters[tap]; });
      if (best >= 0 && !(sum > y[i]) && !(std::isnan(sum) && !std::isnan(y[i]))) continue;
      y[i] = sum;
      best = static_cast<std::int32_t>(patch);
    }
    if (patches) patches[(n * windows + window) * s.o + o] = best;
    if (p.relu && y[i] < 0) y[i] = 0;
  }
}

void conv2d_filter_gradient(const ConvPool& p, const Real* x, const Real* dy, Real* dw, Real*) {
  const Convolution& s = p.conv;
  std::fill(dw, dw + s.o * s.c * s.kh * s.kw, Real{0});
  for (Index i = 0; i < s.n * s.o * p.ph() * p.pw(); ++i) {
    const Index n = i / (s.o * p.ph() * p.pw()), o = i / (p.ph() * p.pw()) % s.o;
    const Index row = i / p.pw() % p.ph() * s.stride, column = i % p.pw() * s.stride;
    for_each_of_patch(p, n, o, (row * (s.w + 2 * p.padding) + column) * s.c,
                      [&](Index pixel, Index tap) { dw[tap] += dy[i] * x[pixel]; });
  }
}

void conv2d_max_pool_backward(const ConvPool& p, const Real* x, const Real* filters,
                              const std::int32_t* patches, const Real* y, const Real* dy, Real* dx,
                              Real* dw, Real* dbias, Real*) {
  const Convolution& s = p.conv;
  const Index windows = p.ph() * p.pw();
  std::fill(dw, dw + s.o * s.c * s.kh * s.kw, Real{0});
  if (dx) std::fill(dx, dx + s.n * s.c * s.h * s.w, Real{0});
  if (dbias) std::fill(dbias, dbias + s.o, Real{0});
  for (Index i = 0; i < s.n * s.o * windows; ++i) {
    if (p.relu && y[i] <= 0) continue;
    const Index n = i / (s.o * windows), o = i / windows % s.o;
    const Index patch = patches[(n * windows + i % windows) * s.o + o];
    for_each_of_patch(p, n, o, patch, [&](Index pixel, Index tap) {
      dw[tap] += dy[i] * x[pixel];
      if (dx) dx[pixel] += dy[i] * filters[tap];
    });
    if (dbias) dbias[o] += dy[i];
  }
}

// Calls body(plane, window, pixel) for every pixel of every window, numbered within their plane.
template <class Body>
void for_each_pixel(const Pooling& p, Body body) {
  for (Index plane = 0; plane < p.planes; ++plane) {
    for (Index window = 0; window < p.oh() * p.ow(); ++window) {
      const Index y = window / p.ow() * p.stride;
      const Index x = window % p.ow() * p.stride;
      for (Index i = 0; i < p.size * p.size; ++i) {
        body(plane, window, (y + i / p.size) * p.w + x + i % p.size);
      }
    }
  }
}

void max_pool2d(const Pooling& p, const Real* x, Real* y, std::int32_t* pixels) {
  const Index windows = p.oh() * p.ow();
  std::fill(pixels, pixels + p.planes * windows, -1);
  for_each_pixel(p, [&](Index plane, Index window, Index pixel) {
    const Index i = plane * windows + window;
    const Real value = x[plane * p.h * p.w + pixel];
    if (pixels[i] >= 0 && !(value > y[i]) && !(std::isnan(value) && !std::isnan(y[i]))) return;
    y[i] = value;
    pixels[i] = static_cast<std::int32_t>(pixel);
  });
}

void max_pool2d_backward(const Pooling& p, const Real* dy, const std::int32_t* pixels, Real* dx) {
  std::fill(dx, dx + p.planes * p.h * p.w, Real{0});
  const Index windows = p.oh() * p.ow();
  for (Index i = 0; i < p.planes * windows; ++i) dx[i / windows * p.h * p.w + pixels[i]] += dy[i];
}

void avg_pool2d(const Pooling& p, const Real* x, Real* y) {
  const Index windows = p.oh() * p.ow();
  std::fill(y, y + p.planes * windows, Real{0});
  for_each_pixel(p, [&](Index plane, Index window, Index pixel) {
    y[plane * windows + window] += x[plane * p.h * p.w + pixel];
  });
  for (Index i = 0; i < p.planes * windows; ++i) y[i] /= static_cast<Real>(p.size * p.size);
}

void avg_pool2d_backward(const Pooling& p, const Real* dy, Real* dx) {
  std::fill(dx, dx + p.planes * p.h * p.w, Real{0});
  const Real area = static_cast<Real>(p.size * p.size);
  for_each_pixel(p, [&](Index plane, Index window, Index pixel) {
    dx[plane * p.h * p.w + pixel] += dy[plane * p.oh() * p.ow() + window] / area;
  });
}

// Calls body(i) with the place of every value of a channel.
template <class Body>
void for_each_value(const BatchNorm& b, Index channel, Body body) {
  for (Index n = 0; n < b.n; ++n) {
    const Index begin = (n * b.channels + channel) * b.size;
    for (Index i = begin; i < begin + b.size; ++i) body(i);
  }
}

void batch_norm(const BatchNorm& b, const Real* x, const Real* weight, const Real* bias, Real* mean,
                Real* variance, Real* y) {
  const auto count = static_cast<double>(b.n * b.size);
  for (Index c = 0; c < b.channels; ++c) {
    if (b.training) {
      double sum = 0;
      for_each_value(b, c, [&](Index i) { sum += x[i]; });
      const double center = sum / count;
      double squares = 0;
      for_each_value(b, c, [&](Index i) { squares += (x[i] - center) * (x[i] - center); });
      mean[c] = static_cast<Real>(center);
      variance[c] = static_cast<Real>(squares / count);
    }
    const Real scale = weight[c] / std::sqrt(variance[c] + b.epsilon);
    for_each_value(b, c, [&](Index i) { y[i] = (x[i] - mean[c]) * scale + bias[c]; });
  }
}

void batch_norm_backward(const BatchNorm& b, const Real* x, const Real* weight, const Real* mean,
                         const Real* variance, const Real* dy, Real* dx, Real* dweight,
                         Real* dbias) {
  const auto count = static_cast<double>(b.n * b.size);
  for (Index c = 0; c < b.channels; ++c) {
    const double inverse = 1 / std::sqrt(static_cast<double>(variance[c]) + b.epsilon);
    double sum = 0;       // Σ dy
    double products = 0;  // Σ dy · the normalised x
    for_each_value(b, c, [&](Index i) {
      sum += dy[i];
      products += dy[i] * (x[i] - mean[c]) * inverse;
    });
    dweight[c] = static_cast<Real>(products);
    dbias[c] = static_cast<Real>(sum);
    if (!dx) continue;
    for_each_value(b, c, [&](Index i) {
      const double normalized = (x[i] - mean[c]) * inverse;
      const double through = b.training ? (sum + normalized * products) / count : 0;
      dx[i] = static_cast<Real>(weight[c] * inverse * (dy[i] - through));
    });
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

void gather_bytes(const std::uint8_t* x, const std::uint32_t* rows, Index count, Index width,
                  Real scale, Real shift, Real* out) {
  for (Index i = 0; i < count; ++i) {
    const std::uint8_t* row = x + static_cast<Index>(rows[i]) * width;
    for (Index j = 0; j < width; ++j) {
      out[i * width + j] = scale * static_cast<Real>(row[j]) + shift;
    }
  }
}

void warp_bytes(const std::uint8_t* x, const std::uint32_t* rows, const Affine* maps, Index count,
                Index h, Index w, Real scale, Real shift, std::uint32_t*, Real* out) {
  for (Index i = 0; i < count; ++i) {
    const std::uint8_t* picture = x + static_cast<Index>(rows[i]) * h * w;
    const auto pixel = [&](Real row, Real column) {
      const bool inside =
          row >= 0 && row < static_cast<Real>(h) && column >= 0 && column < static_cast<Real>(w);
      return inside ? Real{1} * picture[static_cast<Index>(row) * w + static_cast<Index>(column)]
                    : Real{0};
    };
    const Affine& map = maps[i];
    for (Index row = 0; row < h; ++row) {
      for (Index column = 0; column < w; ++column) {
        const auto x_out = static_cast<Real>(column);
        const auto y_out = static_cast<Real>(row);
        const Real x_in = map.xx * x_out + (map.xy * y_out + map.x0);
        const Real y_in = map.yx * x_out + (map.yy * y_out + map.y0);
        const Real left = std::floor(x_in);
        const Real top = std::floor(y_in);
        const Real share_x = x_in - left;
        const Real share_y = y_in - top;
        const Real upper = (1 - share_x) * pixel(top, left) + share_x * pixel(top, left + 1);
        const Real lower =
            (1 - share_x) * pixel(top + 1, left) + share_x * pixel(top + 1, left + 1);
        *out++ = scale * ((1 - share_y) * upper + share_y * lower) + shift;
      }
    }
  }
}

Index warp_workspace(Index, Index, Index) { return 0; }

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

void byte_moments(const std::uint8_t* x, Index n, ByteMoments& moments) {
  for (Index i = 0; i < n; ++i) {
    const std::uint64_t byte = x[i];
    moments.sum += byte;
    moments.squares += byte * byte;
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
      step = normal_or_zero(u.momentum * velocity[i] + step);
      velocity[i] = step;
      if (u.nesterov) step = g[i] + u.weight_decay * w[i] + u.momentum * step;
    }
    w[i] -= u.learning_rate * step;
  }
}

void adam_update(const AdamUpdate& u, Real* w, const Real* g, Real* m, Real* v, Index n) {
  for (Index i = 0; i < n; ++i) {
    const Real gradient = g[i] + u.weight_decay * w[i];
    m[i] = normal_or_zero(u.beta1 * m[i] + (1 - u.beta1) * gradient);
    v[i] = normal_or_zero(u.beta2 * v[i] + (1 - u.beta2) * gradient * gradient);
    const Real root = std::sqrt(v[i] / u.correction2) + u.epsilon;
    w[i] = normal_or_zero(u.shrink * w[i] - u.learning_rate * (m[i] / u.correction1) / root);
  }
}

void average_update(Real share, const Real* w, Real* average, Index n) {
  for (Index i = 0; i < n; ++i) {
    average[i] = normal_or_zero(average[i] + share * (w[i] - average[i]));
  }
}

}  // namespace lanegrad::kernels::reference
