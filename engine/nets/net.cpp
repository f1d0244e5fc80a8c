// The dictionary of layers.
#include "engine/nets/net.h"

#include <algorithm>

#include "engine/core/error.h"

namespace lanegrad {

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

void Net::set_training(bool training) {
  training_ = training;
  for (const auto& [name, layer] : parameters_) layer->set_training(training);
}

}  // namespace lanegrad
