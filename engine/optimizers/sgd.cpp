// The steps of stochastic gradient descent.
#include "engine/optimizers/sgd.h"

#include <utility>

#include "engine/core/error.h"
#include "engine/core/range.h"
#include "engine/ndarray/update.h"

namespace lanegrad {

std::vector<Setting> SGD::settings(OptimizerOptions& options) {
  return {{.key = "momentum",
           .group = "optimizer",
           .title = "momentum",
           .placeholder = "SHARE",
           .help = "The share of its velocity that a step keeps.",
           .of = "sgd",
           .range = &kBelowOne,
           .value = &options.momentum},
          {.key = "nesterov",
           .group = "optimizer",
           .title = "Nesterov’s momentum",
           .help = "Whether steps look ahead with their momentum, which has to be above 0 "
                   "(Sutskever et al. 2013).",
           .of = "sgd",
           .value = &options.nesterov}};
}

SGD::SGD(std::vector<Tensor> tensors, const OptimizerOptions& options)
    : Optimizer(std::move(tensors), options, 0.01) {
  const double momentum = *(options_.momentum = options.momentum.value_or(0));
  check_number("sgd", "momentum", momentum, kBelowOne);
  check_number("sgd", "weight decay", *(options_.weight_decay = options.weight_decay.value_or(0)),
               kRate);
  if (options.nesterov && momentum <= 0)
    fail(ErrorCode::InvalidArgument, "sgd: Nesterov's momentum of 0, expected a momentum above 0");
  if (momentum == 0) return;
  for (const Tensor& tensor : tensors_) velocities_.push_back(NdArray::zeros(tensor.shape()));
}

void SGD::step() {
  const SgdUpdate update{.learning_rate = static_cast<Real>(learning_rate()),
                         .momentum = static_cast<Real>(*options_.momentum),
                         .weight_decay = static_cast<Real>(*options_.weight_decay),
                         .nesterov = options_.nesterov};
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    Tensor& tensor = tensors_[i];
    if (!tensor.grad()) continue;
    sgd_update(update, tensor.mutable_data(), *tensor.grad(),
               velocities_.empty() ? nullptr : &velocities_[i]);
  }
}

std::vector<StateEntry> SGD::state(std::span<const std::string> names) {
  std::vector<StateEntry> out;
  append_state(out, "velocity", names, velocities_);
  return out;
}

}  // namespace lanegrad
