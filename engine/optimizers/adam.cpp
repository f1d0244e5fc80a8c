// The update steps of Adam and AdamW.
#include "engine/optimizers/adam.h"

#include <utility>

#include "engine/core/number.h"
#include "engine/core/range.h"
#include "engine/ndarray/sparse.h"
#include "engine/ndarray/update.h"

namespace lanegrad {

std::vector<Setting> Adam::settings(OptimizerOptions& options) {
  return {{.key = "beta1",
           .group = "optimizer",
           .title = "beta 1",
           .placeholder = "SHARE",
           .help = "The share of the mean of gradients that a step keeps.",
           .of = "adam adamw",
           .range = &kBelowOne,
           .value = &options.beta1},
          {.key = "beta2",
           .group = "optimizer",
           .title = "beta 2",
           .placeholder = "SHARE",
           .help = "The share of the mean of squared gradients that a step keeps.",
           .of = "adam adamw",
           .range = &kBelowOne,
           .value = &options.beta2},
          {.key = "epsilon",
           .group = "optimizer",
           .title = "epsilon",
           .placeholder = "NUMBER",
           .help = "What is added to the root of the mean of squared gradients.",
           .of = "adam adamw",
           .range = &kPositive,
           .value = &options.epsilon}};
}

Adam::Adam(std::vector<Tensor> tensors, const OptimizerOptions& options, bool decoupled)
    : Optimizer(std::move(tensors), options, 0.001), decoupled_(decoupled) {
  options_.beta1 = options.beta1.value_or(0.9);
  options_.beta2 = options.beta2.value_or(0.999);
  options_.epsilon = options.epsilon.value_or(1e-8);
  options_.weight_decay = options.weight_decay.value_or(decoupled ? 0.01 : 0);
  check_number("adam", "beta1", *options_.beta1, kBelowOne);
  check_number("adam", "beta2", *options_.beta2, kBelowOne);
  check_number("adam", "epsilon", *options_.epsilon, kPositive);
  check_number("adam", "weight decay", *options_.weight_decay, kRate);
  for (const Tensor& tensor : tensors_) {
    first_moments_.push_back(NdArray::zeros(tensor.shape()));
    second_moments_.push_back(NdArray::zeros(tensor.shape()));
  }
  steps_.resize(tensors_.size());
}

void Adam::step() {
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    Tensor& tensor = tensors_[i];
    const SparseProduct* const product = tensor.grad_product();
    if (!product && !tensor.grad()) continue;
    const std::int64_t t = ++steps_[i];
    AdamUpdate update{.learning_rate = static_cast<Real>(learning_rate()),
                      .beta1 = static_cast<Real>(*options_.beta1),
                      .beta2 = static_cast<Real>(*options_.beta2),
                      .epsilon = static_cast<Real>(*options_.epsilon)};
    if (decoupled_) {
      update.shrink = static_cast<Real>(1 - learning_rate() * *options_.weight_decay);
    } else {
      update.weight_decay = static_cast<Real>(*options_.weight_decay);
    }
    // The corrections are computed in double, where 1 − β2^t keeps its digits in the first steps,
    // and from β as the kernel rounds it, so that they undo exactly what the moments lack.
    update.correction1 = static_cast<Real>(1 - power(static_cast<double>(update.beta1), t));
    update.correction2 = static_cast<Real>(1 - power(static_cast<double>(update.beta2), t));
    Real* const w = tensor.mutable_data();
    if (product) {
      adam_update(update, w, *product, first_moments_[i], second_moments_[i]);
    } else {
      adam_update(update, w, *tensor.grad(), first_moments_[i], second_moments_[i]);
    }
  }
}

std::vector<StateEntry> Adam::state(std::span<const std::string> names) {
  std::vector<StateEntry> out;
  append_state(out, "first_moment", names, first_moments_);
  append_state(out, "second_moment", names, second_moments_);
  out.push_back(state_entry("steps", {static_cast<Index>(steps_.size())}, steps_.data()));
  return out;
}

}  // namespace lanegrad
