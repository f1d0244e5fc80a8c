// Binary kernels against their plain twins, in place and not.
#include "tests/engine/kernels/elementwise.h"

namespace lanegrad::kernels {

namespace {

constexpr Binary kBinaries[] = {Binary::Add, Binary::Sub, Binary::Mul,
                                Binary::Div, Binary::Pow, Binary::Maximum};

}  // namespace

TEST_CASE("binary kernels equal their twins", "[kernels][elementwise]") {
  each_target([] {
    for_lengths([](std::size_t n, std::size_t misaligned_by) {
      const auto length = static_cast<Index>(n);
      const std::vector<Real> values_a = random_array(std::max<std::size_t>(n, 1), n, 0.1, 3);
      const std::vector<Real> values_b = random_array(std::max<std::size_t>(n, 1), n + 1, -3, 3);
      for (const Binary op : kBinaries) {
        for (const Index a_step : {0, 1}) {
          for (const Index b_step : {0, 1}) {
            CAPTURE(static_cast<int>(op), a_step, b_step);
            // libm may choose the other one of two neighbours.
            const Tolerance tolerance{.relative = op == Binary::Pow ? 1.2e-7 : 0};
            GuardedArray<Real> a(values_a, misaligned_by);
            GuardedArray<Real> b(values_b, (misaligned_by + 1) % 4);
            GuardedArray<Real> out(n, (misaligned_by + 2) % 4);
            std::vector<Real> want(n);
            reference::binary(op, a.data(), a_step, b.data(), b_step, want.data(), length);
            binary(op, a.data(), a_step, b.data(), b_step, out.data(), length);
            CHECK(difference(out.span(), want, tolerance) == "");
            CHECK(out.intact());
            if (a_step == 1) {
              GuardedArray<Real> in_place(values_a, misaligned_by);
              binary(op, in_place.data(), 1, b.data(), b_step, in_place.data(), length);
              CHECK(difference(in_place.span().first(n), want, tolerance) == "");
              CHECK(in_place.intact());
            }
            if (b_step == 1) {
              GuardedArray<Real> in_place(values_b, misaligned_by);
              binary(op, a.data(), a_step, in_place.data(), 1, in_place.data(), length);
              CHECK(difference(in_place.span().first(n), want, tolerance) == "");
              CHECK(in_place.intact());
            }
          }
        }
      }
    });
  });
}

TEST_CASE("binary kernels equal their twins at every pair of special values",
          "[kernels][elementwise]") {
  const Binary op = GENERATE(from_range(std::begin(kBinaries), std::end(kBinaries)));
  CAPTURE(static_cast<int>(op));
  std::vector<Real> a, b;
  for (const Real left : kSpecials) {
    for (const Real right : kSpecials) {
      a.push_back(left);
      b.push_back(right);
    }
  }
  const auto n = static_cast<Index>(a.size());
  std::vector<Real> got(a.size()), want(a.size());
  reference::binary(op, a.data(), 1, b.data(), 1, want.data(), n);
  each_target([&] {
    binary(op, a.data(), 1, b.data(), 1, got.data(), n);
    CHECK(difference(got, want) == "");
  });
}

TEST_CASE("pow is the nearest number or its neighbour", "[kernels][elementwise]") {
  Random random(1);
  for (int i = 0; i < 20000; ++i) {
    const double size = std::ldexp(1 + random.uniform(), static_cast<int>(random.below(60)) - 30);
    const Real x = static_cast<Real>(size);
    const Real y = static_cast<Real>(20 * random.uniform() - 10);
    const Real want = static_cast<Real>(std::pow(static_cast<double>(x), static_cast<double>(y)));
    Real power = 0;
    binary(Binary::Pow, &x, 1, &y, 1, &power, 1);
    INFO(x << " to the power of " << y << ": " << power << ", expected " << want);
    CHECK((power == want || power == std::nextafter(want, power)));
  }
}

}  // namespace lanegrad::kernels
