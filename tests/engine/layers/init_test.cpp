#include "engine/layers/init.h"

#include <algorithm>
#include <cmath>

#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

TEST_CASE("initial weights have the variance of their formula", "[layers]") {
  constexpr Index kInputs = 300;
  constexpr Index kOutputs = 100;
  struct Sample {
    Init init;
    double variance;
    bool bounded;
  };
  const Sample samples[] = {{Init::KaimingUniform, 2.0 / 300, true},
                            {Init::KaimingNormal, 2.0 / 300, false},
                            {Init::XavierUniform, 2.0 / 400, true},
                            {Init::XavierNormal, 2.0 / 400, false}};
  for (const Sample& sample : samples) {
    Random random(7);
    const NdArray w = init_weights(sample.init, kInputs, kOutputs, random);
    REQUIRE(w.shape() == Shape{kInputs, kOutputs});
    double sum = 0;
    double squares = 0;
    double largest = 0;
    for (const Real value : w.values()) {
      sum += value;
      squares += static_cast<double>(value) * value;
      largest = std::max(largest, std::abs(static_cast<double>(value)));
    }
    const double n = static_cast<double>(w.size());
    INFO("init " << static_cast<int>(sample.init));
    // Four standard errors of a mean, and of a variance, over 30,000 numbers.
    CHECK(std::abs(sum / n) < 4 * std::sqrt(sample.variance / n));
    CHECK(squares / n == Approx(sample.variance).epsilon(4 * std::sqrt(2 / n)));
    const double bound = std::sqrt(3 * sample.variance);
    CHECK((largest <= bound * (1 + 1e-6)) == sample.bounded);
    CHECK(largest > 0.99 * bound);
  }
}

TEST_CASE("initial weights repeat with the generator", "[layers]") {
  Random a(3);
  Random b(3);
  Random c(4);
  const std::vector<Real> first = values(init_weights(Init::KaimingUniform, 5, 4, a));
  CHECK(first == values(init_weights(Init::KaimingUniform, 5, 4, b)));
  CHECK(first != values(init_weights(Init::KaimingUniform, 5, 4, c)));
  CHECK(first != values(init_weights(Init::KaimingUniform, 5, 4, a)));
}

}  // namespace lanegrad::test
