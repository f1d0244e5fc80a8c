// Reductions against their plain twins: long and short axes, first, middle and last.
#include <cmath>
#include <limits>
#include <vector>

#include "tests/engine/support/twin.h"

namespace lanegrad::kernels {
namespace {

struct Reduction {
  std::size_t outer, axis, inner;
  std::size_t in() const { return outer * axis * inner; }
  std::size_t out() const { return outer * inner; }
};

// Calls check(shape, misaligned_by) for axes of every length around the vector's width.
template <class Check>
void for_shapes(std::size_t first_axis, Check check) {
  for (const std::size_t outer : {0u, 1u, 3u}) {
    for (const std::size_t inner : {0u, 1u, 2u, 3u, 5u, 15u, 16u, 17u, 33u, 67u}) {
      for (std::size_t axis = first_axis; axis <= 33; axis += axis < 9 ? 1 : 4) {
        const std::size_t misaligned_by = (axis + inner) % 4;
        CAPTURE(outer, axis, inner, misaligned_by);
        check(Reduction{outer, axis, inner}, misaligned_by);
      }
    }
  }
}

void run_sum(const Reduction& r, const Real* x, Real* out) {
  reduce_sum(x, out, static_cast<Index>(r.outer), static_cast<Index>(r.axis),
             static_cast<Index>(r.inner));
}

void run_reference_sum(const Reduction& r, const Real* x, Real* out) {
  reference::reduce_sum(x, out, static_cast<Index>(r.outer), static_cast<Index>(r.axis),
                        static_cast<Index>(r.inner));
}

TEST_CASE("reduce_sum equals its twin", "[kernels][reduce]") {
  each_target([] {
    for_shapes(0, [](const Reduction& r, std::size_t misaligned_by) {
      GuardedArray<Real> x(random_array(r.in(), 1), misaligned_by);
      const Tolerance tolerance{0, 1.19e-7 * static_cast<double>(r.axis)};
      check_against_twin(
          std::vector<Real>(r.out()), misaligned_by, tolerance,
          [&](Real* out) { run_sum(r, x.data(), out); },
          [&](Real* out) { run_reference_sum(r, x.data(), out); });
    });
  });
}

TEST_CASE("a sum of a million numbers keeps its digits", "[kernels][reduce]") {
  // Added one by one in float, a million numbers near 0.1 go wrong in the third digit.
  const auto r = GENERATE(values<Reduction>({{1, 1000003, 1}, {1, 250001, 5}, {2, 20011, 67}}));
  CAPTURE(r.outer, r.axis, r.inner);
  const std::vector<Real> x = random_array(r.in(), 2, 0.05, 0.15);
  std::vector<Real> got(r.out()), want(r.out());
  run_reference_sum(r, x.data(), want.data());
  each_target([&] {
    run_sum(r, x.data(), got.data());
    CHECK(difference(got, want, {4 * 1.19e-7}) == "");
  });
}

TEST_CASE("sums of infinities and NaN are what they should be", "[kernels][reduce]") {
  struct Case {
    Real first, second, sum;
  };
  const auto c = GENERATE(values<Case>({{kInfinity, 1, kInfinity},
                                        {-kInfinity, -kInfinity, -kInfinity},
                                        {kInfinity, -kInfinity, kNan},
                                        {kNan, 1, kNan},
                                        {kNan, kInfinity, kNan}}));
  const std::size_t inner = GENERATE(1u, 3u, 40u);
  const std::size_t axis = GENERATE(2u, 17u, 3000u);
  CAPTURE(c.first, c.second, inner, axis);
  std::vector<Real> x(axis * inner, Real{1});
  for (std::size_t i = 0; i < inner; ++i) {
    x[i] = c.first;
    x[(axis - 1) * inner + i] = c.second;
  }
  each_target([&] {
    std::vector<Real> got(inner);
    run_sum({1, axis, inner}, x.data(), got.data());
    CHECK(difference(got, std::vector<Real>(inner, c.sum)) == "");
  });
}

void check_max_and_argmax(const Reduction& r, std::span<const Real> values,
                          std::size_t misaligned_by) {
  GuardedArray<Real> x(values, misaligned_by);
  GuardedArray<Real> max(r.out(), misaligned_by);
  GuardedArray<std::int32_t> argmax(r.out(), misaligned_by);
  std::vector<Real> want_max(r.out());
  std::vector<std::int32_t> want_argmax(r.out());
  const auto outer = static_cast<Index>(r.outer);
  const auto axis = static_cast<Index>(r.axis);
  const auto inner = static_cast<Index>(r.inner);
  reference::reduce_max(x.data(), want_max.data(), outer, axis, inner);
  reference::reduce_argmax(x.data(), want_argmax.data(), outer, axis, inner);
  reduce_max(x.data(), max.data(), outer, axis, inner);
  reduce_argmax(x.data(), argmax.data(), outer, axis, inner);
  CHECK(difference(max.span(), want_max) == "");
  CHECK(std::vector<std::int32_t>(argmax.span().begin(), argmax.span().end()) == want_argmax);
  CHECK(max.intact());
  CHECK(argmax.intact());
}

TEST_CASE("reduce_max and reduce_argmax equal their twins", "[kernels][reduce]") {
  each_target([] {
    for_shapes(1, [](const Reduction& r, std::size_t misaligned_by) {
      check_max_and_argmax(r, random_array(r.in(), 1), misaligned_by);
    });
  });
}

TEST_CASE("reduce_argmax takes the first of equals", "[kernels][reduce]") {
  each_target([] {
    for_shapes(1, [](const Reduction& r, std::size_t misaligned_by) {
      std::vector<Real> x = random_array(r.in(), 1, 0, 3);
      for (Real& value : x) value = std::floor(value);  // 0, 1, 2: many are equal
      check_max_and_argmax(r, x, misaligned_by);
    });
  });
}

TEST_CASE("the first NaN is the maximum", "[kernels][reduce]") {
  each_target([] {
    for_shapes(1, [](const Reduction& r, std::size_t misaligned_by) {
      std::vector<Real> x = random_array(r.in(), 1);
      for (std::size_t i = 0; i < x.size(); i += 7) x[i] = kNan;
      for (std::size_t i = 3; i < x.size(); i += 5) x[i] = kInfinity;
      check_max_and_argmax(r, x, misaligned_by);
    });
  });
}

TEST_CASE("where all is minus infinity, so is the maximum", "[kernels][reduce]") {
  each_target([] {
    for_shapes(1, [](const Reduction& r, std::size_t misaligned_by) {
      check_max_and_argmax(r, std::vector<Real>(r.in(), -kInfinity), misaligned_by);
    });
  });
}

TEST_CASE("all_finite finds the one that is not", "[kernels][reduce]") {
  each_target([] {
    for (const std::size_t n : {0u, 1u, 2u, 15u, 16u, 17u, 33u, 1100u}) {
      CAPTURE(n);
      std::vector<Real> x = random_array(n, 1, -1e30, 1e30);
      CHECK(all_finite(x.data(), static_cast<Index>(n)));
      if (n > 0) x[n / 3] = std::numeric_limits<Real>::max();
      CHECK(all_finite(x.data(), static_cast<Index>(n)));
      bool all_found = true;
      for (std::size_t i = 0; i < n; ++i) {
        for (const Real bad : {kInfinity, -kInfinity, kNan}) {
          const Real good = x[i];
          x[i] = bad;
          all_found &= !all_finite(x.data(), static_cast<Index>(n));
          all_found &= !reference::all_finite(x.data(), static_cast<Index>(n));
          x[i] = good;
        }
      }
      CHECK(all_found);
    }
  });
}

TEST_CASE("byte_moments are exact, also where 32 bits are not enough", "[kernels][reduce]") {
  for (const std::size_t n : {0u, 1u, 15u, 784u, 65536u, 65537u, 200000u}) {
    CAPTURE(n);
    std::vector<std::uint8_t> x(n, 255);
    if (n > 2) x[n / 2] = 3;
    ByteMoments got{.sum = 5, .squares = 7};
    ByteMoments want = got;
    byte_moments(x.data(), static_cast<Index>(n), got);
    reference::byte_moments(x.data(), static_cast<Index>(n), want);
    CHECK(got.sum == want.sum);
    CHECK(got.squares == want.squares);
    const std::uint64_t white = n - (n > 2);
    CHECK(got.sum == 5 + 255 * white + (n > 2 ? 3 : 0));
  }
}

TEST_CASE("sum_of_squares equals its twin", "[kernels][reduce]") {
  each_target([] {
    for (const std::size_t n : {0u, 1u, 2u, 7u, 31u, 63u, 64u, 65u, 127u, 1024u, 1025u, 5000u}) {
      CAPTURE(n);
      GuardedArray<Real> x(random_array(n, n), n % 4);
      const double want = reference::sum_of_squares(x.data(), static_cast<Index>(n));
      CHECK(sum_of_squares(x.data(), static_cast<Index>(n)) == Approx(want).epsilon(1e-6));
    }
    for (std::size_t n = 0; n <= 40; ++n) {
      const std::vector<Real> twos(n, Real{2});
      CHECK(sum_of_squares(twos.data(), static_cast<Index>(n)) == 4 * static_cast<double>(n));
    }
    const std::vector<Real> far(70, Real(3e38)), near(70, Real(1e-40));
    CHECK(sum_of_squares(far.data(), 70) == Approx(70 * 9e76));
    CHECK(sum_of_squares(near.data(), 70) == Approx(70 * 1e-80).epsilon(1e-4).margin(0));
    std::vector<Real> x(70, Real{1});
    for (const std::size_t i : {std::size_t{0}, std::size_t{33}, std::size_t{69}}) {
      x[i] = kNan;
      CHECK(std::isnan(sum_of_squares(x.data(), 70)));
      x[i] = kInfinity;
      CHECK(std::isinf(sum_of_squares(x.data(), 70)));
      x[i] = 1;
    }
  });
}

}  // namespace
}  // namespace lanegrad::kernels
