#include "engine/optimizers/sgd.h"

#include <limits>

#include "engine/tensor/arithmetic.h"
#include "engine/tensor/reduce.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

TEST_CASE("sgd, by hand", "[optimizers]") {
  const Tensor w(NdArray::from({2}, {1, -2}), true);
  SGD sgd({w}, {.learning_rate = 0.5});
  sum(w * w).backward();  // gradient 2w
  sgd.step();
  CHECK(values(w.data()) == std::vector<Real>{0, 0});
  CHECK(sgd.kind() == "SGD");
}

TEST_CASE("sgd with momentum and weight decay, by hand", "[optimizers]") {
  const Tensor w(NdArray::from({1}, {2}), true);
  SGD sgd({w}, {.learning_rate = 0.5, .weight_decay = 0.25, .momentum = 0.5});
  const auto step = [&] {
    sgd.zero_grad();
    sum(w).backward();  // gradient 1
    sgd.step();
    return w.item();
  };
  CHECK(step() == Approx(1.25));        // v = 1 + 0.25·2 = 1.5
  CHECK(step() == Approx(0.21875));     // v = 0.75 + 1 + 0.25·1.25 = 2.0625
  CHECK(step() == Approx(-0.8242188));  // v = 1.03125 + 1 + 0.25·0.21875 = 2.0859375
}

TEST_CASE("sgd with Nesterov's momentum, by hand", "[optimizers]") {
  const Tensor w(NdArray::from({1}, {2}), true);
  SGD sgd({w}, {.learning_rate = 0.5, .momentum = 0.5, .nesterov = true});
  const auto step = [&] {
    sgd.zero_grad();
    sum(w).backward();  // gradient 1
    sgd.step();
    return w.item();
  };
  CHECK(step() == Approx(1.25));   // v = 1, and the step 1 + 0.5 · 1
  CHECK(step() == Approx(0.375));  // v = 1.5, and the step 1 + 0.5 · 1.5
}

TEST_CASE("sgd refuses a momentum or weight decay out of range", "[optimizers]") {
  const Tensor w(NdArray::ones({1}), true);
  const auto with = [&](const OptimizerOptions& options) {
    return error_of([&] { SGD({w}, options); });
  };
  CHECK(with({.momentum = 1}) ==
        "InvalidArgument: sgd: momentum 1, expected at least 0 and below 1");
  CHECK(with({.momentum = -0.5}) ==
        "InvalidArgument: sgd: momentum -0.5, expected at least 0 and below 1");
  CHECK(with({.momentum = std::numeric_limits<double>::quiet_NaN()}) ==
        "InvalidArgument: sgd: momentum nan, expected at least 0 and below 1");
  CHECK(with({.nesterov = true}) ==
        "InvalidArgument: sgd: Nesterov's momentum of 0, expected a momentum above 0");
  CHECK(with({.weight_decay = -1}) ==
        "InvalidArgument: sgd: weight decay -1, expected a finite number of at least 0");
  CHECK(error_of([&] { SGD({w}, {.momentum = 0.99999999}); }) ==
        "InvalidArgument: sgd: momentum 0.99999999 is 1 as a 32-bit number, expected at least 0 "
        "and below 1");
}

}  // namespace lanegrad::test
