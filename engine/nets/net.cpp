// A net's list of named layers.
#include "engine/nets/net.h"

#include <algorithm>

#include "engine/core/error.h"

namespace lanegrad {

namespace {

Shape batch_of(Index samples, const Shape& sample) {
  std::vector<Index> extents{samples};
  extents.insert(extents.end(), sample.extents().begin(), sample.extents().end());
  return Shape(extents);
}

// Runs the layers on `y` and describes them; a layer that is made of layers is described by those.
void run_described(const std::string& prefix, std::span<const NamedLayer> layers, Tensor& y,
                   NetDescription& description) {
  for (const auto& [name, layer] : layers) {
    if (!layer->layers().empty()) {
      run_described(prefix + name + ".", layer->layers(), y, description);
      continue;
    }
    y = layer->compute(y);
    Index numbers = 0;
    for (const NamedTensor& named : layer->named_tensors()) numbers += named.tensor.size();
    description.add({.name = prefix + name,
                     .kind = std::string(layer->kind()),
                     .text = {},
                     .output = y.shape().without(0, false),
                     .parameters = numbers,
                     .forward_flops = 2 * layer->multiply_adds(y.shape())});
  }
}

}  // namespace

void NetDescription::add(LayerDescription layer) {
  layer.step_flops = layer.forward_flops * (parameters > 0 ? 3 : 2);
  parameters += layer.parameters;
  forward_flops += layer.forward_flops;
  step_flops += layer.step_flops;
  layers.push_back(std::move(layer));
}

void Net::add(std::string name, std::shared_ptr<Layer> layer) {
  add_layer("net", parameters_, std::move(name), std::move(layer));
  parameters_.back().second->set_training(training_);
}

Layer& Net::layer(std::string_view name) const {
  for (const auto& [known, layer] : parameters_) {
    if (known == name) return *layer;
  }
  std::string names;
  for (const auto& [known, layer] : parameters_) names += str(names.empty() ? "" : ", ", known);
  fail(ErrorCode::NotFound, "net: no layer is called '", name, "', known are ",
       names.empty() ? "none" : names);
}

Tensor Net::forward(const Tensor& x) { return forward_fused(parameters_, x); }

std::vector<NamedTensor> Net::named_tensors() const {
  return named_of(parameters_, &Layer::named_tensors);
}

std::vector<NamedTensor> Net::named_buffers() const {
  return named_of(parameters_, &Layer::named_buffers);
}

std::vector<Tensor> Net::tensors() const {
  std::vector<Tensor> all;
  for (NamedTensor& named : named_tensors()) {
    const auto same = [&](const Tensor& tensor) { return tensor.is(named.tensor); };
    if (std::none_of(all.begin(), all.end(), same)) all.push_back(std::move(named.tensor));
  }
  return all;
}

Index Net::parameter_count() const {
  Index count = 0;
  for (const Tensor& tensor : tensors()) count += tensor.size();
  return count;
}

NetDescription Net::describe(const Shape& sample) {
  const NoGrad no_grad;
  const EvaluationMode evaluation;
  NetDescription description;
  Tensor y(NdArray::zeros(batch_of(1, sample)));
  run_described("", parameters_, y, description);
  // A tensor that several layers share counts once.
  description.parameters = parameter_count();
  return description;
}

void Net::set_training(bool training) {
  training_ = training;
  for (const auto& [name, layer] : parameters_) layer->set_training(training);
}

}  // namespace lanegrad
