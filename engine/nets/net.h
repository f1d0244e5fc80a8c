// The base class of nets: layers in an ordered dictionary, run one after the other.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/layers/fused.h"

namespace lanegrad {

class Net {
 public:
  Net() = default;
  Net(const Net&) = delete;
  Net& operator=(const Net&) = delete;
  virtual ~Net() = default;

  // Name → layer, in the order in which forward runs them.
  using Parameters = NamedLayers;
  const Parameters& parameters() const { return parameters_; }
  // Names are unique and not empty, the layer is not null, else InvalidArgument.
  void add(std::string name, std::shared_ptr<Layer> layer);
  Layer& layer(std::string_view name) const;  // throws NotFound, listing the names

  // By default the layers in their order, fused where they can be.
  virtual Tensor forward(const Tensor& x);

  std::vector<NamedTensor> named_tensors() const;  // "dense1.weight" → Tensor
  std::vector<Tensor> tensors() const;  // each once, even if layers share it: for optimizers
  Index parameter_count() const;        // numbers in all of them

  // Training mode or evaluation mode, for the net and all its layers.
  bool training() const { return training_; }
  void set_training(bool training);

 private:
  Parameters parameters_;
  bool training_ = true;
};

}  // namespace lanegrad
