// The base class of nets: named layers in order, run one after the other.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/layers/fused.h"

namespace lanegrad {

// What one layer of a net is and costs, per sample. FLOPs count two for each multiply-add of dense
// and convolutional layers; all else that a layer does is small beside that.
struct LayerDescription {
  std::string name;  // "conv1"
  std::string kind;  // "Conv2D"
  // The layer in a net text, "conv 24 5x5"; empty if it is not written there.
  std::string text;
  // The shape of the output for one sample, without the axis of the batch.
  Shape output;
  Index parameters = 0;
  double forward_flops = 0;
  // The FLOPs of a training step: forward, the gradient of the weights, and the gradient of the
  // input, which is not computed where no layer before this one has weights.
  double step_flops = 0;
};

struct NetDescription {
  std::vector<LayerDescription> layers;
  Index parameters = 0;
  double forward_flops = 0;
  double step_flops = 0;

  // Appends the layer, works out its step_flops and adds it to the totals.
  void add(LayerDescription layer);
};

class Net {
 public:
  Net() = default;
  Net(const Net&) = delete;
  Net& operator=(const Net&) = delete;
  virtual ~Net() = default;

  // The layers by name, in the order in which forward runs them. (In PyTorch, parameters() are
  // tensors; here tensors() has those.)
  using Parameters = NamedLayers;
  const Parameters& parameters() const { return parameters_; }
  // Appends a layer. Throws InvalidArgument unless names are unique and not empty and the layer is
  // not null.
  void add(std::string name, std::shared_ptr<Layer> layer);
  // The layer of this name; throws NotFound, listing the names.
  Layer& layer(std::string_view name) const;

  // The net's output. By default the layers run in order, some neighbours as one operation.
  virtual Tensor forward(const Tensor& x);

  std::vector<NamedTensor> named_tensors() const;  // "dense1.weight" → Tensor
  std::vector<NamedTensor> named_buffers() const;  // "batchnorm1.running_mean" → Tensor
  // The tensors to train, for optimizers; each occurs once, even if layers share it.
  std::vector<Tensor> tensors() const;
  // The number of numbers in all of tensors().
  Index parameter_count() const;

  // Describes what the layers make of samples of this shape (without the axis of the batch). It
  // runs one sample of zeros in evaluation mode. A layer that is made of layers is described by
  // those.
  NetDescription describe(const Shape& sample);

  // Whether the net is in training mode rather than in evaluation mode.
  bool training() const { return training_; }
  void set_training(bool training);

 private:
  Parameters parameters_;
  bool training_ = true;
};

}  // namespace lanegrad
