// softmax and log_softmax of tensors with their backward.
#include "engine/tensor/softmax.h"

#include "engine/ndarray/softmax.h"
#include "engine/tensor/node.h"

namespace lanegrad {

namespace {

void softmax_backward(Node& node, const NdArray& dy) {
  node.send(0, softmax_backward(node.data, dy));
}

void log_softmax_backward(Node& node, const NdArray& dy) {
  node.send(0, log_softmax_backward(node.data, dy));
}

constexpr GradFn kSoftmax{"softmax", softmax_backward};
constexpr GradFn kLogSoftmax{"log_softmax", log_softmax_backward};

}  // namespace

Tensor softmax(const Tensor& x) { return record(kSoftmax, softmax(x.data()), {&x}); }

Tensor log_softmax(const Tensor& x) { return record(kLogSoftmax, log_softmax(x.data()), {&x}); }

}  // namespace lanegrad
