// The steps of stochastic gradient descent.
#include "engine/optimizers/sgd.h"

#include <utility>

#include "engine/core/error.h"
#include "engine/core/range.h"
#include "engine/ndarray/update.h"
#include "engine/optimizers/catalog.h"

namespace lanegrad {

SGD::SGD(std::vector<Tensor> tensors, const SgdOptions& options)
    : Optimizer(std::move(tensors), options.learning_rate), options_(options) {
  const double momentum = options.momentum;
  check_number("sgd", "momentum", momentum, kBelowOne);
  check_number("sgd", "weight decay", options.weight_decay, kRate);
  if (options.nesterov && momentum <= 0)
    fail(ErrorCode::InvalidArgument, "sgd: Nesterov's momentum of 0, expected a momentum above 0");
  if (momentum == 0) return;
  for (const Tensor& tensor : tensors_) velocities_.push_back(NdArray::zeros(tensor.shape()));
}

void SGD::step() {
  const SgdUpdate update{.learning_rate = static_cast<Real>(learning_rate()),
                         .momentum = static_cast<Real>(options_.momentum),
                         .weight_decay = static_cast<Real>(options_.weight_decay),
                         .nesterov = options_.nesterov};
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    Tensor& tensor = tensors_[i];
    if (!tensor.grad()) continue;
    sgd_update(update, tensor.mutable_data(), *tensor.grad(),
               velocities_.empty() ? nullptr : &velocities_[i]);
  }
}

OptimizerOptions SGD::options() const {
  return {.learning_rate = learning_rate(),
          .weight_decay = options_.weight_decay,
          .momentum = options_.momentum,
          .nesterov = options_.nesterov};
}

std::vector<StateEntry> SGD::state(std::span<const std::string> names) {
  std::vector<StateEntry> out;
  append_state(out, "velocity", names, velocities_);
  return out;
}

}  // namespace lanegrad
