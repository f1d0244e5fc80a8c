#include "engine/layers/sequential.h"

#include "engine/layers/activations.h"
#include "engine/layers/bias.h"
#include "engine/layers/conv2d.h"
#include "engine/layers/dense.h"
#include "engine/layers/pool2d.h"
#include "engine/nets/net.h"
#include "engine/tensor/arithmetic.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

std::shared_ptr<Sequential> block(Random& random) {
  return std::make_shared<Sequential>(
      NamedLayers{{"conv1", std::make_shared<Conv2D>(1, 2, 3, random)},
                  {"relu1", std::make_shared<ReLU>()},
                  {"pool1", std::make_shared<MaxPool2D>()}});
}

}  // namespace

TEST_CASE("a sequential runs its layers in order, fused", "[layers][sequential]") {
  Random random(1);
  const auto layers = block(random);
  const Tensor x(NdArray::normal({2, 1, 8, 8}, 0, 1, random), true);
  const Tensor y = layers->forward(x);
  CHECK(y.shape() == Shape{2, 2, 3, 3});
  CHECK(y.grad_fn() == "conv2d_max_pool_relu");
  layers->backward(NdArray::ones({2, 2, 3, 3}));
  CHECK(x.grad().has_value());
  CHECK(layers->kind() == "Sequential");
  CHECK(Sequential().compute(x).is(x));
}

TEST_CASE("a sequential names its tensors below its own name", "[layers][sequential]") {
  Random random(1);
  Net net;
  net.add("block1", block(random));
  net.add("global", std::make_shared<GlobalAvgPool2D>());
  net.add("head", std::make_shared<Dense>(2, 3, random));
  const std::vector<NamedTensor> named = net.named_tensors();
  REQUIRE(named.size() == 3);
  CHECK(named[0].name == "block1.conv1.weight");
  CHECK(named[1].name == "block1.conv1.bias");
  CHECK(named[2].name == "head.weight");
  CHECK(net.parameter_count() == 2 * 9 + 2 + 6);
}

TEST_CASE("a sequential passes its mode to its layers", "[layers][sequential]") {
  Random random(1);
  const auto inner = block(random);
  Net net;
  net.add("block1", inner);
  net.set_training(false);
  for (const auto& [name, layer] : inner->layers()) CHECK_FALSE(layer->training());
  const auto late = std::make_shared<ReLU>();
  inner->add("relu2", late);
  CHECK_FALSE(late->training());
  net.set_training(true);
  CHECK(late->training());
}

TEST_CASE("a net describes the layers inside a sequential", "[layers][sequential]") {
  Random random(1);
  Net net;
  net.add("block1", block(random));
  net.add("block2", std::make_shared<Sequential>());
  const NetDescription description = net.describe({1, 8, 8});
  REQUIRE(description.layers.size() == 4);
  CHECK(description.layers[0].name == "block1.conv1");
  CHECK(description.layers[0].forward_flops == 2.0 * 2 * 36 * 9);
  CHECK(description.layers[2].output == Shape{2, 3, 3});
  CHECK(description.layers[3].name == "block2");
  CHECK(description.layers[3].kind == "Sequential");
  CHECK(description.parameters == 20);
}

// A residual connection: what a layer of one's own looks like.
TEST_CASE("a layer can add its input to what its layers make of it", "[layers][sequential]") {
  class Residual final : public Sequential {
   public:
    using Sequential::Sequential;
    Tensor compute(const Tensor& x) override { return x + Sequential::compute(x); }
    std::span<const NamedLayer> layers() const override { return {}; }
  };
  const auto bias = std::make_shared<Bias>(2);
  Tensor(bias->bias()).set_data(NdArray::from({2}, {1, -5}));
  Residual residual({{"bias", bias}, {"relu", std::make_shared<ReLU>()}});
  const Tensor x(NdArray::from({1, 2}, {2, 3}), true);
  CHECK(values(residual.forward(x).data()) == std::vector<Real>{5, 3});
  residual.backward(NdArray::ones({1, 2}));
  CHECK(values(*x.grad()) == std::vector<Real>{2, 1});
  CHECK(values(*bias->bias().grad()) == std::vector<Real>{1, 0});
}

TEST_CASE("a sequential refuses layers without a name of their own", "[layers][sequential]") {
  Sequential layers;
  layers.add("relu", std::make_shared<ReLU>());
  CHECK(error_of([&] { layers.add("relu", std::make_shared<Tanh>()); }) ==
        "InvalidArgument: sequential: two layers are called 'relu', expected different names");
  CHECK(error_of([&] { layers.add("", std::make_shared<Tanh>()); }) ==
        "InvalidArgument: sequential: a layer without a name, expected a name");
  CHECK(error_of([] {
          Sequential({{"a", nullptr}});
        }) == "InvalidArgument: sequential: no layer is given for the name 'a'");
  CHECK(layers.layers().size() == 1);
}

}  // namespace lanegrad::test
