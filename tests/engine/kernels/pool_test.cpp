// Pooling against plain loops.
#include <vector>

#include "tests/engine/support/twin.h"

namespace lanegrad::kernels {
namespace {

std::size_t size_of(Index elements) { return static_cast<std::size_t>(elements); }

TEST_CASE("pooling equals plain loops", "[kernels][pool]") {
  const Index size = GENERATE(1, 2, 3);
  const Index stride = GENERATE(1, 2, 3);
  for (const Index h : {3, 4, 7}) {
    for (const Index w : {3, 8, 17, 33, 66}) {
      const Pooling p{3, h, w, size, stride};
      CAPTURE(h, w, size, stride);
      const std::size_t pixels = size_of(p.planes * h * w);
      const std::size_t windows = size_of(p.planes * p.oh() * p.ow());
      GuardedArray<Real> x(random_array(pixels, 1), 1);
      // Equal pixels and NaN: the first of them counts.
      for (std::size_t i = 0; i + 2 < pixels; i += 5) x.data()[i + 1] = x.data()[i];
      x.data()[pixels / 2] = kNan;
      x.data()[pixels / 2 + 1] = kNan;
      GuardedArray<Real> dy(random_array(windows, 2), 2);
      each_target([&] {
        GuardedArray<Real> y(windows, 1), dx(pixels, 3);
        GuardedArray<std::int32_t> places(windows, 1);
        std::vector<Real> want_y(windows), want_dx(pixels);
        std::vector<std::int32_t> want_places(windows);
        max_pool2d(p, x.data(), y.data(), places.data());
        reference::max_pool2d(p, x.data(), want_y.data(), want_places.data());
        CHECK(difference(y.span(), want_y) == "");
        CHECK(std::vector<std::int32_t>(places.span().begin(), places.span().end()) == want_places);
        CHECK((y.intact() && places.intact()));
        max_pool2d_backward(p, dy.data(), places.data(), dx.data());
        reference::max_pool2d_backward(p, dy.data(), places.data(), want_dx.data());
        CHECK(difference(dx.span(), want_dx) == "");
        CHECK(dx.intact());

        check_against_twin(
            std::vector<Real>(windows), 1, Tolerance{1e-6, 1e-6},
            [&](Real* out) { avg_pool2d(p, x.data(), out); },
            [&](Real* out) { reference::avg_pool2d(p, x.data(), out); });
        check_against_twin(
            std::vector<Real>(pixels), 3, Tolerance{1e-6, 1e-6},
            [&](Real* out) { avg_pool2d_backward(p, dy.data(), out); },
            [&](Real* out) { reference::avg_pool2d_backward(p, dy.data(), out); });
      });
    }
  }
}

}  // namespace
}  // namespace lanegrad::kernels
