// log_softmax and its backward.
#include "engine/tensor/softmax.h"

#include "engine/kernels/kernels.h"
#include "engine/ndarray/softmax.h"
#include "engine/tensor/node.h"

namespace lanegrad {

namespace {

void log_softmax_backward(Node& node, const NdArray& dy) {
  const Index classes = dy.shape()[dy.rank() - 1];
  NdArray dx = NdArray::uninitialized(dy.shape());
  kernels::log_softmax_backward(node.data.data(), dy.data(), dx.mutable_data(), dy.size() / classes,
                                classes);
  node.send(0, std::move(dx));
}

constexpr GradFn kLogSoftmax{"log_softmax", log_softmax_backward};

}  // namespace

Tensor log_softmax(const Tensor& x) { return record(kLogSoftmax, log_softmax(x.data()), {&x}); }

}  // namespace lanegrad
