// Layers.
#include <memory>

#include "wasm/bindings/handles.h"

namespace lanegrad::boundary {

namespace {

using NewLayer = std::unique_ptr<Layer>;

Init init_in(std::string_view layer, const std::string& name) {
  return choose<Init>(layer, "initialisation", name,
                      {{"kaimingUniform", Init::KaimingUniform},
                       {"kaimingNormal", Init::KaimingNormal},
                       {"xavierUniform", Init::XavierUniform},
                       {"xavierNormal", Init::XavierNormal}});
}
NewLayer dense(double inputs, double outputs, Random& random, const std::string& init) {
  return std::make_unique<Dense>(whole(inputs), whole(outputs), random, init_in("dense", init));
}
NewLayer conv2d_layer(double inputs, double outputs, double kernel, Random& random, double stride,
                      double padding, const std::string& init, bool bias) {
  return std::make_unique<Conv2D>(whole(inputs), whole(outputs), whole(kernel), random,
                                  ConvOptions{.stride = whole(stride), .padding = whole(padding)},
                                  init_in("conv2d", init), bias);
}

NewLayer bias(double outputs) { return std::make_unique<Bias>(whole(outputs)); }
NewLayer batch_norm(double features, double momentum, double epsilon) {
  return std::make_unique<BatchNorm>(whole(features),
                                     BatchNormOptions{.momentum = momentum, .epsilon = epsilon});
}
template <class T>
NewLayer pool_layer(double size, double stride) {
  return std::make_unique<T>(PoolOptions{.size = whole(size), .stride = whole(stride)});
}
NewLayer dropout(double rate, double seed) {
  return std::make_unique<Dropout>(rate, seed_in(seed));
}
NewLayer leaky_relu_layer(double slope) { return std::make_unique<LeakyReLU>(slope); }

// The layer that its kind alone describes.
NewLayer layer(const std::string& kind) {
  NewLayer made = make_plain_layer(kind);
  if (!made)
    fail(ErrorCode::NotFound, "layer: kind '", kind,
         "', expected that of a layer without settings");
  return made;
}
// `names` and `layers` are arrays of equal length.
NewLayer sequential(const val& names, const val& layers) {
  auto all = std::make_unique<Sequential>();
  const auto texts = texts_in(names);
  const auto handles = handles_in<LayerPointer>(layers);
  for (std::size_t i = 0; i < handles.size(); ++i) all->add(texts[i], handles[i]);
  return all;
}
void layer_backward(const Layer& layer, const Tensor& dy) { layer.backward(dy.data()); }
val layer_tensors(const Layer& layer) { return named_out(layer.named_tensors()); }
val layer_buffers(const Layer& layer) { return named_out(layer.named_buffers()); }

}  // namespace

EMSCRIPTEN_BINDINGS(layers) {
  Handle<Layer>("LayerHandle")
      .method<&Layer::kind>("kind")
      .method<&Layer::forward>("forward")
      .method<&layer_backward>("backward")
      .method<&layer_tensors>("namedTensors")
      .method<&layer_buffers>("namedBuffers")
      .method<&Layer::training>("training")
      .method<&Layer::set_training>("setTraining");
  function<&dense>("Dense");
  function<&conv2d_layer>("Conv2D");
  function<&bias>("Bias");
  function<&batch_norm>("BatchNorm");
  function<&pool_layer<MaxPool2D>>("MaxPool2D");
  function<&pool_layer<AvgPool2D>>("AvgPool2D");
  function<&dropout>("Dropout");
  function<&leaky_relu_layer>("LeakyReLU");
  function<&layer>("layer");
  function<&sequential>("Sequential");
}

}  // namespace lanegrad::boundary
