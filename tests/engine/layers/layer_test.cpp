#include "engine/layers/layer.h"

#include "engine/core/random.h"
#include "engine/layers/activations.h"
#include "engine/layers/dense.h"
#include "engine/tensor/reduce.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

TEST_CASE("a layer goes backward from the output it remembers", "[layers]") {
  ReLU relu;
  const Tensor x(NdArray::from({1, 3}, {-1, 2, 3}), true);
  const Tensor y = relu.forward(x);
  relu.backward(NdArray::from({1, 3}, {10, 20, 30}));
  CHECK(values(y.data()) == std::vector<Real>{0, 2, 3});
  CHECK(values(*x.grad()) == std::vector<Real>{0, 20, 30});
}

TEST_CASE("backward before forward is an error", "[layers]") {
  ReLU relu;
  const NdArray dy = NdArray::ones({1, 3});
  const char* expected =
      "InvalidState: layer: backward of ReLU before its first forward with gradients on";
  CHECK(error_of([&] { relu.backward(dy); }) == expected);

  const Tensor x(NdArray::ones({1, 3}), true);
  {
    const NoGrad no_grad;
    relu.forward(x);
  }
  CHECK(error_of([&] { relu.backward(dy); }) == expected);
  relu.compute(x);  // what nets call: remembers nothing
  CHECK(error_of([&] { relu.backward(dy); }) == expected);
  relu.forward(x);
  CHECK(error_of([&] { relu.backward(dy); }) == "no error");
}

TEST_CASE("a layer knows whether it trains", "[layers]") {
  Tanh layer;
  CHECK(layer.training());
  layer.set_training(false);
  CHECK_FALSE(layer.training());
}

}  // namespace lanegrad::test
