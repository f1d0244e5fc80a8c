#include "engine/optimizers/optimizer.h"

#include <limits>

#include "engine/optimizers/sgd.h"
#include "engine/tensor/arithmetic.h"
#include "engine/tensor/reduce.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

TEST_CASE("an optimizer leaves tensors without a gradient alone", "[optimizers]") {
  const Tensor used(NdArray::from({2}, {1, 2}), true);
  const Tensor unused(NdArray::from({2}, {1, 2}), true);
  SGD sgd({used, unused}, {.learning_rate = 1, .weight_decay = 0.5});
  sum(used * Real{3}).backward();
  sgd.step();
  CHECK(values(used.data()) == std::vector<Real>{-2.5f, -2});
  CHECK(values(unused.data()) == std::vector<Real>{1, 2});
}

TEST_CASE("zero_grad forgets gradients, which add up otherwise", "[optimizers]") {
  const Tensor w(NdArray::from({1}, {5}), true);
  SGD sgd({w}, {.learning_rate = 1});
  sum(w).backward();
  sum(w).backward();
  CHECK(values(*w.grad()) == std::vector<Real>{2});
  sgd.zero_grad();
  CHECK_FALSE(w.grad());
  sgd.step();
  CHECK(values(w.data()) == std::vector<Real>{5});
}

TEST_CASE("the learning rate may change between steps", "[optimizers]") {
  const Tensor w(NdArray::from({1}, {0}), true);
  SGD sgd({w}, {.learning_rate = 1});
  sum(w).backward();
  sgd.step();
  sgd.set_learning_rate(0.25);
  CHECK(sgd.learning_rate() == 0.25);
  sgd.step();
  CHECK(values(w.data()) == std::vector<Real>{-1.25f});
  sgd.set_learning_rate(0);
  sgd.step();
  CHECK(values(w.data()) == std::vector<Real>{-1.25f});
}

TEST_CASE("a step does not change copies of the weights", "[optimizers]") {
  const Tensor w(NdArray::from({1}, {1}), true);
  SGD sgd({w}, {.learning_rate = 1});
  const NdArray snapshot = w.data();
  sum(w).backward();
  sgd.step();
  CHECK(values(w.data()) == std::vector<Real>{0});
  CHECK(values(snapshot) == std::vector<Real>{1});
}

TEST_CASE("optimizers refuse rates and tensors that make no sense", "[optimizers]") {
  const Tensor w(NdArray::ones({2}), true);
  SGD sgd({w}, {});
  const double infinity = std::numeric_limits<double>::infinity();
  const auto set = [&](double rate) { return error_of([&] { sgd.set_learning_rate(rate); }); };
  CHECK(set(-0.1) ==
        "InvalidArgument: optimizer: learning rate -0.1, expected a finite number of at least 0");
  CHECK(set(std::numeric_limits<double>::quiet_NaN()) ==
        "InvalidArgument: optimizer: learning rate nan, expected a finite number of at least 0");
  CHECK(set(infinity) ==
        "InvalidArgument: optimizer: learning rate infinity, expected a finite number of at least "
        "0");
  CHECK(sgd.learning_rate() == 0.01);
  CHECK(error_of([&] { SGD({w}, {.learning_rate = -1}); }) ==
        "InvalidArgument: optimizer: learning rate -1, expected a finite number of at least 0");
  CHECK(error_of([&] {
          SGD({w, sum(w)}, {});
        }) ==
        "InvalidArgument: optimizer: tensor 1 was computed from others, expected one that holds "
        "its own values");
  CHECK(error_of([&] { SGD({Tensor()}, {}); }) ==
        "InvalidArgument: optimizer: tensor 0 is undefined, expected one that holds its own "
        "values");
}

}  // namespace lanegrad::test
