// Checks that the net is the same, and copies its numbers.
#include "engine/training/weights.h"

#include <algorithm>

#include "engine/core/error.h"
#include "engine/nets/renormalize.h"

namespace lanegrad {

void load_weights(Training& training, const Model& model) {
  Trainer& trainer = *training.trainer;
  if (trainer.state().steps > 0)
    fail(ErrorCode::InvalidState, "weights: after ", trainer.state().steps,
         " steps, expected them before the first one");
  const std::vector<NamedTensor>& variables = trainer.variables();
  for (const NamedTensor& variable : variables) {
    const auto same =
        std::find_if(model.tensors.begin(), model.tensors.end(),
                     [&](const ModelTensor& tensor) { return tensor.name == variable.name; });
    const Shape& shape = variable.tensor.shape();
    if (same == model.tensors.end())
      fail(ErrorCode::ShapeMismatch, "weights: nothing for ", variable.name, " of ", shape,
           ", expected the weights of the same net");
    if (!(same->shape == shape))
      fail(ErrorCode::ShapeMismatch, "weights: ", variable.name, " of ", same->shape, ", expected ",
           shape);
  }
  for (const ModelTensor& tensor : model.tensors) {
    const bool known =
        std::any_of(variables.begin(), variables.end(),
                    [&](const NamedTensor& variable) { return variable.name == tensor.name; });
    if (!known)
      fail(ErrorCode::ShapeMismatch, "weights: ", tensor.name, " of ", tensor.shape,
           ", expected none of this name in the net");
  }
  Model own = model;
  renormalize(own, training.normalization.mean, training.normalization.deviation);
  for (const NamedTensor& variable : variables) {
    Tensor handle = variable.tensor;
    const std::vector<Real>& values = own.tensor(variable.name).values;
    std::copy(values.begin(), values.end(), handle.mutable_data());
  }
}

}  // namespace lanegrad
