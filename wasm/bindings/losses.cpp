// Losses.
#include "wasm/bindings/handles.h"

namespace lanegrad::boundary {

namespace {

Tensor mse(const Tensor& prediction, const Tensor& target) {
  return MSE().forward(prediction, target);
}
Tensor softmax_cross_entropy(const Tensor& logits, const val& labels) {
  return SoftmaxCrossEntropy().forward(logits, labels_in(labels));
}

}  // namespace

EMSCRIPTEN_BINDINGS(losses) {
  function<&mse>("MSE");
  function<&softmax_cross_entropy>("SoftmaxCrossEntropy");
}

}  // namespace lanegrad::boundary
