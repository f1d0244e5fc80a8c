// What nets and Sequential do with their layers: run one after the other, neighbours that belong
// together as one operation, and name their tensors.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/layers/layer.h"

namespace lanegrad {

using NamedLayers = std::vector<NamedLayer>;

// The output of the last layer. Dense, Bias, ReLU; Dense, Bias; and Conv2D, ReLU run fused, with
// the same bits and the same gradients as layer by layer; so does Conv2D with MaxPool2D and perhaps
// a ReLU before or after that, whose gradients are summed in another order.
Tensor forward_fused(const NamedLayers& layers, const Tensor& x);

// Appends a layer. Throws InvalidArgument "net: …", with `owner` in the place of net, unless names
// are unique and not empty and the layer is not null.
void add_layer(std::string_view owner, NamedLayers& layers, std::string name,
               std::shared_ptr<Layer> layer);

// What each layer has by `of`, as "dense1.weight": named_of(layers, &Layer::named_tensors).
std::vector<NamedTensor> named_of(const NamedLayers& layers,
                                  std::vector<NamedTensor> (Layer::*of)() const);

}  // namespace lanegrad
