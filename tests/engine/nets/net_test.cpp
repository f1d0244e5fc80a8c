#include "engine/nets/net.h"

#include "engine/layers/activations.h"
#include "engine/layers/bias.h"
#include "engine/layers/dense.h"
#include "engine/tensor/arithmetic.h"
#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

std::shared_ptr<Bias> bias_of(Real value) {
  auto bias = std::make_shared<Bias>(1);
  Tensor tensor = bias->bias();
  tensor.set_data(NdArray::from({1}, {value}));
  return bias;
}

class Doubled : public Net {
 public:
  Tensor forward(const Tensor& x) override { return Net::forward(x) * Real{2}; }
};

}  // namespace

TEST_CASE("a net runs its layers in their order", "[nets]") {
  const Tensor x(NdArray::from({1, 1}, {-3}));
  Net bias_first;
  bias_first.add("bias", bias_of(2));
  bias_first.add("relu", std::make_shared<ReLU>());
  CHECK(bias_first.forward(x).item() == 0);
  Net relu_first;
  relu_first.add("relu", std::make_shared<ReLU>());
  relu_first.add("bias", bias_of(2));
  CHECK(relu_first.forward(x).item() == 2);
  REQUIRE(relu_first.parameters().size() == 2);
  CHECK(relu_first.parameters()[0].first == "relu");
  CHECK(relu_first.parameters()[1].first == "bias");
}

TEST_CASE("a net may have a forward of its own", "[nets]") {
  Doubled net;
  net.add("bias", bias_of(2));
  CHECK(net.forward(Tensor(NdArray::from({1, 1}, {1}))).item() == 6);
}

TEST_CASE("a net without layers gives back its input", "[nets]") {
  Net net;
  const Tensor x(NdArray::ones({1, 1}));
  CHECK(net.forward(x).is(x));
  CHECK(net.tensors().empty());
  CHECK(net.parameter_count() == 0);
}

TEST_CASE("a net names its tensors and counts their numbers", "[nets]") {
  Random random(1);
  Net net;
  net.add("dense1", std::make_shared<Dense>(3, 2, random));
  net.add("bias1", std::make_shared<Bias>(2));
  net.add("relu1", std::make_shared<ReLU>());
  const std::vector<NamedTensor> named = net.named_tensors();
  REQUIRE(named.size() == 2);
  CHECK(named[0].name == "dense1.weight");
  CHECK(named[1].name == "bias1.bias");
  REQUIRE(net.tensors().size() == 2);
  CHECK(net.tensors()[1].is(named[1].tensor));
  CHECK(net.parameter_count() == 3 * 2 + 2);
}

TEST_CASE("a layer that stands twice in a net is trained once", "[nets]") {
  Net net;
  const auto shared = bias_of(1);
  net.add("first", shared);
  net.add("second", shared);
  CHECK(net.forward(Tensor(NdArray::zeros({1, 1}))).item() == 2);
  CHECK(net.named_tensors().size() == 2);
  CHECK(net.tensors().size() == 1);
  CHECK(net.parameter_count() == 1);
}

TEST_CASE("a net finds its layers by name", "[nets]") {
  Net net;
  net.add("relu", std::make_shared<ReLU>());
  net.add("tanh", std::make_shared<Tanh>());
  CHECK(net.layer("tanh").kind() == "Tanh");
  CHECK(error_of([&] { net.layer("sigmoid"); }) ==
        "NotFound: net: no layer is called 'sigmoid', known are relu, tanh");
  CHECK(error_of([] { Net().layer("a"); }) ==
        "NotFound: net: no layer is called 'a', known are none");
}

TEST_CASE("a net refuses layers without a name of their own", "[nets]") {
  Net net;
  net.add("relu", std::make_shared<ReLU>());
  CHECK(error_of([&] { net.add("relu", std::make_shared<Tanh>()); }) ==
        "InvalidArgument: net: two layers are called 'relu', expected different names");
  CHECK(error_of([&] { net.add("", std::make_shared<Tanh>()); }) ==
        "InvalidArgument: net: a layer without a name, expected a name");
  CHECK(error_of([&] { net.add("tanh", nullptr); }) ==
        "InvalidArgument: net: no layer is given for the name 'tanh'");
  CHECK(net.parameters().size() == 1);
}

TEST_CASE("a net passes its mode to its layers", "[nets]") {
  Net net;
  net.add("relu", std::make_shared<ReLU>());
  CHECK(net.training());
  net.set_training(false);
  CHECK_FALSE(net.training());
  CHECK_FALSE(net.layer("relu").training());
  net.add("tanh", std::make_shared<Tanh>());
  CHECK_FALSE(net.layer("tanh").training());
  net.set_training(true);
  CHECK(net.layer("tanh").training());
}

TEST_CASE("a net describes its layers and what they cost", "[nets]") {
  Random random(1);
  Net net;
  net.add("bias", std::make_shared<Bias>(3));
  net.add("dense", std::make_shared<Dense>(3, 2, random));
  net.add("relu", std::make_shared<ReLU>());
  net.layer("relu").set_training(false);
  const NetDescription description = net.describe({3});
  REQUIRE(description.layers.size() == 3);
  const LayerDescription& dense = description.layers[1];
  CHECK(dense.name == "dense");
  CHECK(dense.kind == "Dense");
  CHECK(dense.text.empty());
  CHECK(dense.output == Shape{2});
  CHECK(dense.parameters == 6);
  CHECK(dense.forward_flops == 12);
  CHECK(dense.step_flops == 36);  // there are weights before it, which need its input's gradient
  CHECK(description.parameters == 9);
  CHECK(description.forward_flops == 12);
  CHECK(description.step_flops == 36);
  CHECK(net.layer("dense").training());
  CHECK_FALSE(net.layer("relu").training());
  CHECK(error_of([&] { net.describe({4}); }) ==
        "ShapeMismatch: bias: input [1, 4] and bias [3] do not add, expected input [N, 3]");
}

TEST_CASE("a description counts a tensor that layers share once", "[nets]") {
  Net net;
  const auto shared = bias_of(1);
  net.add("first", shared);
  net.add("second", shared);
  const NetDescription description = net.describe({1});
  CHECK(description.layers[1].parameters == 1);
  CHECK(description.parameters == 1);
}

}  // namespace lanegrad::test
