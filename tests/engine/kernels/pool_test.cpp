// Pooling against plain loops.
#include <limits>
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
      x.data()[pixels / 2] = std::numeric_limits<Real>::quiet_NaN();
      x.data()[pixels / 2 + 1] = std::numeric_limits<Real>::quiet_NaN();
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

        avg_pool2d(p, x.data(), y.data());
        reference::avg_pool2d(p, x.data(), want_y.data());
        CHECK(difference(y.span(), want_y, {1e-6, 1e-6}) == "");
        avg_pool2d_backward(p, dy.data(), dx.data());
        reference::avg_pool2d_backward(p, dy.data(), want_dx.data());
        CHECK(difference(dx.span(), want_dx, {1e-6, 1e-6}) == "");
        CHECK((y.intact() && dx.intact()));
      });
    }
  }
}

}  // namespace
}  // namespace lanegrad::kernels
