// BatchNorm: normalises each channel over the batch while training, and by running averages of
// those statistics afterwards (Ioffe and Szegedy 2015), as torch.nn.BatchNorm1d and 2d.
#pragma once

#include "engine/layers/layer.h"

namespace lanegrad {

struct BatchNormOptions {
  double momentum = 0.1;  // the share of the newest batch in the running averages
  double epsilon = 1e-5;  // added to variances
};

class BatchNorm final : public Layer {
 public:
  using Options = BatchNormOptions;
  // Throws InvalidArgument unless features ≥ 1, 0 ≤ momentum ≤ 1 and epsilon > 0.
  explicit BatchNorm(Index features, Options options = {});
  std::string_view kind() const override { return "BatchNorm"; }
  // Normalises x: [N, C] or [N, C, H, W] with C = features. In training each channel needs at least
  // two values, else InvalidArgument.
  Tensor compute(const Tensor& x) override;
  std::vector<NamedTensor> named_tensors() const override {
    return {{"weight", weight_}, {"bias", bias_}};
  }
  std::vector<NamedTensor> named_buffers() const override {
    return {{"running_mean", running_mean_}, {"running_var", running_var_}};
  }
  const Tensor& weight() const { return weight_; }              // [C], 1 at first
  const Tensor& bias() const { return bias_; }                  // [C], 0 at first
  const Tensor& running_mean() const { return running_mean_; }  // [C], 0 at first
  const Tensor& running_var() const { return running_var_; }    // [C], 1 at first
  const Options& options() const { return options_; }

 private:
  Tensor weight_, bias_, running_mean_, running_var_;
  Options options_;
};

}  // namespace lanegrad
