// A net with its numbers, as files of other programs hold it: the layers in order, what each makes
// of a sample, and the arrays by name. Writers and readers of file formats need nothing else of the
// engine.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/core/per_channel.h"
#include "engine/core/real.h"
#include "engine/core/shape.h"

namespace lanegrad {

// A layer as a net text says it.
struct ModelLayer {
  std::string name;  // "conv1"
  std::string kind;  // "Conv2D"
  // The shapes for one sample, without the axis of the batch.
  Shape input;
  Shape output;
  // The side of a window, the step from one to the next, and the zeros around the image; of
  // convolutions and pools.
  Index size = 0;
  Index stride = 1;
  Index padding = 0;
  // Whether a convolution has a bias. That of a dense layer is a layer of its own.
  bool bias = false;
  // The slope of LeakyReLU, the rate of Dropout.
  double number = 0;
};

struct ModelTensor {
  std::string name;  // "dense1.weight"
  Shape shape;
  std::vector<Real> values;  // row-major
};

struct Model {
  // What BatchNorm adds to variances.
  static constexpr double kEpsilon = 1e-5;

  // The text of the net, with which make_net makes the same layers.
  std::string net;
  // One sample: [C, H, W], or [I] where samples are rows of numbers.
  Shape sample;
  // The classes, or the numbers of an answer.
  Index outputs = 0;
  // Whether the answers stand for classes, of which softmax gives the probabilities.
  bool has_classes = true;
  // What goes into the first layer is (x − mean) / deviation, in images in colour with a mean and a
  // deviation for each channel.
  PerChannel mean = 0;
  PerChannel deviation = 1;
  // The names by label, or none.
  std::vector<std::string> class_names;
  std::vector<ModelLayer> layers;
  // The tensors of tensors_of(layers), in that order.
  std::vector<ModelTensor> tensors;

  // The tensor of this name. Throws NotFound.
  const ModelTensor& tensor(std::string_view name) const;
  // Whether inputs are changed before the first layer.
  bool normalizes() const { return mean != 0 || deviation != 1; }
};

// Class names as files have them, one per line.
std::string lines_of(const std::vector<std::string>& names);

// What a tensor of a layer is called, and its shape.
struct TensorPlace {
  std::string name;
  Shape shape;
};

// The tensors that a layer has: Conv2D weight [O, C, k, k] and bias [O]; Dense weight [I, O]; Bias
// bias [O]; BatchNorm weight, bias, running_mean and running_var [C]; others none.
std::vector<TensorPlace> tensors_of(const ModelLayer& layer);

}  // namespace lanegrad
