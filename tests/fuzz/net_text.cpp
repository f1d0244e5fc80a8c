// Nets as text, and what they compute: whatever is taken can be described, made, and trained a
// step. The first byte of an input says what a sample is.
#include "engine/nets/net_text.h"

#include <algorithm>

#include "engine/losses/softmax_cross_entropy.h"
#include "engine/nets/catalog.h"
#include "tests/engine/nets/random_nets.h"
#include "tests/fuzz/fuzz.h"

namespace lanegrad::fuzz {

namespace {

const Shape kSamples[] = {{1, 12, 12}, {3, 9, 7}, {6}, {1, 1, 1}};

}  // namespace

std::vector<Bytes> seeds() {
  std::vector<Bytes> all;
  const auto add = [&](std::size_t sample, std::string_view text, Index outputs = 4) {
    if (outputs > 255) return;
    Bytes& seed = all.emplace_back(
        Bytes{static_cast<std::uint8_t>(sample), static_cast<std::uint8_t>(outputs)});
    seed.insert(seed.end(), text.begin(), text.end());
  };
  add(0, "Conv2D 4 5 padding same, ReLU, MaxPool2D 2, Linear classes");
  add(0, "mlp");
  add(2, "dense 3 no bias, batchnorm, tanh, dropout 0.5, dense classes");
  Random random(20);
  for (int i = 0; i < 60; ++i) {
    const std::size_t sample = random.below(std::size(kSamples));
    if (const auto net = test::random_net(random, kSamples[sample])) {
      add(sample, net->text, net->outputs);
    }
  }
  return all;
}

void take(std::span<const std::uint8_t> input) {
  if (input.size() < 2) return;
  const Shape& sample = kSamples[input[0] % std::size(kSamples)];
  const std::string text(text_of(input.subspan(2)));
  const NetInput shape{.sample = sample, .outputs = std::max<Index>(1, input[1])};
  const NetDescription described = describe(text, shape);
  require(!described.layers.empty(), "it has no layers");
  require(described.parameters >= 0 && described.forward_flops >= 0, "it counts below 0");
  if (described.parameters > 20'000 || described.step_flops > 2e6) return;

  Random random(1);
  const std::unique_ptr<Net> net = make_net(text, shape, random);
  require(net->parameter_count() == described.parameters, "it has other parameters than described");
  std::vector<Index> extents{3};
  for (const Index extent : sample.extents()) extents.push_back(extent);
  NdArray x = NdArray::uninitialized(Shape(extents));
  for (Index i = 0; i < x.size(); ++i) x.mutable_data()[i] = static_cast<Real>(random.normal());
  const Tensor y = net->forward(Tensor(x));
  const Shape& output = described.layers.back().output;
  require(y.data().size() == 3 * output.size(), "it gives other answers than described");
  if (output.rank() != 1 || net->tensors().empty()) return;
  const IndexArray labels = IndexArray::from({0, 0, 0});
  SoftmaxCrossEntropy().forward(y, labels).backward();
  for (const Tensor& tensor : net->tensors()) {
    require(tensor.grad() && tensor.grad()->shape() == tensor.shape(),
            "a gradient has another shape");
  }
}

}  // namespace lanegrad::fuzz
