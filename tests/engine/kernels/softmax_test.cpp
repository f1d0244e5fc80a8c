// Softmax and cross entropy against their plain twins, up to scores that would overflow.
#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/engine/support/twin.h"

namespace lanegrad::kernels {
namespace {

// Compares every kernel of softmax.cpp with its twin on scores x: [rows, classes].
void check_rows(std::span<const Real> scores, std::size_t row_count, std::size_t misaligned_by) {
  const std::size_t n = scores.size();
  const auto rows = static_cast<Index>(row_count);
  const auto classes = static_cast<Index>(n / row_count);
  double largest = 0;
  for (const Real score : scores) {
    if (std::isfinite(score)) largest = std::max<double>(largest, std::abs(score));
  }
  // x − max is rounded to the digits of the scores; an exponential turns that into relative error.
  const double rounding = 1.19e-7 * (4 + 2 * largest);
  GuardedArray<Real> x(scores, misaligned_by);
  std::vector<std::int32_t> labels(row_count);
  for (std::size_t row = 0; row < row_count; ++row) {
    labels[row] = static_cast<std::int32_t>((row * 7 + 1) % (n / row_count));
  }

  GuardedArray<Real> y(n, (misaligned_by + 1) % 4);
  std::vector<Real> want(n);
  reference::softmax(x.data(), want.data(), rows, classes);
  softmax(x.data(), y.data(), rows, classes);
  CHECK(difference(y.span(), want, {rounding, 1e-38}) == "");

  GuardedArray<Real> dp(random_array(n, 6), misaligned_by);
  GuardedArray<Real> dscores(n, (misaligned_by + 2) % 4);
  std::vector<Real> want_dscores(n);
  reference::softmax_backward(want.data(), dp.data(), want_dscores.data(), rows, classes);
  softmax_backward(want.data(), dp.data(), dscores.data(), rows, classes);
  CHECK(difference(dscores.span(), want_dscores, {0, 4 * 1.19e-7}) == "");
  CHECK(dscores.intact());
  softmax_backward(want.data(), dp.data(), dp.data(), rows, classes);  // in place
  CHECK(difference(dp.span(), want_dscores, {0, 4 * 1.19e-7}) == "");
  CHECK(dp.intact());

  for (const Real smoothing : {Real{0}, Real(0.1)}) {
    std::fill_n(y.data(), n, Real{7});
    std::vector<Real> want_d(n);
    const Real loss =
        softmax_cross_entropy(x.data(), labels.data(), smoothing, y.data(), rows, classes);
    const Real want_loss = reference::softmax_cross_entropy(x.data(), labels.data(), smoothing,
                                                            want_d.data(), rows, classes);
    CHECK(difference({&loss, 1}, {&want_loss, 1}, {4 * 1.19e-7, rounding}) == "");
    CHECK(difference(y.span(), want_d, {rounding, 1.19e-7}) == "");
    for (std::size_t i = 0; smoothing == 0 && i < n; ++i) {  // softmax − onehot
      const auto label = static_cast<std::size_t>(labels[i / (n / row_count)]);
      want_d[i] = want[i] - (i % (n / row_count) == label ? 1 : 0);
    }
    CHECK(difference(y.span(), want_d, {rounding, 1.19e-7}) == "");
  }

  reference::log_softmax(x.data(), want.data(), rows, classes);
  log_softmax(x.data(), y.data(), rows, classes);
  CHECK(difference(y.span(), want, {4 * 1.19e-7, rounding}) == "");
  CHECK(y.intact());

  GuardedArray<Real> dy(random_array(n, 5), misaligned_by);
  std::vector<Real> dx(n), want_dx(n);
  reference::log_softmax_backward(want.data(), dy.data(), want_dx.data(), rows, classes);
  log_softmax_backward(want.data(), dy.data(), dx.data(), rows, classes);
  const Tolerance sums{0, 1.19e-7 * (8 + static_cast<double>(classes))};
  CHECK(difference(dx, want_dx, sums) == "");
  log_softmax_backward(want.data(), dy.data(), dy.data(), rows, classes);  // in place
  CHECK(difference(dy.span(), want_dx, sums) == "");
  CHECK(dy.intact());
}

TEST_CASE("softmax kernels equal their twins at every width", "[kernels][softmax]") {
  each_target([] {
    for (std::size_t classes = 1; classes <= 33; ++classes) {
      for (const std::size_t rows : {1u, 2u, 5u}) {
        CAPTURE(classes, rows);
        check_rows(random_array(rows * classes, classes, -5, 5), rows, (classes + rows) % 4);
      }
    }
    check_rows(random_array(2000, 1, -5, 5), 2, 1);
    check_rows(random_array(5000, 1, -5, 5), 500, 0);
  });
}

TEST_CASE("softmax kernels stay stable for huge scores", "[kernels][softmax]") {
  const double shift = GENERATE(1000., -1000., 1e6);
  each_target([&] {
    std::vector<Real> x = random_array(60, 3, -20, 20);
    for (Real& score : x) score = static_cast<Real>(score + shift);
    check_rows(x, 6, 0);
  });
}

TEST_CASE("softmax kernels at special scores", "[kernels][softmax]") {
  const auto row = GENERATE(values<std::vector<Real>>({
      {0, 0, 0},
      {1e30f, -1e30f, 0},
      {-kInfinity, 0, 1},        // a class that is excluded
      {-kInfinity, -kInfinity},  // none is left: NaN
      {kInfinity, 0, 1},         // NaN, as in PyTorch
      {kNan, 0, 1, 2, 3},
      {0, 1, 2, 3, kNan},
      {-200, 0, -88, -100, -104},  // near 0 and below the smallest number
  }));
  CAPTURE(row);
  each_target([&] {
    std::vector<Real> rows = row;
    rows.insert(rows.end(), row.begin(), row.end());
    const auto classes = static_cast<Index>(row.size());
    std::vector<Real> got(rows.size()), want(rows.size());
    softmax(rows.data(), got.data(), 2, classes);
    reference::softmax(rows.data(), want.data(), 2, classes);
    CHECK(difference(got, want, {4 * 1.19e-7, 1e-38}) == "");
    log_softmax(rows.data(), got.data(), 2, classes);
    reference::log_softmax(rows.data(), want.data(), 2, classes);
    CHECK(difference(got, want, {4 * 1.19e-7}) == "");
  });
}

TEST_CASE("the loss of a sure and right answer is 0, of a sure and wrong one the distance",
          "[kernels][softmax]") {
  each_target([] {
    const std::vector<Real> x = {1000, 0, 0, 0, 0, 1000};
    std::vector<Real> p(6);
    const std::vector<std::int32_t> right = {0, 2};
    const std::vector<std::int32_t> half = {0, 1};
    CHECK(softmax_cross_entropy(x.data(), right.data(), 0, p.data(), 2, 3) == 0);
    CHECK(softmax_cross_entropy(x.data(), half.data(), 0, p.data(), 2, 3) == 500);
    CHECK(p == std::vector<Real>{0, 0, 0, 0, -1, 1});
  });
}

}  // namespace
}  // namespace lanegrad::kernels
