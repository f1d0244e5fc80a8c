// The kernels of images in plain loops: convolution, pooling, normalisation by channels, and bytes.
#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/kernels/reference.h"

namespace lanegrad::kernels::reference {

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
    if (patches) patches[(n * windows + window) * s.o + o] = p.relu && y[i] <= 0 ? -1 : best;
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
                              const std::int32_t* patches, const Real* dy, Real* dx, Real* dw,
                              Real* dbias, Real*) {
  const Convolution& s = p.conv;
  const Index windows = p.ph() * p.pw();
  std::fill(dw, dw + s.o * s.c * s.kh * s.kw, Real{0});
  if (dx) std::fill(dx, dx + s.n * s.c * s.h * s.w, Real{0});
  if (dbias) std::fill(dbias, dbias + s.o, Real{0});
  for (Index i = 0; i < s.n * s.o * windows; ++i) {
    const Index n = i / (s.o * windows), o = i / windows % s.o;
    const Index patch = patches[(n * windows + i % windows) * s.o + o];
    if (patch < 0) continue;
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

void gather_bytes(const std::uint8_t* x, const std::uint32_t* rows, Index count, Index channels,
                  Index width, const Levels* levels, Real* out) {
  for (Index i = 0; i < count * channels * width; ++i) {
    const Index image = i / (channels * width), channel = i / width % channels;
    const Index row = static_cast<Index>(rows[image]) * channels + channel;
    out[i] = levels[channel].scale * static_cast<Real>(x[row * width + i % width]) +
             levels[channel].shift;
  }
}

void warp_bytes(const std::uint8_t* x, const std::uint32_t* rows, const Affine* maps, Index count,
                Index channels, Index h, Index w, const Levels* levels, std::uint32_t*, Real* out) {
  for (Index i = 0; i < count * channels; ++i) {
    const auto [scale, shift] = levels[i % channels];
    const Index plane = static_cast<Index>(rows[i / channels]) * channels + i % channels;
    const std::uint8_t* picture = x + plane * h * w;
    const auto pixel = [&](Real row, Real column) {
      const bool inside =
          row >= 0 && row < static_cast<Real>(h) && column >= 0 && column < static_cast<Real>(w);
      return inside ? Real{1} * picture[static_cast<Index>(row) * w + static_cast<Index>(column)]
                    : Real{0};
    };
    const Affine& map = maps[i / channels];
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

void byte_moments(const std::uint8_t* x, Index n, ByteMoments& moments) {
  for (Index i = 0; i < n; ++i) {
    const std::uint64_t byte = x[i];
    moments.sum += byte;
    moments.squares += byte * byte;
  }
}

}  // namespace lanegrad::kernels::reference
