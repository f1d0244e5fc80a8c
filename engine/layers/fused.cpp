// Recognises layers that can run as one operation; checks and joins names.
#include "engine/layers/fused.h"

#include "engine/core/error.h"
#include "engine/layers/activations.h"
#include "engine/layers/bias.h"
#include "engine/layers/conv2d.h"
#include "engine/layers/dense.h"
#include "engine/layers/pool2d.h"
#include "engine/tensor/matmul.h"

namespace lanegrad {

namespace {

// The layer at `i` if there is one and it is of this kind, else null.
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
    // Where shapes do not fit, the layers run one by one, so that each can say what is wrong.
    const bool fused = product && bias && y.shape().rank() == 2 &&
                       y.shape()[1] == product->weight().shape()[0] &&
                       bias->bias().size() == product->weight().shape()[1];
    const auto* conv = layer_as<Conv2D>(layers, i, Fusable::Conv2D);
    // The maximum of numbers of at least 0 is at least 0, so a rectifier gives the same before the
    // pool as after it.
    const bool relu_first = layer_as<ReLU>(layers, i + 1, Fusable::ReLU) != nullptr;
    const auto* pool = layer_as<MaxPool2D>(layers, i + 1 + relu_first, Fusable::MaxPool2D);
    if (conv && pool &&
        conv2d_max_pool_fits(y.shape(), conv->weight().shape(), conv->options(), pool->options())) {
      const bool relu = relu_first || layer_as<ReLU>(layers, i + 2, Fusable::ReLU);
      y = conv2d_max_pool(y, conv->weight(), conv->bias(), conv->options(), pool->options(), relu);
      i += relu ? 3 : 2;
    } else if (conv && relu_first) {
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

void add_layer(std::string_view owner, NamedLayers& layers, std::string name,
               std::shared_ptr<Layer> layer) {
  if (name.empty())
    fail(ErrorCode::InvalidArgument, owner, ": a layer without a name, expected a name");
  if (layer == nullptr)
    fail(ErrorCode::InvalidArgument, owner, ": no layer is given for the name '", name, "'");
  for (const auto& [taken, _] : layers) {
    if (taken == name)
      fail(ErrorCode::InvalidArgument, owner, ": two layers are called '", name,
           "', expected different names");
  }
  layers.emplace_back(std::move(name), std::move(layer));
}

std::vector<NamedTensor> named_of(const NamedLayers& layers,
                                  std::vector<NamedTensor> (Layer::*of)() const) {
  std::vector<NamedTensor> all;
  for (const auto& [name, layer] : layers) {
    for (NamedTensor& inner : (*layer.*of)()) {
      all.push_back({name + "." + inner.name, std::move(inner.tensor)});
    }
  }
  return all;
}

}  // namespace lanegrad
