// The dictionary of layers.
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

}  // namespace

void NetDescription::add(LayerDescription layer) {
  layer.step_flops = layer.forward_flops * (parameters > 0 ? 3 : 2);
  parameters += layer.parameters;
  forward_flops += layer.forward_flops;
  step_flops += layer.step_flops;
  layers.push_back(std::move(layer));
}

void Net::add(std::string name, std::shared_ptr<Layer> layer) {
  require(!name.empty(), ErrorCode::InvalidArgument,
          [] { return "net: a layer without a name, expected a name"; });
  require(layer != nullptr, ErrorCode::InvalidArgument,
          [&] { return str("net: no layer is given for the name '", name, "'"); });
  for (const auto& [taken, _] : parameters_) {
    require(taken != name, ErrorCode::InvalidArgument, [&] {
      return str("net: two layers are called '", name, "', expected different names");
    });
  }
  layer->set_training(training_);
  parameters_.emplace_back(std::move(name), std::move(layer));
}

Layer& Net::layer(std::string_view name) const {
  for (const auto& [known, layer] : parameters_) {
    if (known == name) return *layer;
  }
  std::string names;
  for (const auto& [known, layer] : parameters_) names += str(names.empty() ? "" : ", ", known);
  throw Error(ErrorCode::NotFound, str("net: no layer is called '", name, "', known are ",
                                       names.empty() ? "none" : names));
}

Tensor Net::forward(const Tensor& x) { return forward_fused(parameters_, x); }

std::vector<NamedTensor> Net::named_tensors() const {
  std::vector<NamedTensor> all;
  for (const auto& [name, layer] : parameters_) {
    for (NamedTensor& inner : layer->named_tensors()) {
      all.push_back({name + "." + inner.name, std::move(inner.tensor)});
    }
  }
  return all;
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
  NetDescription description;
  Tensor y(NdArray::zeros(batch_of(1, sample)));
  for (const auto& [name, layer] : parameters_) {
    const bool training = layer->training();
    layer->set_training(false);
    y = layer->compute(y);
    layer->set_training(training);
    Index numbers = 0;
    for (const NamedTensor& named : layer->named_tensors()) numbers += named.tensor.size();
    description.add({.name = name,
                     .kind = std::string(layer->kind()),
                     .text = {},
                     .output = y.shape().without(0, false),
                     .parameters = numbers,
                     .forward_flops = 2 * layer->multiply_adds(y.shape())});
  }
  description.parameters = parameter_count();  // where layers share a tensor, it counts once
  return description;
}

void Net::set_training(bool training) {
  training_ = training;
  for (const auto& [name, layer] : parameters_) layer->set_training(training);
}

}  // namespace lanegrad
