#include "engine/optimizers/optimizer.h"

#include <cstring>
#include <limits>
#include <memory>

#include "engine/optimizers/adam.h"
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

TEST_CASE("an optimizer with the state of another goes on as that one", "[optimizers]") {
  const std::vector<std::string> names = {"a", "b.c"};
  using Make = std::unique_ptr<Optimizer> (*)(std::vector<Tensor>);
  const Make makers[] = {
      [](std::vector<Tensor> w) -> std::unique_ptr<Optimizer> {
        return std::make_unique<Adam>(w, OptimizerOptions{.weight_decay = 0.1});
      },
      [](std::vector<Tensor> w) -> std::unique_ptr<Optimizer> {
        return std::make_unique<AdamW>(w,
                                       OptimizerOptions{.learning_rate = 0.3, .weight_decay = 0.1});
      },
      [](std::vector<Tensor> w) -> std::unique_ptr<Optimizer> {
        return std::make_unique<SGD>(w, OptimizerOptions{.weight_decay = 0.1});
      },
      [](std::vector<Tensor> w) -> std::unique_ptr<Optimizer> {
        return std::make_unique<SGD>(w, OptimizerOptions{.momentum = 0.9, .nesterov = true});
      },
  };
  const auto step = [](Optimizer& optimizer, bool both) {
    optimizer.zero_grad();
    const Tensor& a = optimizer.tensors()[0];
    sum(a * a).backward();
    const Tensor& b = optimizer.tensors()[1];
    if (both) sum(b * b * b).backward();
    optimizer.step();
  };
  for (const Make make : makers) {
    const auto tensors = [] {
      return std::vector<Tensor>{Tensor(NdArray::from({2}, {1, -2}), true),
                                 Tensor(NdArray::from({1, 3}, {0.1f, 2, 3}), true)};
    };
    const std::unique_ptr<Optimizer> first = make(tensors());
    INFO(first->kind());
    for (const bool both : {true, false, true}) step(*first, both);

    const std::unique_ptr<Optimizer> second = make(tensors());
    const std::vector<StateEntry> from = first->state(names);
    const std::vector<StateEntry> to = second->state(names);
    REQUIRE(from.size() == to.size());
    for (std::size_t i = 0; i < from.size(); ++i) {
      CHECK(from[i].name == to[i].name);
      CHECK(from[i].shape == to[i].shape);
      REQUIRE(from[i].bytes.size() == to[i].bytes.size());
      std::memcpy(to[i].place, from[i].bytes.data(), from[i].bytes.size());
    }
    for (std::size_t i = 0; i < 2; ++i) {
      Tensor weights = second->tensors()[i];
      weights.set_data(first->tensors()[i].data());
    }
    for (int i = 0; i < 3; ++i) {
      step(*first, true);
      step(*second, true);
    }
    for (std::size_t i = 0; i < 2; ++i) {
      CHECK(values(first->tensors()[i].data()) == values(second->tensors()[i].data()));
    }
  }
  Adam adam({Tensor(NdArray::ones({2}), true), Tensor(NdArray::ones({1, 3}), true)}, {});
  const std::vector<StateEntry> state = adam.state(names);
  REQUIRE(state.size() == 5);
  CHECK(state[1].name == "first_moment.b.c");
  CHECK(state[1].shape == Shape{1, 3});
  CHECK(state[1].dtype == "F32");
  CHECK(state[4].name == "steps");
  CHECK(state[4].dtype == "I64");
  CHECK(SGD({Tensor(NdArray::ones({2}), true)}, {}).state(names).empty());
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
