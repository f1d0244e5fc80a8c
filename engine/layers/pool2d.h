// Layers that make images smaller and have no weights.
#pragma once

#include "engine/layers/layer.h"
#include "engine/tensor/pool.h"

namespace lanegrad {

class MaxPool2D final : public Layer {
 public:
  explicit MaxPool2D(PoolOptions options = {}) : options_(options) {}
  std::string_view kind() const override { return "MaxPool2D"; }
  Fusable fusable() const override { return Fusable::MaxPool2D; }
  const PoolOptions& options() const { return options_; }
  Tensor compute(const Tensor& x) override { return max_pool2d(x, options_); }

 private:
  PoolOptions options_;
};

class AvgPool2D : public Layer {
 public:
  explicit AvgPool2D(PoolOptions options = {}) : options_(options) {}
  std::string_view kind() const override { return "AvgPool2D"; }
  Tensor compute(const Tensor& x) override { return avg_pool2d(x, options_); }

 private:
  PoolOptions options_;
};

class GlobalAvgPool2D : public Layer {
 public:
  std::string_view kind() const override { return "GlobalAvgPool2D"; }
  Tensor compute(const Tensor& x) override { return global_avg_pool2d(x); }
};

}  // namespace lanegrad
