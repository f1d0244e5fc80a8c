// softmax and log_softmax of tensors with their backward.
#include "engine/tensor/softmax.h"

#include "engine/kernels/kernels.h"
#include "engine/ndarray/softmax.h"
#include "engine/tensor/node.h"

namespace lanegrad {

namespace {

// Sends the source what the kernel makes of the result y and its gradient dy, row by row.
void send_rows(Node& node, const NdArray& dy,
               void (*kernel)(const Real* y, const Real* dy, Real* dx, Index rows, Index classes)) {
  const Index classes = dy.shape()[dy.rank() - 1];
  NdArray dx = NdArray::uninitialized(dy.shape());
  kernel(node.data.data(), dy.data(), dx.mutable_data(), dy.size() / classes, classes);
  node.send(0, std::move(dx));
}

constexpr GradFn kSoftmax{"softmax", [](Node& node, const NdArray& dy) {
                            send_rows(node, dy, kernels::softmax_backward);
                          }};
constexpr GradFn kLogSoftmax{"log_softmax", [](Node& node, const NdArray& dy) {
                               send_rows(node, dy, kernels::log_softmax_backward);
                             }};

}  // namespace

Tensor softmax(const Tensor& x) { return record(kSoftmax, softmax(x.data()), {&x}); }

Tensor log_softmax(const Tensor& x) { return record(kLogSoftmax, log_softmax(x.data()), {&x}); }

}  // namespace lanegrad
