// The base class of nets: layers in an ordered dictionary, run one after the other.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/layers/fused.h"

namespace lanegrad {

// What one layer of a net is and costs, per sample. FLOPs: two per multiply-add of dense and
// convolutional layers; what else a layer does is small beside them.
struct LayerDescription {
  std::string name;  // "conv1"
  std::string kind;  // "Conv2D"
  std::string
      text;      // what it stands for in a net text, "conv 24 5x5"; "" if it is not written there
  Shape output;  // of one sample: without the axis of the batch
  Index parameters = 0;
  double forward_flops = 0;
  // Of a training step: forward, the gradient of the weights, and the gradient of the input, which
  // is not computed where nothing before it has weights.
  double step_flops = 0;
};

struct NetDescription {
  std::vector<LayerDescription> layers;
  Index parameters = 0;
  double forward_flops = 0;
  double step_flops = 0;

  void add(LayerDescription layer);  // to the totals, too; says what a training step of it costs
};

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
  std::vector<NamedTensor> named_buffers() const;  // "batchnorm1.running_mean" → Tensor
  std::vector<Tensor> tensors() const;  // each once, even if layers share it: for optimizers
  Index parameter_count() const;        // numbers in all of them

  // What the layers make of samples of this shape (without the axis of the batch), found by running
  // one sample of zeros in evaluation mode. Layers made of layers are described as those.
  NetDescription describe(const Shape& sample);

  // Training mode or evaluation mode, for the net and all its layers.
  bool training() const { return training_; }
  void set_training(bool training);

 private:
  Parameters parameters_;
  bool training_ = true;
};

}  // namespace lanegrad
