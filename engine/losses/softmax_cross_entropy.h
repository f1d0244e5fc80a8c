// Cross-entropy of the softmax of logits, for classification.
#pragma once

#include "engine/ndarray/index_array.h"
#include "engine/tensor/tensor.h"

namespace lanegrad {

class SoftmaxCrossEntropy {
 public:
  // Smooths labels: the targets of a sample are label_smoothing / C for each of the C classes, plus
  // 1 − label_smoothing for the class of its label (Szegedy et al., "Rethinking the Inception
  // architecture", 2016), as PyTorch does it. Throws InvalidArgument unless 0 ≤ label_smoothing <
  // 1.
  explicit SoftmaxCrossEntropy(double label_smoothing = 0);

  // L = mean over N of −Σ target · log softmax(logits), a scalar. logits: [N, C], labels: [N] in
  // 0..C-1, else InvalidArgument "softmax cross-entropy: label 10 at position 3, expected 0 to 9".
  Tensor forward(const Tensor& logits, const IndexArray& labels) const;

 private:
  double label_smoothing_;
};

}  // namespace lanegrad
