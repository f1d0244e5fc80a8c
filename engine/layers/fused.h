// What nets and Sequential do with their layers: run them in order, some neighbours as one
// operation, and name their tensors.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/layers/layer.h"

namespace lanegrad {

using NamedLayers = std::vector<NamedLayer>;

// Runs the layers in order and returns the last output. Dense, Bias, ReLU; Dense, Bias; and Conv2D,
// ReLU run as one operation, with the same bits and the same gradients as layer by layer. So does
// Conv2D with MaxPool2D, perhaps with a ReLU before or after the pool, but its gradients are summed
// in another order.
Tensor forward_fused(const NamedLayers& layers, const Tensor& x);

// Appends a layer. Throws InvalidArgument unless names are unique and not empty and the layer is
// not null; the message begins with `owner`, as in "net: …".
void add_layer(std::string_view owner, NamedLayers& layers, std::string name,
               std::shared_ptr<Layer> layer);

// The tensors that the member function `of` gives for each layer, with the layer's name in front of
// theirs: named_of(layers, &Layer::named_tensors) has "dense1.weight".
std::vector<NamedTensor> named_of(const NamedLayers& layers,
                                  std::vector<NamedTensor> (Layer::*of)() const);

}  // namespace lanegrad
