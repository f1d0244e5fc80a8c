// Cross-entropy of the softmax of logits, for classification.
#pragma once

#include "engine/ndarray/index_array.h"
#include "engine/tensor/tensor.h"

namespace lanegrad {

class SoftmaxCrossEntropy {
 public:
  // L = mean over N of −log softmax(logits)[label]; a scalar. logits: [N, C], labels: [N] in
  // 0..C-1, else InvalidArgument "softmax cross-entropy: label 10 at position 3, expected 0 to 9".
  Tensor forward(const Tensor& logits, const IndexArray& labels) const;
};

}  // namespace lanegrad
