// Convolution and its gradients against plain loops.
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "tests/engine/support/twin.h"

namespace lanegrad::kernels {
namespace {

std::size_t size_of(Index elements) { return static_cast<std::size_t>(elements); }

// The tolerance for sums of this many products of numbers up to 1: a few roundings.
Tolerance rounding(Index products) { return {1e-6, 2e-7 * static_cast<double>(products)}; }

// A convolution without a pool: windows of a single result, side by side.
ConvPool without_pool(const Convolution& s, Index padding = 0, bool relu = false) {
  return {s, padding, 1, 1, relu};
}

// Fills images with `background`, except for what is in the middle of each.
void fill_around(std::span<Real> x, const Convolution& s, Real background) {
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Index row = static_cast<Index>(i) / s.w % s.h, column = static_cast<Index>(i) % s.w;
    if (row < s.h / 3 || row > s.h / 2 || column < s.w / 3 || column > s.w / 2) x[i] = background;
  }
}

void check_convolution(const Convolution& s, Index padding = 0, bool background = false) {
  CAPTURE(s.n, s.c, s.h, s.w, s.o, s.kh, s.kw, s.stride, padding);
  const Index taps = s.c * s.kh * s.kw;
  const ConvPool p = without_pool(s, padding);
  const Index places = p.ph() * p.pw();
  GuardedArray<Real> x(random_array(size_of(s.n * s.c * s.h * s.w), 1, -1, 1), 1);
  if (background) fill_around({x.data(), x.span().size()}, s, Real{-0.375});
  GuardedArray<Real> filters(random_array(size_of(s.o * taps), 2, -1, 1), 2);
  GuardedArray<Real> dy(random_array(size_of(s.n * s.o * places), 3, -1, 1), 3);
  const std::vector<Real> bias = random_array(size_of(s.o), 4, -1, 1);
  each_target([&] {
    GuardedArray<Real> workspace(size_of(conv2d_workspace(p)));
    for (const bool with_bias : {false, true}) {
      const ConvPool rectified = without_pool(s, padding, with_bias);
      const Real* b = with_bias ? bias.data() : nullptr;
      check_against_twin(
          std::vector<Real>(dy.span().size()), 1, rounding(taps),
          [&](Real* y) {
            conv2d_max_pool(rectified, x.data(), filters.data(), b, y, nullptr, workspace.data());
          },
          [&](Real* y) {
            reference::conv2d_max_pool(rectified, x.data(), filters.data(), b, y, nullptr, nullptr);
          });
      CHECK(workspace.intact());
    }
    check_against_twin(
        std::vector<Real>(filters.span().size()), 1, rounding(s.n * places),
        [&](Real* dw) { conv2d_filter_gradient(p, x.data(), dy.data(), dw, workspace.data()); },
        [&](Real* dw) { reference::conv2d_filter_gradient(p, x.data(), dy.data(), dw, nullptr); });
    CHECK(workspace.intact());
  });
}

TEST_CASE("convolution equals plain loops at every small size", "[kernels][conv]") {
  for (const Index h : {1, 2, 5}) {
    for (const Index w : {1, 3, 4, 13}) {
      for (const Index kernel : {1, 2, 3}) {
        if (kernel > h || kernel > w) continue;
        for (const Index stride : {1, 2, 3}) {
          for (const Index channels : {1, 2}) {
            for (const Index padding : {0, 2}) {
              check_convolution({2, channels, h, w, 4 - channels, kernel, kernel, stride}, padding);
            }
          }
        }
      }
    }
  }
}

TEST_CASE("convolution equals plain loops at the sizes of nets", "[kernels][conv]") {
  const auto s =
      GENERATE(Convolution{2, 1, 28, 28, 24, 5, 5, 1}, Convolution{2, 24, 12, 12, 32, 3, 3, 1},
               Convolution{1, 3, 9, 17, 7, 2, 5, 1}, Convolution{1, 1, 40, 40, 1, 1, 1, 1},
               Convolution{1, 70, 4, 4, 5, 3, 3, 1}, Convolution{1, 2, 15, 15, 600, 1, 1, 2},
               Convolution{3, 1, 1, 60, 2, 1, 7, 2}, Convolution{20, 6, 8, 8, 16, 5, 5, 1});
  check_convolution(s);
}

// Numbers of which all sums are exact, so that equal results of a window are equal in any order.
std::vector<Real> whole_numbers(std::size_t n, std::uint64_t seed) {
  std::vector<Real> x = random_array(n, seed, -3, 3);
  for (Real& value : x) value = std::round(value);
  return x;
}

// What is not finite in a test of pooled convolutions, and what images hold around their middle.
struct Special {
  bool nan_pixel = false;
  std::optional<Real> background = {};
  bool infinite_weight = false;
};

void check_pooled(const ConvPool& p, const Special& special = {}) {
  const Convolution& s = p.conv;
  CAPTURE(s.n, s.c, s.h, s.w, s.o, s.kh, s.kw, s.stride, p.padding, p.size, p.step, p.relu);
  const std::size_t results = size_of(s.n * s.o * p.ph() * p.pw());
  GuardedArray<Real> x(whole_numbers(size_of(s.n * s.c * s.h * s.w), 1), 1);
  // In the middle of an image, so that windows have numbers before it, or nothing else.
  if (special.nan_pixel) x.data()[size_of(s.h * s.w / 2)] = kNan;
  if (special.background) fill_around({x.data(), x.span().size()}, s, *special.background);
  GuardedArray<Real> filters(whole_numbers(size_of(s.o * s.c * s.kh * s.kw), 2), 2);
  if (special.infinite_weight) filters.data()[0] = std::numeric_limits<Real>::infinity();
  GuardedArray<Real> dy(whole_numbers(results, 3), 3);
  const std::vector<Real> bias = whole_numbers(size_of(s.o), 4);
  each_target([&] {
    GuardedArray<Real> workspace(size_of(conv2d_workspace(p)));
    GuardedArray<Real> y(results, 1), dx(x.span().size(), 1), dw(filters.span().size(), 2);
    GuardedArray<Real> dbias(bias.size(), 3);
    GuardedArray<std::int32_t> patches(results, 1);
    std::vector<Real> want_y(results), want_dx(dx.span().size()), want_dw(dw.span().size());
    std::vector<Real> want_dbias(bias.size());
    std::vector<std::int32_t> want_patches(results);
    const Real* b = p.relu ? bias.data() : nullptr;
    conv2d_max_pool(p, x.data(), filters.data(), b, y.data(), patches.data(), workspace.data());
    reference::conv2d_max_pool(p, x.data(), filters.data(), b, want_y.data(), want_patches.data(),
                               nullptr);
    CHECK(difference(y.span(), want_y) == "");
    CHECK(std::vector<std::int32_t>(patches.span().begin(), patches.span().end()) == want_patches);
    CHECK((y.intact() && patches.intact()));
    for (const bool with_x : {true, false}) {
      conv2d_max_pool_backward(p, x.data(), filters.data(), patches.data(), dy.data(),
                               with_x ? dx.data() : nullptr, dw.data(),
                               with_x ? dbias.data() : nullptr, workspace.data());
      reference::conv2d_max_pool_backward(p, x.data(), filters.data(), patches.data(), dy.data(),
                                          with_x ? want_dx.data() : nullptr, want_dw.data(),
                                          with_x ? want_dbias.data() : nullptr, nullptr);
      CHECK(difference(dw.span(), want_dw) == "");
      CHECK(difference(dx.span(), want_dx) == "");
      CHECK(difference(dbias.span(), want_dbias) == "");
      CHECK((dw.intact() && dx.intact() && dbias.intact() && workspace.intact()));
    }
  });
}

TEST_CASE("convolution and pooling in one equal plain loops", "[kernels][conv]") {
  for (const Index w : {4, 6, 13}) {
    for (const Index kernel : {1, 2, 3}) {
      for (const Index stride : {1, 2}) {
        for (const Index padding : {0, 1}) {
          for (const Index size : {1, 2, 3}) {
            for (const Index step : {1, 2, 3}) {
              const Convolution s{2, size, 5, w, 4 - kernel, kernel, kernel, stride};
              const ConvPool p{s, padding, size, step, step == 2};
              if (size * step > 1 && size <= (5 + 2 * padding - kernel) / stride + 1 &&
                  size <= (w + 2 * padding - kernel) / stride + 1) {
                check_pooled(p);
              }
            }
          }
        }
      }
    }
  }
}

TEST_CASE("convolution and pooling in one equal plain loops at the sizes of nets",
          "[kernels][conv]") {
  const auto p = GENERATE(ConvPool{{20, 1, 28, 28, 24, 5, 5, 1}, 0, 2, 2, true},
                          ConvPool{{2, 24, 12, 12, 32, 3, 3, 1}, 0, 2, 2, true},
                          ConvPool{{2, 8, 12, 12, 16, 5, 5, 1}, 0, 2, 2, false},
                          ConvPool{{3, 1, 28, 28, 9, 3, 3, 1}, 1, 2, 2, true},
                          ConvPool{{1, 70, 6, 7, 33, 3, 3, 1}, 1, 3, 2, true},
                          ConvPool{{2, 3, 9, 30, 17, 2, 7, 2}, 3, 2, 2, false});
  check_pooled(p);
}

TEST_CASE("convolution and pooling in one let NaN through", "[kernels][conv]") {
  check_pooled({{2, 2, 9, 9, 5, 3, 3, 1}, 1, 2, 2, true}, {.nan_pixel = true});
}

TEST_CASE("convolution equals plain loops where images are mostly background", "[kernels][conv]") {
  const auto s =
      GENERATE(Convolution{2, 1, 28, 28, 24, 5, 5, 1}, Convolution{3, 1, 9, 17, 7, 2, 5, 1},
               Convolution{2, 1, 20, 150, 3, 3, 4, 2}, Convolution{2, 1, 5, 6, 2, 3, 2, 3});
  check_convolution(s, 0, true);
}

TEST_CASE("convolution and pooling in one equal plain loops where images are mostly background",
          "[kernels][conv]") {
  for (const Index size : {1, 2, 3}) {
    for (const Index step : {1, 2, 3, 4}) {
      if (size * step == 1) continue;
      for (const Index stride : {1, 2}) {
        check_pooled({{20, 1, 28, 28, 24, 5, 5, stride}, 0, size, step, step == 2},
                     {.background = Real{-2}});
        check_pooled({{2, 1, 19, 75, 7, 2, 3, stride}, 0, size, step, step == 2},
                     {.background = Real{0}});
        check_pooled({{2, 2, 19, 15, 7, 2, 3, stride}, 1, size, step, step == 2},
                     {.background = Real{3}});
      }
    }
  }
}

TEST_CASE("an infinite weight is not hidden by a background of zeros", "[kernels][conv]") {
  check_pooled({{2, 1, 28, 28, 8, 5, 5, 1}, 0, 2, 2, false},
               {.background = Real{0}, .infinite_weight = true});
}

TEST_CASE("a convolution by hand", "[kernels][conv]") {
  // [[1 2 3] [4 5 6] [7 8 9]] with [[1 0] [0 −1]]: each is a pixel less the one below and right of
  // it.
  const std::vector<Real> x{1, 2, 3, 4, 5, 6, 7, 8, 9}, filter{1, 0, 0, -1};
  const ConvPool p = without_pool({1, 1, 3, 3, 1, 2, 2, 1});
  each_target([&] {
    std::vector<Real> y(4), dw(4), workspace(size_of(conv2d_workspace(p)));
    conv2d_max_pool(p, x.data(), filter.data(), nullptr, y.data(), nullptr, workspace.data());
    CHECK(difference(y, std::vector<Real>{-4, -4, -4, -4}) == "");
    const std::vector<Real> dy{1, 0, 0, 1};
    conv2d_filter_gradient(p, x.data(), dy.data(), dw.data(), workspace.data());
    CHECK(difference(dw, std::vector<Real>{6, 8, 12, 14}) == "");  // x[i] + x[i + 4]
  });
}

}  // namespace
}  // namespace lanegrad::kernels
