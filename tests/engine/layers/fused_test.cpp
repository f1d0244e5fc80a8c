// The fused run of layers against the same layers one by one: the same bits, values and gradients;
// only the gradients of a convolution that is pooled are summed in another order.
#include "engine/layers/fused.h"

#include <cstring>

#include "engine/core/error.h"
#include "engine/layers/activations.h"
#include "engine/layers/bias.h"
#include "engine/layers/conv2d.h"
#include "engine/layers/dense.h"
#include "engine/layers/flatten.h"
#include "engine/layers/pool2d.h"
#include "tests/engine/catch.h"
#include "tests/engine/support/compare.h"

namespace lanegrad {
namespace {

bool same_bits(const NdArray& a, const NdArray& b) {
  return a.shape() == b.shape() &&
         std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(Real)) == 0;
}

Tensor one_by_one(const NamedLayers& layers, const Tensor& x) {
  Tensor y = x;
  for (const auto& [name, layer] : layers) y = layer->compute(y);
  return y;
}

NamedLayers make_layers(Random& random) {
  NamedLayers layers{{"conv1", std::make_shared<Conv2D>(1, 4, 3, random)},
                     {"relu0", std::make_shared<ReLU>()},
                     {"pool1", std::make_shared<MaxPool2D>()},
                     {"flatten1", std::make_shared<Flatten>()},
                     {"dense1", std::make_shared<Dense>(216, 33, random)},
                     {"bias1", std::make_shared<Bias>(33)},
                     {"relu1", std::make_shared<ReLU>()},
                     {"dense2", std::make_shared<Dense>(33, 10, random)},
                     {"bias2", std::make_shared<Bias>(10)},
                     {"tanh2", std::make_shared<Tanh>()},
                     {"dense3", std::make_shared<Dense>(10, 7, random)}};
  for (const auto& [name, layer] : layers) {
    for (NamedTensor& named : layer->named_tensors()) {
      if (named.name == "bias") {
        named.tensor.set_data(NdArray::normal(named.tensor.shape(), 0, 1, random));
      }
    }
  }
  return layers;
}

TEST_CASE("fused layers have the bits of layers run one by one", "[layers][fused]") {
  const Index rows = GENERATE(1, 5, 64);
  Random random(3);
  const NamedLayers layers = make_layers(random);
  Tensor x(NdArray::normal({rows, 1, 15, 20}, 0, 1, random), true);
  const NdArray dy = NdArray::normal({rows, 7}, 0, 1, random);

  struct Pass {
    NdArray y;
    std::vector<NdArray> grads;
  };
  const auto pass = [&](Tensor (*forward)(const NamedLayers&, const Tensor&)) {
    const Tensor y = forward(layers, x);
    y.backward(dy);
    Pass out{y.data(), {*x.grad()}};
    x.zero_grad();
    for (const auto& [name, layer] : layers) {
      for (NamedTensor& named : layer->named_tensors()) {
        out.grads.push_back(*named.tensor.grad());
        named.tensor.zero_grad();
      }
    }
    return out;
  };
  const Pass fused = pass(forward_fused);
  const Pass plain = pass(one_by_one);
  CHECK(same_bits(fused.y, plain.y));
  REQUIRE(fused.grads.size() == plain.grads.size());
  for (std::size_t i = 0; i < fused.grads.size(); ++i) {
    CAPTURE(i);
    if (i <= 2) {  // of x, filters and bias of the convolution
      CHECK(test::difference(fused.grads[i].values(), plain.grads[i].values(), {1e-5, 1e-4}) == "");
    } else {
      CHECK(same_bits(fused.grads[i], plain.grads[i]));
    }
  }
}

TEST_CASE("only neighbours that belong together are fused", "[layers][fused]") {
  Random random(3);
  const NamedLayers layers = make_layers(random);
  const Tensor x(NdArray::normal({4, 1, 15, 20}, 0, 1, random), true);
  const Tensor y = forward_fused(layers, x);
  CHECK(y.grad_fn() == "matmul");
  const Tensor& squashed = y.sources()[0];
  CHECK(squashed.grad_fn() == "tanh");
  const Tensor& second = squashed.sources()[0];
  CHECK(second.grad_fn() == "dense");
  CHECK(second.sources()[0].grad_fn() == "dense_relu");
  const Tensor& pooled = second.sources()[0].sources()[0].sources()[0];
  CHECK(pooled.grad_fn() == "conv2d_max_pool_relu");
  CHECK(pooled.sources()[0].is(x));
}

TEST_CASE("a convolution runs with its pool wherever the rectifier stands", "[layers][fused]") {
  Random random(3);
  const bool bias = GENERATE(true, false);
  const auto conv =
      std::make_shared<Conv2D>(2, 3, 3, random, ConvOptions{1, 1}, Init::KaimingUniform, bias);
  CHECK(conv->named_tensors().size() == (bias ? 2u : 1u));
  const auto pool = std::make_shared<MaxPool2D>();
  const auto relu = std::make_shared<ReLU>();
  const Tensor x(NdArray::normal({2, 2, 5, 6}, 0, 1, random), true);
  const auto check = [&](const NamedLayers& layers, std::string_view name) {
    const Tensor y = forward_fused(layers, x);
    CHECK(y.grad_fn() == name);
    CHECK(same_bits(y.data(), one_by_one(layers, x).data()));
  };
  check({{"conv", conv}, {"pool", pool}, {"relu", relu}}, "conv2d_max_pool_relu");
  check({{"conv", conv}, {"relu", relu}, {"pool", pool}}, "conv2d_max_pool_relu");
  check({{"conv", conv}, {"pool", pool}}, "conv2d_max_pool");
  check({{"conv", conv}, {"relu", relu}}, "conv2d_relu");
  check({{"conv", conv}}, "conv2d");
  const auto large = std::make_shared<MaxPool2D>(PoolOptions{7, 1});
  std::string message;
  try {
    forward_fused({{"conv", conv}, {"pool", large}}, x);
  } catch (const Error& error) {
    message = error.message();
  }
  CHECK(message ==
        "max_pool2d: windows of 7×7 on images of 5×6, expected windows of at least 1×1 that fit "
        "into the images");
}

TEST_CASE("layers that do not fit are refused by the layer, fused or not", "[layers][fused]") {
  Random random(3);
  NamedLayers layers = make_layers(random);
  layers.erase(layers.begin(), layers.begin() + 4);
  const Tensor narrow(NdArray::zeros({2, 5}));
  const auto message = [&](auto forward) {
    try {
      forward(layers, narrow);
    } catch (const Error& error) {
      return error.message();
    }
    return std::string();
  };
  CHECK(message(forward_fused) == message(one_by_one));
  CHECK(message(forward_fused) ==
        "dense: input [2, 5] and weight [216, 33] do not multiply, expected input [N, 216]");
}

}  // namespace
}  // namespace lanegrad
