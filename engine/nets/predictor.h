// Answers of a net from its numbers alone: forward only, without tensors, gradients and data.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/io/model.h"
#include "engine/ndarray/arithmetic.h"
#include "engine/ndarray/conv.h"
#include "engine/ndarray/ndarray.h"
#include "engine/ndarray/pool.h"

namespace lanegrad {

// Runs the layers of a model as a trainer evaluates them: the same bits as Trainer::predict of the
// same batch, whatever the number of threads.
class Predictor {
 public:
  // Copies the model's arrays. Throws Unsupported for a kind of layer that it does not know.
  explicit Predictor(const Model& model);

  // The numbers of one sample, and of one answer.
  Index inputs() const { return sample_.size(); }
  Index outputs() const { return outputs_; }

  // The answers to a batch x: [N, …], whose samples have the model's shape; numbers come as the
  // data has them, pixels from 0 to 1, and are normalized here. -> [N, outputs]. Throws
  // ShapeMismatch for samples of another shape.
  NdArray predict(const NdArray& x) const;
  // The answers to samples of pixels from 0 to 255, one after the other, with the bits of an
  // evaluation. Throws ShapeMismatch unless they are whole samples.
  NdArray predict(std::span<const std::uint8_t> pixels) const;

 private:
  enum class Operation : std::uint8_t {
    Dense,
    Conv,
    ConvPool,
    MaxPool,
    AvgPool,
    GlobalPool,
    BatchNorm,
    Unary,
    LeakyRelu,
    Softmax,
    Flatten,
  };
  // One layer, or neighbours that run as one.
  struct Step {
    Operation operation;
    // The weight, and the bias; of BatchNorm also the means and variances, [2, C].
    NdArray weight = {};
    NdArray bias = {};
    NdArray statistics = {};
    bool has_bias = false;
    bool relu = false;
    kernels::Unary function = {};
    ConvOptions conv = {};
    PoolOptions pool = {};
    Real number = 0;

    Epilogue epilogue() const { return {.bias = has_bias ? &bias : nullptr, .relu = relu}; }
  };

  std::size_t append(const Model& model, std::size_t at);
  NdArray normalized(const NdArray& x) const;
  NdArray forward(NdArray x) const;
  NdArray run(const Step& step, const NdArray& x) const;
  Shape batch(Index samples) const;

  Shape sample_;
  Index outputs_;
  PerChannel mean_, deviation_;
  std::vector<Step> steps_;
};

}  // namespace lanegrad
