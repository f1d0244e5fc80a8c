#include "engine/layers/batch_norm.h"

#include <limits>

#include "engine/layers/dropout.h"
#include "engine/layers/sequential.h"
#include "engine/nets/net.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"
#include "tests/engine/support/allocations.h"

namespace lanegrad::test {

TEST_CASE("BatchNorm normalises the batch and follows its statistics", "[layers]") {
  BatchNorm layer(2, {.momentum = 0.5, .epsilon = 1e-9});
  const Tensor x(NdArray::from({2, 2}, {1, 10, 3, 30}));
  CHECK(relative_error(layer.forward(x).data(), NdArray::from({2, 2}, {-1, -1, 1, 1})) < 1e-5);
  // Means 2 and 20, variances of the sample 2 and 200, half of each.
  CHECK(relative_error(layer.running_mean().data(), NdArray::from({2}, {1, 10})) < 1e-6);
  CHECK(relative_error(layer.running_var().data(), NdArray::from({2}, {1.5f, 100.5f})) < 1e-6);
}

TEST_CASE("BatchNorm in evaluation uses what it has learned, and changes nothing", "[layers]") {
  BatchNorm layer(1);
  layer.set_training(false);
  std::vector<NamedTensor> buffers = layer.named_buffers();
  REQUIRE(buffers.size() == 2);
  CHECK((buffers[0].name == "running_mean" && buffers[1].name == "running_var"));
  CHECK_FALSE(buffers[0].tensor.requires_grad());
  buffers[0].tensor.set_data(NdArray::from({1}, {3}));  // as loading a checkpoint does
  buffers[1].tensor.set_data(NdArray::from({1}, {4}));
  const Tensor x(NdArray::from({1, 1, 1, 2}, {3, 7}));
  CHECK(relative_error(layer.forward(x).data(), NdArray::from({1, 1, 1, 2}, {0, 2})) < 1e-5);
  CHECK(layer.running_mean().data().item() == 3);
  CHECK(layer.running_var().data().item() == 4);
}

TEST_CASE("BatchNorm refuses what it cannot normalise", "[layers]") {
  BatchNorm layer(3);
  const auto forward = [&](const Shape& shape) {
    return error_of([&] { layer.forward(Tensor(NdArray::zeros(shape))); });
  };
  CHECK(forward({2, 4}) ==
        "ShapeMismatch: batch_norm: input [2, 4] for 3 features, expected [N, 3] or [N, 3, H, W]");
  CHECK(forward({3}) ==
        "ShapeMismatch: batch_norm: input [3] for 3 features, expected [N, 3] or [N, 3, H, W]");
  CHECK(forward({1, 3}) ==
        "InvalidArgument: batch_norm: input [1, 3] has 1 value for each channel, expected at least "
        "2 in training");
  CHECK(values(layer.running_var().data()) == std::vector<Real>{1, 1, 1});  // not touched by that
  CHECK(forward({1, 3, 1, 2}) == "no error");
  layer.set_training(false);
  CHECK(forward({1, 3}) == "no error");
  CHECK(forward({0, 3}) == "no error");
  CHECK(error_of([] { BatchNorm(0); }) ==
        "InvalidArgument: batch_norm: 0 features, expected at least 1");
  CHECK(error_of([] { BatchNorm(1, {.momentum = 1.5, .epsilon = 1}); }) ==
        "InvalidArgument: batch_norm: momentum 1.5, expected 0 to 1");
  CHECK(error_of([] { BatchNorm(1, {.momentum = 0.1, .epsilon = 0}); }) ==
        "InvalidArgument: batch_norm: epsilon 0, expected a finite number above 0");
  CHECK(error_of([] { BatchNorm(1, {.epsilon = 1e-46}); }) ==
        "InvalidArgument: batch_norm: epsilon 1e-46 is 0 as a 32-bit number, expected a finite "
        "number above 0");
}

TEST_CASE("a warm BatchNorm allocates nothing", "[layers]") {
  Context context;
  const ContextScope scope(context);
  BatchNorm layer(4);
  const Tensor x(NdArray::ones({3, 4, 5, 5}), true);
  const NdArray dy = NdArray::ones({3, 4, 5, 5});
  const auto step = [&] {
    layer.set_training(true);
    layer.compute(x).backward(dy);
    layer.set_training(false);
    const NoGrad no_grad;
    layer.compute(x);
  };
  step();
  step();
  const std::size_t before = allocations();
  const std::uint64_t misses = context.pool().misses();
  step();
  CHECK(allocations() == before);
  CHECK(context.pool().misses() == misses);
}

TEST_CASE("a net names its buffers, and layers their generators", "[layers][nets]") {
  Net net;
  net.add("dropout1", std::make_shared<Dropout>(0.5, 3));
  net.add("batchnorm1", std::make_shared<BatchNorm>(2));
  net.add("block1", std::make_shared<Sequential>(
                        NamedLayers{{"batchnorm1", std::make_shared<BatchNorm>(2)}}));
  const std::vector<NamedTensor> buffers = net.named_buffers();
  REQUIRE(buffers.size() == 4);
  CHECK(buffers[0].name == "batchnorm1.running_mean");
  CHECK(buffers[1].name == "batchnorm1.running_var");
  CHECK(buffers[2].name == "block1.batchnorm1.running_mean");
  CHECK(net.named_tensors().size() == 4);  // weights and biases
  CHECK(net.layer("batchnorm1").random() == nullptr);
  REQUIRE(net.layer("dropout1").random() != nullptr);

  const Tensor x(NdArray::ones({4, 2}));
  Layer& dropout = net.layer("dropout1");
  const Random::State state = dropout.random()->state();
  const std::vector<Real> first = values(dropout.forward(x).data());
  *dropout.random() = Random::from_state(state);
  CHECK(values(dropout.forward(x).data()) == first);
}

}  // namespace lanegrad::test
