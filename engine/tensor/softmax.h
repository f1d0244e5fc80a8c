// softmax and log_softmax of tensors, over the last axis.
#pragma once

#include "engine/tensor/tensor.h"

namespace lanegrad {

// exp(x) / Σ exp(x) over the last axis. dx = y · (dy − Σ y · dy).
Tensor softmax(const Tensor& x);

// x − log Σ exp(x) over the last axis. dx = dy − exp(y) · Σ dy.
Tensor log_softmax(const Tensor& x);

}  // namespace lanegrad
