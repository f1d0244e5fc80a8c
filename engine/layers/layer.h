// The base class of layers: forward, a backward pass by autograd, named tensors, train/eval mode.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/context.h"
#include "engine/tensor/tensor.h"

namespace lanegrad {

class Random;

struct NamedTensor {
  std::string name;  // "weight"; in a net "dense1.weight"
  Tensor tensor;
};

// Layers that forward_fused can run together with their neighbours.
enum class Fusable { No, Dense, Bias, ReLU, Conv2D, MaxPool2D };

class Layer;
using NamedLayer = std::pair<std::string, std::shared_ptr<Layer>>;

class Layer {
 public:
  Layer() = default;
  Layer(const Layer&) = delete;
  Layer& operator=(const Layer&) = delete;
  virtual ~Layer() = default;

  virtual std::string_view kind() const = 0;  // "Dense"

  // Computes the output and, where gradients are on, remembers it for backward().
  Tensor forward(const Tensor& x);
  // Runs autograd from the output of the last forward(); `dy` has the shape of that output. Throws
  // InvalidState before the first forward.
  void backward(const NdArray& dy) const;
  // The layer's function, which each layer defines. Unlike forward() it keeps nothing for
  // backward(). Nets call this.
  virtual Tensor compute(const Tensor& x) = 0;

  // What forward_fused takes this layer for. A class that returns anything but No is final, since
  // forward_fused relies on it being exactly that class.
  virtual Fusable fusable() const { return Fusable::No; }

  // The tensors that training changes, in a fixed order.
  virtual std::vector<NamedTensor> named_tensors() const { return {}; }

  // The number of multiply-adds of a forward pass whose result has this shape.
  virtual double multiply_adds(const Shape&) const { return 0; }

  // The layers that this layer runs in order, if that is all that it does; else none.
  virtual std::span<const NamedLayer> layers() const { return {}; }
  // The tensors without gradients that forward passes change while training: running averages.
  virtual std::vector<NamedTensor> named_buffers() const { return {}; }
  // The layer's own generator of random numbers; null where it has none.
  virtual Random* random() { return nullptr; }

  // Whether this layer is in training mode and nothing is being evaluated, see EvaluationMode.
  bool training() const { return training_ && !Context::current().evaluating(); }
  virtual void set_training(bool training) { training_ = training; }

 private:
  Tensor last_output_;
  bool training_ = true;
};

}  // namespace lanegrad
