// Layers.
#include <memory>

#include "wasm/bindings/handles.h"

namespace lanegrad::boundary {

namespace {

Init init_in(std::string_view layer, const std::string& name) {
  return choose<Init>(layer, "initialisation", name,
                      {{"kaimingUniform", Init::KaimingUniform},
                       {"kaimingNormal", Init::KaimingNormal},
                       {"xavierUniform", Init::XavierUniform},
                       {"xavierNormal", Init::XavierNormal}});
}
LayerPointer dense(double inputs, double outputs, Random& random, const std::string& init) {
  return std::make_shared<Dense>(whole(inputs), whole(outputs), random, init_in("dense", init));
}
LayerPointer conv2d_layer(double inputs, double outputs, double kernel, Random& random,
                          double stride, double padding, const std::string& init, bool bias) {
  return std::make_shared<Conv2D>(whole(inputs), whole(outputs), whole(kernel), random,
                                  ConvOptions{.stride = whole(stride), .padding = whole(padding)},
                                  init_in("conv2d", init), bias);
}

// Layers that their kind and at most three numbers describe. Each function takes three numbers and
// ignores those that its layer has no use for.
template <class T>
LayerPointer plain(double, double, double) {
  return std::make_shared<T>();
}
template <class T>
LayerPointer pool_layer(double size, double stride, double) {
  return std::make_shared<T>(PoolOptions{.size = whole(size), .stride = whole(stride)});
}
LayerPointer bias(double outputs, double, double) { return std::make_shared<Bias>(whole(outputs)); }
LayerPointer batch_norm(double features, double momentum, double epsilon) {
  return std::make_shared<BatchNorm>(whole(features),
                                     BatchNormOptions{.momentum = momentum, .epsilon = epsilon});
}
LayerPointer leaky_relu_layer(double slope, double, double) {
  return std::make_shared<LeakyReLU>(slope);
}
LayerPointer dropout(double rate, double seed, double) {
  return std::make_shared<Dropout>(rate, seed_in(seed));
}
LayerPointer layer(const std::string& kind, double first, double second, double third) {
  using Make = LayerPointer (*)(double, double, double);
  return choose<Make>("layer", "kind", kind,
                      {{"Bias", bias},
                       {"BatchNorm", batch_norm},
                       {"MaxPool2D", pool_layer<MaxPool2D>},
                       {"AvgPool2D", pool_layer<AvgPool2D>},
                       {"GlobalAvgPool2D", plain<GlobalAvgPool2D>},
                       {"Flatten", plain<Flatten>},
                       {"Dropout", dropout},
                       {"LeakyReLU", leaky_relu_layer},
                       {"Softmax", plain<Softmax>},
#define LANEGRAD_LAYER(Function, name, value, gradient, Kind, ...) {#Kind, plain<Kind>},
                       LANEGRAD_ACTIVATIONS(LANEGRAD_LAYER)})(first, second, third);
#undef LANEGRAD_LAYER
}
// `names` and `layers` are arrays of equal length.
LayerPointer sequential(const val& names, const val& layers) {
  auto all = std::make_unique<Sequential>();
  const auto texts = texts_in(names);
  const auto handles = handles_in<LayerPointer>(layers);
  for (std::size_t i = 0; i < handles.size(); ++i) all->add(texts[i], handles[i]);
  return std::unique_ptr<Layer>(std::move(all));
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
  function<&layer>("layer");
  function<&sequential>("Sequential");
}

}  // namespace lanegrad::boundary
