#include "engine/optimizers/adam.h"

#include <cmath>

#include "engine/tensor/arithmetic.h"
#include "engine/tensor/reduce.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

TEST_CASE("the first step of adam moves each weight by the learning rate", "[optimizers]") {
  const Tensor w(NdArray::from({3}, {1, 1, 1}), true);
  Adam adam({w}, {.learning_rate = 0.1});
  sum(w * Tensor(NdArray::from({3}, {1e-3f, 5, -200}))).backward();
  adam.step();
  CHECK(w.data().at({0}) == Approx(0.9).epsilon(1e-4));
  CHECK(w.data().at({1}) == Approx(0.9).epsilon(1e-6));
  CHECK(w.data().at({2}) == Approx(1.1).epsilon(1e-6));
  CHECK(adam.kind() == "Adam");
}

TEST_CASE("adam follows its formula over many steps", "[optimizers]") {
  const OptimizerOptions options{
      .learning_rate = 0.05, .weight_decay = 0.1, .beta1 = 0.8, .beta2 = 0.99, .epsilon = 1e-6};
  const Tensor w(NdArray::from({1}, {2}), true);
  Adam adam({w}, options);
  double expected = 2;
  double m = 0;
  double v = 0;
  for (int t = 1; t <= 50; ++t) {
    adam.zero_grad();
    sum(w * w * Real{0.5}).backward();  // gradient w
    adam.step();
    const double g = expected + *options.weight_decay * expected;
    m = *options.beta1 * m + (1 - *options.beta1) * g;
    v = *options.beta2 * v + (1 - *options.beta2) * g * g;
    const double m_hat = m / (1 - std::pow(*options.beta1, t));
    const double v_hat = v / (1 - std::pow(*options.beta2, t));
    expected -= *options.learning_rate * m_hat / (std::sqrt(v_hat) + *options.epsilon);
    INFO("step " << t);
    REQUIRE(w.item() == Approx(expected).margin(2e-5));
  }
  CHECK(std::abs(expected) < 1.0);
}

TEST_CASE("adamw takes the decay from the weight itself", "[optimizers]") {
  const Tensor w(NdArray::from({2}, {2, -4}), true);
  AdamW adam({w}, {.learning_rate = 0.5, .weight_decay = 0.5});
  CHECK(adam.kind() == "AdamW");
  sum(w * Tensor(NdArray::from({2}, {0, 3}))).backward();
  adam.step();
  CHECK(w.data().at({0}) == Approx(1.5));              // no gradient: 2 · (1 − 0.25)
  CHECK(w.data().at({1}) == Approx(-4 * 0.75 - 0.5));  // and the first step of Adam
  const Tensor usual(NdArray::from({1}, {1}), true);
  AdamW same({usual});
  sum(usual * Real{0}).backward();
  same.step();
  CHECK(usual.item() == Approx(1 - 0.001 * 0.01).epsilon(1e-7));  // the usual rate and decay
}

TEST_CASE("adam counts the steps of each tensor by itself", "[optimizers]") {
  const Tensor early(NdArray::from({1}, {1}), true);
  const Tensor late(NdArray::from({1}, {1}), true);
  Adam adam({early, late}, {.learning_rate = 0.1});
  for (int i = 0; i < 5; ++i) {
    adam.zero_grad();
    sum(early).backward();
    adam.step();
  }
  sum(late).backward();
  adam.step();
  CHECK(late.item() == Approx(0.9).epsilon(1e-6));  // as any first step
}

TEST_CASE("adam refuses settings out of range", "[optimizers]") {
  const Tensor w(NdArray::ones({1}), true);
  const auto with = [&](const OptimizerOptions& options) {
    return error_of([&] { Adam({w}, options); });
  };
  CHECK(with({.learning_rate = -1}) ==
        "InvalidArgument: optimizer: learning rate -1, expected a finite number of at least 0");
  CHECK(with({.beta1 = 1}) == "InvalidArgument: adam: beta1 1, expected at least 0 and below 1");
  CHECK(with({.beta2 = -0.1}) ==
        "InvalidArgument: adam: beta2 -0.1, expected at least 0 and below 1");
  CHECK(with({.epsilon = 0}) ==
        "InvalidArgument: adam: epsilon 0, expected a finite number above 0");
  CHECK(with({.weight_decay = -1}) ==
        "InvalidArgument: adam: weight decay -1, expected a finite number of at least 0");
  // The betas are checked as the kernel would see them.
  CHECK(with({.beta2 = 0.99999999}) ==
        "InvalidArgument: adam: beta2 0.99999999 is 1 as a 32-bit number, expected at least 0 and "
        "below 1");
  CHECK(with({.epsilon = 1e-46}) ==
        "InvalidArgument: adam: epsilon 1e-46 is 0 as a 32-bit number, expected a finite number "
        "above 0");
  CHECK(with({.weight_decay = 1e300}) ==
        "InvalidArgument: adam: weight decay 1e+300 is infinity as a 32-bit number, expected a "
        "finite number of at least 0");
}

}  // namespace lanegrad::test
