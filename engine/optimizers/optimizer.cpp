// What all optimizers check and share.
#include "engine/optimizers/optimizer.h"

#include <utility>

#include "engine/core/error.h"
#include "engine/core/range.h"

namespace lanegrad {

std::vector<Setting> Optimizer::settings(OptimizerOptions& options) {
  return {{.key = "learning-rate",
           .group = "optimizer",
           .alias = "lr",
           .title = "learning rate",
           .placeholder = "RATE",
           .help = "The learning rate.",
           .range = &kRate,
           .value = &options.learning_rate},
          {.key = "weight-decay",
           .group = "optimizer",
           .title = "weight decay",
           .placeholder = "RATE",
           .help = "How strongly weights are pulled towards 0. With adam and sgd, this much of "
                   "each weight is added to its gradient; with adamw, each step multiplies the "
                   "weights by 1 − learning rate · weight decay.",
           .range = &kRate,
           .value = &options.weight_decay}};
}

Optimizer::Optimizer(std::vector<Tensor> tensors, const OptimizerOptions& options,
                     double usual_rate)
    : tensors_(std::move(tensors)), options_(options) {
  set_learning_rate(options.learning_rate.value_or(usual_rate));
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    if (!tensors_[i].defined() || !tensors_[i].is_leaf())
      fail(ErrorCode::InvalidArgument, "optimizer: tensor ", i,
           tensors_[i].defined() ? " was computed from others" : " is undefined",
           ", expected one that holds its own values");
  }
}

void Optimizer::zero_grad() {
  for (Tensor& tensor : tensors_) tensor.zero_grad();
}

void Optimizer::set_learning_rate(double learning_rate) {
  check_learning_rate(learning_rate);
  options_.learning_rate = learning_rate;
}

void Optimizer::check_learning_rate(double learning_rate) {
  check_number("optimizer", "learning rate", learning_rate, kRate);
}

void Optimizer::append_state(std::vector<StateEntry>& out, std::string_view what,
                             std::span<const std::string> names, std::span<NdArray> arrays) {
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    out.push_back(
        state_entry(str(what, ".", names[i]), arrays[i].shape(), arrays[i].mutable_data()));
  }
}

}  // namespace lanegrad
