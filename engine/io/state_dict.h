// The arrays of a model under the names and in the layouts of PyTorch.
#pragma once

#include "engine/io/model.h"

namespace lanegrad {

// The tensors of the model as torch.nn would have them: a dense layer and its bias are one Linear
// with weight [O, I] and bias [O], named after the dense layer; all else is the same there.
std::vector<ModelTensor> state_dict(const Model& model);

}  // namespace lanegrad
