// Sequential: layers in order as one layer, for instance the block of a net.
#pragma once

#include "engine/layers/fused.h"

namespace lanegrad {

class Sequential : public Layer {
 public:
  Sequential() = default;
  explicit Sequential(NamedLayers layers);  // as add(), one after the other
  // Names are unique and not empty, the layer is not null, else InvalidArgument.
  void add(std::string name, std::shared_ptr<Layer> layer);

  std::string_view kind() const override { return "Sequential"; }
  // The last layer's output; without layers x itself. Neighbours are fused where they can be.
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
