// Convolution and its gradients against plain loops.
#include <vector>

#include "engine/kernels/kernels.h"
#include "engine/kernels/reference.h"
#include "tests/engine/catch.h"
#include "tests/engine/support/compare.h"
#include "tests/engine/support/each_target.h"
#include "tests/engine/support/guarded_array.h"
#include "tests/engine/support/random_array.h"

namespace lanegrad::kernels {
namespace {

using test::difference;
using test::each_target;
using test::GuardedArray;
using test::random_array;

std::size_t size_of(Index elements) { return static_cast<std::size_t>(elements); }

// Sums of so many products of numbers up to 1 may differ by a few roundings.
test::Tolerance rounding(Index products) { return {1e-6, 2e-7 * static_cast<double>(products)}; }

void check_convolution(const Convolution& s) {
  CAPTURE(s.n, s.c, s.h, s.w, s.o, s.kh, s.kw, s.stride);
  const Index taps = s.c * s.kh * s.kw;
  const Index places = s.oh() * s.ow();
  GuardedArray<Real> x(random_array(size_of(s.n * s.c * s.h * s.w), 1, -1, 1), 1);
  GuardedArray<Real> filters(random_array(size_of(s.o * taps), 2, -1, 1), 2);
  GuardedArray<Real> dy(random_array(size_of(s.n * s.o * places), 3, -1, 1), 3);
  const std::vector<Real> bias = random_array(size_of(s.o), 4, -1, 1);
  each_target([&] {
    for (const bool with_bias : {false, true}) {
      GuardedArray<Real> y(dy.span().size(), 1);
      std::vector<Real> want(y.span().size());
      conv2d(s, x.data(), filters.data(), with_bias ? bias.data() : nullptr, with_bias, y.data());
      reference::conv2d(s, x.data(), filters.data(), with_bias ? bias.data() : nullptr, with_bias,
                        want.data());
      CHECK(difference(y.span(), want, rounding(taps)) == "");
      CHECK(y.intact());
    }
    GuardedArray<Real> dw(filters.span().size(), 1);
    std::vector<Real> want_dw(dw.span().size());
    conv2d_filter_gradient(s, x.data(), dy.data(), dw.data());
    reference::conv2d_filter_gradient(s, x.data(), dy.data(), want_dw.data());
    CHECK(difference(dw.span(), want_dw, rounding(s.n * places)) == "");
    CHECK(dw.intact());

    GuardedArray<Real> dx(x.span().size(), 1);
    std::vector<Real> want_dx(dx.span().size());
    conv2d_input_gradient(s, filters.data(), dy.data(), dx.data());
    reference::conv2d_input_gradient(s, filters.data(), dy.data(), want_dx.data());
    CHECK(difference(dx.span(), want_dx, rounding(s.o * s.kh * s.kw)) == "");
    CHECK(dx.intact());
  });
}

TEST_CASE("convolution equals plain loops at every small size", "[kernels][conv]") {
  for (const Index h : {1, 2, 5}) {
    for (const Index w : {1, 3, 4, 13}) {
      for (const Index kernel : {1, 2, 3}) {
        if (kernel > h || kernel > w) continue;
        for (const Index stride : {1, 2, 3}) {
          for (const Index channels : {1, 2}) {
            check_convolution({2, channels, h, w, 4 - channels, kernel, kernel, stride});
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
               Convolution{3, 1, 1, 60, 2, 1, 7, 2});
  check_convolution(s);
}

TEST_CASE("a convolution by hand", "[kernels][conv]") {
  // [[1 2 3] [4 5 6] [7 8 9]] with [[1 0] [0 −1]]: each is a pixel less the one below and right of
  // it.
  const std::vector<Real> x{1, 2, 3, 4, 5, 6, 7, 8, 9}, filter{1, 0, 0, -1};
  const Convolution s{1, 1, 3, 3, 1, 2, 2, 1};
  each_target([&] {
    std::vector<Real> y(4), dw(4), dx(9);
    conv2d(s, x.data(), filter.data(), nullptr, false, y.data());
    CHECK(difference(y, std::vector<Real>{-4, -4, -4, -4}) == "");
    const std::vector<Real> dy{1, 0, 0, 1};
    conv2d_filter_gradient(s, x.data(), dy.data(), dw.data());
    CHECK(difference(dw, std::vector<Real>{6, 8, 12, 14}) == "");  // x[i] + x[i + 4]
    conv2d_input_gradient(s, filter.data(), dy.data(), dx.data());
    CHECK(difference(dx, std::vector<Real>{1, 0, 0, 0, 0, 0, 0, 0, -1}) == "");
  });
}

}  // namespace
}  // namespace lanegrad::kernels
