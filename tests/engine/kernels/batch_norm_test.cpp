// Batch normalisation against its plain twin: shapes around the width of a vector, means far from
// 0, small deviations.
#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/engine/support/twin.h"

namespace lanegrad::kernels {
namespace {

// Compares forward, in training and not, and backward. `scale`: how large the deviation of x is.
void check(const BatchNorm& shape, std::span<const Real> values, double scale = 1) {
  BatchNorm b = shape;
  CAPTURE(b.n, b.channels, b.size);
  const std::size_t total = values.size();
  const auto channels = static_cast<std::size_t>(b.channels);
  GuardedArray<Real> x(values, 1);
  GuardedArray<Real> dy(random_array(total, 2), 2);
  GuardedArray<Real> weight(random_array(channels, 3, 0.5, 2), 3);
  GuardedArray<Real> bias(random_array(channels, 4), 1);
  GuardedArray<Real> mean(channels, 2), variance(channels, 3), y(total, 1), dx(total, 3);
  GuardedArray<Real> dweight(channels, 1), dbias(channels, 2);
  std::vector<Real> want_mean(channels), want_variance(channels), want_y(total), want_dx(total);
  std::vector<Real> want_dweight(channels), want_dbias(channels);
  double largest = 0;
  for (const Real value : values) largest = std::max<double>(largest, std::abs(value));
  // The mean is rounded to the digits of x; that is an error relative to the deviation.
  const double rounding = 1.19e-7 * (8 + 4 * largest / scale);
  const double sums = rounding * static_cast<double>(b.n * b.size);

  for (const bool training : {true, false}) {
    CAPTURE(training);
    b.training = training;
    if (!training) {
      for (std::size_t c = 0; c < channels; ++c) {
        mean.data()[c] = want_mean[c] = static_cast<Real>(0.25 * static_cast<double>(c));
        variance.data()[c] = want_variance[c] = static_cast<Real>(0.5 + static_cast<double>(c));
      }
    }
    batch_norm(b, x.data(), weight.data(), bias.data(), mean.data(), variance.data(), y.data());
    reference::batch_norm(b, x.data(), weight.data(), bias.data(), want_mean.data(),
                          want_variance.data(), want_y.data());
    CHECK(difference(mean.span(), want_mean, {1.19e-7, 4 * 1.19e-7 * scale}) == "");
    CHECK(difference(variance.span(), want_variance, {32 * 1.19e-7}) == "");
    CHECK(difference(y.span(), want_y, {rounding, rounding}) == "");
    CHECK((mean.intact() && variance.intact() && y.intact()));

    batch_norm_backward(b, x.data(), weight.data(), want_mean.data(), want_variance.data(),
                        dy.data(), dx.data(), dweight.data(), dbias.data());
    reference::batch_norm_backward(b, x.data(), weight.data(), want_mean.data(),
                                   want_variance.data(), dy.data(), want_dx.data(),
                                   want_dweight.data(), want_dbias.data());
    double steepest = 0;
    for (std::size_t c = 0; c < channels; ++c) {
      steepest = std::max(steepest, weight.data()[c] / std::sqrt(want_variance[c] + b.epsilon) *
                                        (1.0 + largest / std::sqrt(want_variance[c] + b.epsilon)));
    }
    CHECK(difference(dx.span(), want_dx, {0, 1e-6 * steepest}) == "");
    CHECK(difference(dweight.span(), want_dweight, {1e-6, sums}) == "");
    CHECK(difference(dbias.span(), want_dbias, {1e-6, sums}) == "");
    CHECK((dx.intact() && dweight.intact() && dbias.intact()));
    const std::vector<Real> dweight_before(dweight.span().begin(), dweight.span().end());
    batch_norm_backward(b, x.data(), weight.data(), want_mean.data(), want_variance.data(),
                        dy.data(), nullptr, dweight.data(), dbias.data());
    CHECK(difference(dweight.span(), dweight_before) == "");
  }
}

std::size_t size_of(const BatchNorm& b) {
  return static_cast<std::size_t>(b.n * b.channels * b.size);
}

TEST_CASE("batch_norm equals its twin on images of every size", "[kernels][batch_norm]") {
  each_target([] {
    for (const Index n : {1, 2, 5}) {
      for (Index size = 2; size <= 2 * 16 + 1; ++size) {
        const BatchNorm b{n, 3, size, Real(1e-5)};
        check(b, random_array(size_of(b), static_cast<std::uint64_t>(size)));
      }
    }
    // Planes of several blocks, blocks of many planes.
    for (const BatchNorm b : {BatchNorm{2, 2, 5001, Real(1e-5)}, BatchNorm{300, 2, 25, Real(1e-5)},
                              BatchNorm{1, 1, 2048, Real(1e-5)}, BatchNorm{70, 1, 144, 0}}) {
      check(b, random_array(size_of(b), 7));
    }
  });
}

TEST_CASE("batch_norm equals its twin on rows of every width", "[kernels][batch_norm]") {
  each_target([] {
    for (const Index n : {2, 3, 64, 150}) {
      for (Index channels = 1; channels <= 2 * 16 + 1; ++channels) {
        const BatchNorm b{n, channels, 1, Real(1e-5)};
        check(b, random_array(size_of(b), static_cast<std::uint64_t>(channels)));
      }
      const BatchNorm wide{n, 200, 1, Real(1e-5)};
      check(wide, random_array(size_of(wide), 8));
    }
  });
}

TEST_CASE("batch_norm finds small deviations around large means", "[kernels][batch_norm]") {
  const Index size = GENERATE(1, 9, 64);
  const double mean = GENERATE(100., -1000.);
  each_target([&] {
    const BatchNorm b{400, 2, size, Real(1e-5)};
    const double scale = 0.1;
    check(b, random_array(size_of(b), 9, mean - scale, mean + scale), scale);
  });
}

TEST_CASE("batch_norm finds the variance where the first block is unlike the rest",
          "[kernels][batch_norm]") {
  const Index size = GENERATE(1, 64);
  each_target([&] {
    const BatchNorm b{2000, 2, size, Real(1e-5)};
    std::vector<Real> x = random_array(size_of(b), 9);
    for (std::size_t i = 0; i < 128; ++i) x[i] += 500;  // one image, or 64 rows
    check(b, x, 500 * std::sqrt(128.0 / static_cast<double>(x.size())));
  });
}

TEST_CASE("batch_norm of a constant channel is its bias", "[kernels][batch_norm]") {
  const Index size = GENERATE(1, 7);
  each_target([&] {
    const BatchNorm b{5, 2, size, Real(1e-5), true};
    const std::vector<Real> x(size_of(b), Real(0.7)), weight{3, 4}, bias{-1, 2};
    std::vector<Real> mean(2), variance(2), y(x.size());
    batch_norm(b, x.data(), weight.data(), bias.data(), mean.data(), variance.data(), y.data());
    for (std::size_t i = 0; i < y.size(); ++i) {
      const std::size_t c = i / static_cast<std::size_t>(size) % 2;
      CHECK(y[i] == Approx(bias[c]).margin(1e-3));
      CHECK(variance[c] < 1e-12);
      CHECK(variance[c] >= 0);
    }
  });
}

TEST_CASE("with a given mean and variance the input's gradient does not depend on the input",
          "[kernels][batch_norm]") {
  const Index size = GENERATE(1, 7, 20);
  each_target([&] {
    const BatchNorm b{4, 2, size, Real(1e-5)};
    std::vector<Real> x = random_array(size_of(b), 5);
    x.front() = kNan;
    x.back() = kInfinity;
    const std::vector<Real> dy = random_array(size_of(b), 6);
    const std::vector<Real> weight{3, 4}, mean{-1, 2}, variance{1, 2};
    std::vector<Real> dx(x.size()), want(x.size()), dweight(2), dbias(2);
    batch_norm_backward(b, x.data(), weight.data(), mean.data(), variance.data(), dy.data(),
                        dx.data(), dweight.data(), dbias.data());
    reference::batch_norm_backward(b, x.data(), weight.data(), mean.data(), variance.data(),
                                   dy.data(), want.data(), dweight.data(), dbias.data());
    for (std::size_t i = 0; i < x.size(); ++i) CHECK(dx[i] == Approx(want[i]).epsilon(1e-5));
  });
}

TEST_CASE("one NaN makes its channel NaN and no other", "[kernels][batch_norm]") {
  const Index size = GENERATE(1, 7, 20);
  each_target([&] {
    const BatchNorm b{4, 2, size, Real(1e-5), true};
    std::vector<Real> x = random_array(size_of(b), 5);
    x.back() = kNan;  // of channel 1
    const std::vector<Real> weight{3, 4}, bias{-1, 2};
    std::vector<Real> mean(2), variance(2), y(x.size());
    batch_norm(b, x.data(), weight.data(), bias.data(), mean.data(), variance.data(), y.data());
    CHECK((std::isnan(mean[1]) && std::isnan(variance[1])));
    for (std::size_t i = 0; i < y.size(); ++i) {
      CHECK(std::isnan(y[i]) == (i / static_cast<std::size_t>(size) % 2 == 1));
    }
  });
}

}  // namespace
}  // namespace lanegrad::kernels
