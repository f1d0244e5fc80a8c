// Recognises the layers that have a fused operation.
#include "engine/layers/fused.h"

#include "engine/layers/activations.h"
#include "engine/layers/bias.h"
#include "engine/layers/conv2d.h"
#include "engine/layers/dense.h"
#include "engine/tensor/dense.h"

namespace lanegrad {

namespace {

// The layer at `i` if there is one and it is of this kind.
template <class Kind>
const Kind* layer_as(const NamedLayers& layers, std::size_t i, Fusable kind) {
  if (i >= layers.size()) return nullptr;
  const Layer& layer = *layers[i].second;
  return layer.fusable() == kind ? static_cast<const Kind*>(&layer) : nullptr;
}

}  // namespace

Tensor forward_fused(const NamedLayers& layers, const Tensor& x) {
  Tensor y = x;
  for (std::size_t i = 0; i < layers.size();) {
    const auto* product = layer_as<Dense>(layers, i, Fusable::Dense);
    const auto* bias = layer_as<Bias>(layers, i + 1, Fusable::Bias);
    // Shapes that do not fit go the long way, where each layer says what is wrong.
    const bool fused = product && bias && y.shape().rank() == 2 &&
                       y.shape()[1] == product->weight().shape()[0] &&
                       bias->bias().size() == product->weight().shape()[1];
    const auto* conv = layer_as<Conv2D>(layers, i, Fusable::Conv2D);
    if (conv && layer_as<ReLU>(layers, i + 1, Fusable::ReLU)) {
      y = conv2d(y, conv->weight(), conv->bias(), conv->options(), true);
      i += 2;
    } else if (fused) {
      const bool relu = layer_as<ReLU>(layers, i + 2, Fusable::ReLU) != nullptr;
      y = dense(y, product->weight(), bias->bias(), relu);
      i += relu ? 3 : 2;
    } else {
      y = layers[i++].second->compute(y);
    }
  }
  return y;
}

}  // namespace lanegrad
