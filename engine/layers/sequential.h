// Sequential: several layers in order, used as one layer, for instance as a block of a net.
#pragma once

#include "engine/layers/fused.h"

namespace lanegrad {

class Sequential : public Layer {
 public:
  Sequential() = default;
  // Adds the layers one by one, as add() does.
  explicit Sequential(NamedLayers layers);
  // Appends a layer. Throws InvalidArgument unless names are unique and not empty and the layer is
  // not null.
  void add(std::string name, std::shared_ptr<Layer> layer);

  std::string_view kind() const override { return "Sequential"; }
  // The last layer's output; without layers x itself. Some neighbours run as one operation, see
  // forward_fused.
  Tensor compute(const Tensor& x) override { return forward_fused(layers_, x); }
  std::vector<NamedTensor> named_tensors() const override {
    return named_of(layers_, &Layer::named_tensors);
  }
  std::vector<NamedTensor> named_buffers() const override {
    return named_of(layers_, &Layer::named_buffers);
  }
  std::span<const NamedLayer> layers() const override { return layers_; }
  void set_training(bool training) override;

 private:
  NamedLayers layers_;
};

}  // namespace lanegrad
