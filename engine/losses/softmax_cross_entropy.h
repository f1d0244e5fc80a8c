// Cross-entropy of the softmax of logits, for classification.
#pragma once

#include "engine/ndarray/index_array.h"
#include "engine/tensor/tensor.h"

namespace lanegrad {

class SoftmaxCrossEntropy {
 public:
  // The target of the label's class is 1 − label_smoothing, and label_smoothing is shared among all
  // classes (Szegedy et al., "Rethinking the Inception architecture", 2016), as PyTorch does it.
  // Throws InvalidArgument unless 0 ≤ label_smoothing < 1.
  explicit SoftmaxCrossEntropy(double label_smoothing = 0);

  // L = mean over N of −Σ target · log softmax(logits); a scalar. logits: [N, C], labels: [N] in
  // 0..C-1, else InvalidArgument "softmax cross-entropy: label 10 at position 3, expected 0 to 9".
  Tensor forward(const Tensor& logits, const IndexArray& labels) const;

 private:
  double label_smoothing_;
};

}  // namespace lanegrad
