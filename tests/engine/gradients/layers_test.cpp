// The gradients of every layer, loss and net, with respect to inputs and weights.
#include <functional>
#include <memory>

#include "engine/layers/activations.h"
#include "engine/layers/batch_norm.h"
#include "engine/layers/bias.h"
#include "engine/layers/conv2d.h"
#include "engine/layers/dense.h"
#include "engine/layers/flatten.h"
#include "engine/layers/pool2d.h"
#include "engine/losses/mse.h"
#include "engine/losses/softmax_cross_entropy.h"
#include "engine/nets/net_text.h"
#include "tests/engine/catch.h"
#include "tests/engine/gradients/check_gradients.h"
#include "tests/engine/layers/residual.h"
#include "tests/engine/tensor/op_table.h"

namespace lanegrad::test {

namespace {

// Labels 1, 0, 2, 1, … that fit the logits.
IndexArray labels_for(const Tensor& logits) {
  IndexArray labels(Shape{logits.shape()[0]});
  for (Index i = 0; i < labels.size(); ++i) {
    labels.mutable_data()[i] = static_cast<std::int32_t>((7 * i + 1) % logits.shape()[1]);
  }
  return labels;
}

struct LayerSample {
  const char* name;
  std::function<std::unique_ptr<Layer>(Random&)> make;
  std::vector<Shape> inputs;
};

// Biases start as 0; here they get values that matter.
void set_to_distinct_values(const std::vector<NamedTensor>& tensors) {
  std::uint64_t seed = 100;
  for (NamedTensor named : tensors) {
    named.tensor.set_data(make_operands({named.tensor.shape()}, {-1, 1}, seed++)[0].data());
  }
}

}  // namespace

TEST_CASE("gradients of the losses", "[gradients]") {
  // clang-format off
  const std::vector<Op> losses = {
      {"MSE", [](Operands x) { return MSE().forward(x[0], x[1]); }, {{{3, 2}, {3, 2}}, {{4}, {4}}, {{}, {}}}},
      {"SoftmaxCrossEntropy", [](Operands x) { return SoftmaxCrossEntropy().forward(x[0], labels_for(x[0])); }, {{{4, 3}}, {{1, 2}}, {{3, 1}}, {{2, 10}}}},
      {"SoftmaxCrossEntropy with label smoothing", [](Operands x) { return SoftmaxCrossEntropy(0.2).forward(x[0], labels_for(x[0])); }, {{{4, 3}}, {{1, 2}}, {{3, 1}}, {{2, 10}}}},
      {"a loss times a number", [](Operands x) { return 3 * SoftmaxCrossEntropy().forward(x[0], labels_for(x[0])); }, {{{4, 3}}}},
  };
  // clang-format on
  for (const Op& loss : losses) {
    for (const Shapes& shapes : loss.samples) {
      const std::vector<Tensor> x = make_operands(shapes, loss.range);
      const GradientCheck check = check_gradients([&] { return loss.apply(x); }, x);
      INFO(loss.name << " of " << text_of(shapes) << ": " << check.where);
      CHECK(check.error <= kGradientTolerance);
    }
  }
}

TEST_CASE("gradients of the layers", "[gradients]") {
  // clang-format off
#define LANEGRAD_SAMPLE(Function, name, value, gradient, Kind, ...) \
      {#Kind, [](Random&) { return std::make_unique<Kind>(); }, {{2, 3}, {5}}},
  const std::vector<LayerSample> layers = {
      {"Dense", [](Random& random) { return std::make_unique<Dense>(3, 4, random); }, {{2, 3}, {1, 3}}},
      {"Dense to one", [](Random& random) { return std::make_unique<Dense>(1, 1, random); }, {{4, 1}}},
      {"Bias", [](Random&) { return std::make_unique<Bias>(4); }, {{2, 4}, {1, 4}}},
      {"Conv2D", [](Random& random) { return std::make_unique<Conv2D>(2, 3, 2, random, ConvOptions{2, 1}); }, {{2, 2, 3, 4}}},
      {"BatchNorm", [](Random&) { return std::make_unique<BatchNorm>(3); }, {{4, 3}, {2, 3, 2, 3}}},
      {"BatchNorm in evaluation", [](Random&) { auto layer = std::make_unique<BatchNorm>(3); layer->set_training(false); return layer; }, {{4, 3}, {1, 3}, {2, 3, 2, 3}}},
      {"a residual block", [](Random& random) { return std::make_unique<ResidualBlock>(2, random); }, {{2, 2, 3, 4}}},
      {"MaxPool2D", [](Random&) { return std::make_unique<MaxPool2D>(); }, {{2, 2, 4, 5}}},
      {"AvgPool2D", [](Random&) { return std::make_unique<AvgPool2D>(); }, {{2, 2, 4, 5}}},
      {"GlobalAvgPool2D", [](Random&) { return std::make_unique<GlobalAvgPool2D>(); }, {{2, 2, 3, 2}}},
      {"Flatten", [](Random&) { return std::make_unique<Flatten>(); }, {{2, 2, 3, 2}, {3}}},
      LANEGRAD_ACTIVATIONS(LANEGRAD_SAMPLE)
      {"LeakyReLU", [](Random&) { return std::make_unique<LeakyReLU>(0.2); }, {{2, 3}, {5}}},
      {"Softmax", [](Random&) { return std::make_unique<Softmax>(); }, {{2, 3}, {5}}},
  };
#undef LANEGRAD_SAMPLE
  // clang-format on
  for (const LayerSample& sample : layers) {
    for (const Shape& shape : sample.inputs) {
      Random random(1);
      const std::unique_ptr<Layer> layer = sample.make(random);
      set_to_distinct_values(layer->named_tensors());
      std::vector<Tensor> leaves = make_operands({shape}, {-2, 2});
      const Tensor x = leaves[0];
      for (const NamedTensor& named : layer->named_tensors()) leaves.push_back(named.tensor);
      const GradientCheck check = check_gradients([&] { return layer->forward(x); }, leaves);
      INFO(sample.name << " of " << shape.text() << ": " << check.where);
      CHECK(check.error <= kGradientTolerance);
    }
  }
}

TEST_CASE("gradients of a whole net", "[gradients]") {
  for (const std::string activation : {"relu", "sigmoid", "tanh"}) {
    Random random(1);
    const auto net =
        make_net("dense 5, " + activation + ", dense 4, " + activation + ", dense classes",
                 {.sample = {3}, .outputs = 2}, random);
    set_to_distinct_values(net->named_tensors());
    std::vector<Tensor> leaves = make_operands({{4, 3}}, {-2, 2});
    const Tensor x = leaves[0];
    for (const Tensor& tensor : net->tensors()) leaves.push_back(tensor);
    const GradientCheck check = check_gradients(
        [&] {
          const Tensor y = net->forward(x);
          return SoftmaxCrossEntropy().forward(y, labels_for(y));
        },
        leaves);
    INFO(activation << ": " << check.where);
    CHECK(check.error <= kGradientTolerance);
  }
}

}  // namespace lanegrad::test
