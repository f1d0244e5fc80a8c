// A net with a residual connection learns; its gradients are checked in ../gradients.
#include "tests/engine/layers/residual.h"

#include <memory>

#include "engine/layers/batch_norm.h"
#include "engine/layers/dense.h"
#include "engine/layers/flatten.h"
#include "engine/losses/softmax_cross_entropy.h"
#include "engine/nets/net.h"
#include "engine/optimizers/adam.h"
#include "tests/engine/catch.h"

namespace lanegrad::test {

TEST_CASE("a net with a residual block and batch normalisation learns", "[layers]") {
  Random random(1);
  Net net;
  net.add("conv1", std::make_shared<Conv2D>(1, 4, 3, random, ConvOptions{1, 1}));
  net.add("batchnorm1", std::make_shared<BatchNorm>(4));
  net.add("block1", std::make_shared<ResidualBlock>(4, random));
  net.add("flatten1", std::make_shared<Flatten>());
  net.add("dense1", std::make_shared<Dense>(4 * 6 * 6, 3, random));
  Adam adam(net.tensors(), OptimizerOptions{.learning_rate = 0.01});

  // Noise with a bright row, one of three.
  IndexArray labels(Shape{24});
  NdArray images = NdArray::uniform({24, 1, 6, 6}, 0, 1, random);
  for (Index i = 0; i < 24; ++i) {
    labels.mutable_data()[i] = static_cast<std::int32_t>(i % 3);
    for (Index x = 0; x < 6; ++x) images.mutable_data()[i * 36 + (i % 3) * 12 + x] += 1;
  }
  const Tensor input(images);
  const auto loss = [&] { return SoftmaxCrossEntropy().forward(net.forward(input), labels); };
  const Real before = loss().item();
  for (int step = 0; step < 30; ++step) {
    adam.zero_grad();
    loss().backward();
    adam.step();
  }
  CHECK(before > 0.5);
  CHECK(loss().item() < before / 20);
  net.set_training(false);  // the running averages have come near those of the batch
  CHECK(loss().item() < before / 4);
}

}  // namespace lanegrad::test
