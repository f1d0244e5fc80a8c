#include "engine/nets/mlp.h"

#include <algorithm>
#include <cmath>

#include "tests/engine/catch.h"
#include "tests/engine/ndarray/expect.h"

namespace lanegrad::test {

namespace {

std::vector<std::string> layers_of(const Net& net) {
  std::vector<std::string> names;
  for (const auto& [name, layer] : net.parameters()) names.push_back(name);
  return names;
}

std::vector<Real> weights_of(const Net& net) {
  std::vector<Real> all;
  for (const Tensor& tensor : net.tensors()) {
    all.insert(all.end(), tensor.data().values().begin(), tensor.data().values().end());
  }
  return all;
}

double largest(const NamedTensor& named) {
  double most = 0;
  for (const Real value : named.tensor.data().values()) {
    most = std::max(most, std::abs(static_cast<double>(value)));
  }
  return most;
}

}  // namespace

TEST_CASE("an mlp has dense, bias and activation for each hidden width", "[nets]") {
  Random random(1);
  const Index hidden[] = {5, 4};
  Mlp net(6, hidden, 3, random);
  CHECK(layers_of(net) == std::vector<std::string>{"flatten1", "dense1", "bias1", "relu1", "dense2",
                                                   "bias2", "relu2", "dense3", "bias3"});
  CHECK(net.parameter_count() == 6 * 5 + 5 + 5 * 4 + 4 + 4 * 3 + 3);
  CHECK(net.forward(Tensor(NdArray::zeros({2, 6}))).shape() == Shape{2, 3});
  CHECK(net.forward(Tensor(NdArray::zeros({2, 1, 2, 3}))).shape() == Shape{2, 3});
  CHECK(net.named_tensors()[2].name == "dense2.weight");
  CHECK(net.named_tensors()[2].tensor.shape() == Shape{5, 4});
}

TEST_CASE("an mlp takes images without copying them, and runs fused", "[nets]") {
  Random random(1);
  Mlp net(6, {}, 3, random);
  const Tensor images(NdArray::uniform({2, 1, 2, 3}, 0, 1, random), true);
  const Tensor y = net.forward(images);
  CHECK(y.grad_fn() == "dense");
  const Tensor flat = y.sources()[0];
  CHECK(flat.grad_fn() == "reshape");
  CHECK(flat.data().data() == images.data().data());
}

TEST_CASE("an mlp without hidden widths is linear", "[nets]") {
  Random random(1);
  const Mlp net(784, {}, 10, random);
  CHECK(layers_of(net) == std::vector<std::string>{"flatten1", "dense1", "bias1"});
  CHECK(net.parameter_count() == 7850);
}

TEST_CASE("an mlp uses the activation it is told", "[nets]") {
  Random random(1);
  const Index hidden[] = {2};
  CHECK(layers_of(Mlp(2, hidden, 1, random, Activation::Tanh))[3] == "tanh1");
  const Mlp sigmoid(2, hidden, 1, random, Activation::Sigmoid);
  CHECK(layers_of(sigmoid)[3] == "sigmoid1");
  CHECK(sigmoid.layer("sigmoid1").kind() == "Sigmoid");
}

TEST_CASE("an mlp draws weights as its activation wants them", "[nets]") {
  const Index hidden[] = {200};
  const double kaiming = std::sqrt(6.0 / 100);
  const double xavier = std::sqrt(6.0 / 300);
  Random random(1);
  const Mlp relu(100, hidden, 100, random);
  CHECK(largest(relu.named_tensors()[0]) == Approx(kaiming).epsilon(0.01));
  CHECK(largest(relu.named_tensors()[2]) == Approx(xavier).epsilon(0.01));
  const Mlp tanh(100, hidden, 100, random, Activation::Tanh);
  CHECK(largest(tanh.named_tensors()[0]) == Approx(xavier).epsilon(0.01));
  CHECK(largest(tanh.named_tensors()[1]) == 0);
}

TEST_CASE("the generator decides an mlp's weights", "[nets]") {
  const Index hidden[] = {4};
  Random a(1);
  Random b(1);
  Random c(2);
  const std::vector<Real> first = weights_of(Mlp(3, hidden, 2, a));
  CHECK(first == weights_of(Mlp(3, hidden, 2, b)));
  CHECK(first != weights_of(Mlp(3, hidden, 2, c)));
}

TEST_CASE("an mlp refuses widths below 1", "[nets]") {
  const auto make = [](Index inputs, std::vector<Index> hidden, Index outputs) {
    Random random(1);
    return error_of([&] { Mlp(inputs, hidden, outputs, random); });
  };
  CHECK(make(0, {}, 10) == "InvalidArgument: mlp: the input has width 0, expected at least 1");
  CHECK(make(4, {8, 0}, 10) ==
        "InvalidArgument: mlp: hidden layer 2 has width 0, expected at least 1");
  CHECK(make(4, {-1}, 10) ==
        "InvalidArgument: mlp: hidden layer 1 has width -1, expected at least 1");
  CHECK(make(4, {}, 0) == "InvalidArgument: mlp: the output has width 0, expected at least 1");
}

TEST_CASE("activations have names", "[nets]") {
  CHECK(activation_from_name("relu") == Activation::ReLU);
  CHECK(activation_from_name("sigmoid") == Activation::Sigmoid);
  CHECK(activation_from_name("tanh") == Activation::Tanh);
  CHECK(error_of([] { activation_from_name("gelu"); }) ==
        "NotFound: mlp: no activation is called 'gelu', known are relu, sigmoid, tanh");
}

}  // namespace lanegrad::test
