// gemm against plain loops, over awkward shapes, both transposes and accumulation.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "tests/engine/support/twin.h"

namespace lanegrad::kernels {
namespace {

struct Product {
  Index m, n, k;
};

std::size_t count(Index a, Index b) { return static_cast<std::size_t>(a * b); }

// What summing in any order may differ by: 2 · k · ε · Σ |a||b|, and ε for adding c.
std::vector<double> tolerances(Gemm g, std::span<const Real> c) {
  std::vector<Real> a(g.a, g.a + g.m * g.k);
  std::vector<Real> b(g.b, g.b + g.k * g.n);
  std::vector<Real> sums(count(g.m, g.n));
  for (Real& x : a) x = std::abs(x);
  for (Real& x : b) x = std::abs(x);
  g.a = a.data();
  g.b = b.data();
  g.c = sums.data();
  g.accumulate = false;
  reference::gemm(g);
  constexpr double kEpsilon = std::numeric_limits<Real>::epsilon();
  std::vector<double> out(sums.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = kEpsilon * (2 * static_cast<double>(g.k) * sums[i] + std::abs(c[i]));
  }
  return out;
}

// c of both kernels must agree, and nothing but c may be written.
void check_product(const Product& p, bool transpose_a, bool transpose_b, bool accumulate,
                   std::size_t misaligned_by) {
  CAPTURE(p.m, p.n, p.k, transpose_a, transpose_b, accumulate, misaligned_by);
  GuardedArray<Real> a(random_array(count(p.m, p.k), 1), misaligned_by);
  GuardedArray<Real> b(random_array(count(p.k, p.n), 2), misaligned_by);
  const std::vector<Real> c = random_array(count(p.m, p.n), 3);
  Gemm g{a.data(), b.data(), nullptr, p.m, p.n, p.k, transpose_a, transpose_b, accumulate};
  const std::vector<double> tolerance = tolerances(g, c);
  const auto into = [&](Real* out) {
    g.c = out;
    return g;
  };
  check_against_twin(
      c, misaligned_by, tolerance, [&](Real* out) { gemm(into(out)); },
      [&](Real* out) { reference::gemm(into(out)); });
  CHECK(a.intact());
  CHECK(b.intact());
}

TEST_CASE("gemm equals plain loops at every small size", "[kernels][gemm]") {
  each_target([] {
    for (const Index m : {0, 1, 2, 3, 4, 5, 7, 8, 9, 17}) {
      for (const Index n : {0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 33, 47, 48, 49}) {
        for (const Index k : {0, 1, 2, 3, 4, 5, 8, 17}) {
          const auto mix = static_cast<unsigned>(m * 7 + n * 3 + k);  // all cases turn up often
          check_product({m, n, k}, mix & 1, mix & 2, mix & 4, mix % 5 % 4);
        }
      }
    }
  });
}

TEST_CASE("gemm equals plain loops in every mode", "[kernels][gemm]") {
  const auto p =
      GENERATE(Product{1, 1, 1}, Product{5, 10, 17}, Product{64, 10, 33}, Product{33, 65, 129},
               Product{63, 31, 64}, Product{1, 129, 784}, Product{17, 100, 300});
  each_target([&] {
    for (int mode = 0; mode < 8; ++mode) check_product(p, mode & 1, mode & 2, mode & 4, 1);
  });
}

TEST_CASE("gemm equals plain loops across the edges of blocks", "[kernels][gemm]") {
  // More than one block of each size, and one element beyond; b read in place and packed.
  const auto p = GENERATE(Product{64, 128, 784}, Product{513, 3, 5}, Product{3, 1030, 9},
                          Product{4, 520, 257}, Product{129, 129, 257}, Product{520, 515, 3});
  each_target([&] {
    check_product(p, false, false, false, 0);
    check_product(p, true, true, true, 3);
  });
}

TEST_CASE("gemm has the same bits wherever its arrays lie", "[kernels][gemm]") {
  each_target([] {
    const std::vector<Real> a = random_array(33 * 300, 1);
    const std::vector<Real> b = random_array(300 * 50, 2);
    std::vector<Real> first;
    for (std::size_t misaligned_by = 0; misaligned_by < 4; ++misaligned_by) {
      GuardedArray<Real> here_a(a, misaligned_by);
      GuardedArray<Real> here_b(b, misaligned_by);
      GuardedArray<Real> c(33 * 50, misaligned_by);
      const Gemm g{here_a.data(), here_b.data(), c.data(), 33, 50, 300};
      gemm(g);
      if (misaligned_by == 0) first.assign(c.span().begin(), c.span().end());
      CHECK(difference(c.span(), first) == "");
    }
  });
}

TEST_CASE("gemm lets NaN and infinities through", "[kernels][gemm]") {
  each_target([&] {
    // a: [9, 3] has one NaN in row 8, b: [3, 17] one infinity in column 16.
    std::vector<Real> a(9 * 3, 1), b(3 * 17, 1), want(9 * 17, 3);
    a[8 * 3 + 1] = kNan;
    b[2 * 17 + 16] = kInfinity;
    for (std::size_t row = 0; row < 9; ++row) want[row * 17 + 16] = kInfinity;
    for (std::size_t col = 0; col < 17; ++col) want[8 * 17 + col] = kNan;
    std::vector<Real> c(9 * 17, kNan);  // not accumulated: what was there does not count
    const Gemm g{a.data(), b.data(), c.data(), 9, 17, 3};
    gemm(g);
    CHECK(difference(c, want) == "");
  });
}

TEST_CASE("the tolerance of gemm is no wider than one lost product", "[kernels][gemm]") {
  const std::vector<Real> a = random_array(8 * 200, 1, 0.5, 1);
  const std::vector<Real> b = random_array(200 * 8, 2, 0.5, 1);
  std::vector<Real> full(64), short_of_one(64);
  Gemm g{a.data(), b.data(), full.data(), 8, 8, 200};
  reference::gemm(g);
  const std::vector<double> tolerance = tolerances(g, full);
  std::vector<Real> shorter = b;
  std::fill(shorter.end() - 8, shorter.end(), Real{0});
  g.b = shorter.data();
  g.c = short_of_one.data();
  reference::gemm(g);
  CHECK_FALSE(difference(short_of_one, full, tolerance).empty());
}

TEST_CASE("gemm adds the bias and rectifies as separate steps would", "[kernels][gemm]") {
  const auto p = GENERATE(Product{1, 1, 1}, Product{7, 10, 0}, Product{64, 10, 33},
                          Product{9, 49, 300}, Product{33, 530, 5});
  each_target([&] {
    for (int mode = 0; mode < 8; ++mode) {
      const bool with_bias = mode & 1;
      const bool relu = mode & 2;
      CAPTURE(p.m, p.n, p.k, mode);
      const std::vector<Real> a = random_array(count(p.m, p.k), 1);
      const std::vector<Real> b = random_array(count(p.k, p.n), 2);
      GuardedArray<Real> bias(random_array(count(1, p.n), 4), 1);
      GuardedArray<Real> c(random_array(count(p.m, p.n), 3), 1);
      std::vector<Real> want(c.span().begin(), c.span().end());
      Gemm g{a.data(), b.data(), want.data(), p.m, p.n, p.k};
      g.accumulate = mode & 4;
      gemm(g);
      for (Index row = 0; row < p.m; ++row) {
        Real* to = want.data() + row * p.n;
        if (with_bias) binary(Binary::Add, to, 1, bias.data(), 1, to, p.n);
        if (relu) unary(Unary::Relu, to, to, p.n);
      }
      g.c = c.data();
      g.bias = with_bias ? bias.data() : nullptr;
      g.relu = relu;
      gemm(g);
      CHECK(difference(c.span(), want) == "");
      CHECK(c.intact());
    }
  });
}

}  // namespace
}  // namespace lanegrad::kernels
