// Softmax and cross-entropy as one node of the graph: their joint gradient is p − onehot(label).
#include "engine/losses/softmax_cross_entropy.h"

#include "engine/core/error.h"
#include "engine/kernels/kernels.h"
#include "engine/tensor/node.h"

namespace lanegrad {

namespace {

const GradFn kSoftmaxCrossEntropyBackward{
    "softmax_cross_entropy", [](Node& node, const NdArray& dy) {
      const NdArray& p = node.saved;  // [N, C]
      const Index rows = p.shape()[0];
      NdArray dx = NdArray::uninitialized(p.shape());
      kernels::softmax_cross_entropy_backward(p.data(), node.saved_indices.data(),
                                              dy.item() / static_cast<Real>(rows),
                                              dx.mutable_data(), rows, p.shape()[1]);
      node.send(0, std::move(dx));
    }};

}  // namespace

Tensor SoftmaxCrossEntropy::forward(const Tensor& logits, const IndexArray& labels) const {
  const Shape& shape = logits.shape();
  require(shape.rank() == 2 && labels.shape() == Shape{shape[0]}, ErrorCode::ShapeMismatch, [&] {
    return str("softmax cross-entropy: logits ", shape, " and labels ", labels.shape(),
               ", expected [N, C] and [N]");
  });
  const Index rows = shape[0];
  const Index classes = shape[1];
  require(rows > 0 && classes > 0, ErrorCode::InvalidArgument, [&] {
    return str("softmax cross-entropy: logits ", shape,
               ", expected at least one sample and one class");
  });
  for (Index i = 0; i < rows; ++i) {
    const std::int32_t label = labels.data()[i];
    require(label >= 0 && label < classes, ErrorCode::InvalidArgument, [&] {
      return str("softmax cross-entropy: label ", label, " at position ", i, ", expected 0 to ",
                 classes - 1);
    });
  }
  NdArray p = NdArray::uninitialized(shape);
  const Real loss = kernels::softmax_cross_entropy(logits.data().data(), labels.data(),
                                                   p.mutable_data(), rows, classes);
  Tensor result = record(kSoftmaxCrossEntropyBackward, NdArray::scalar(loss), {&logits});
  if (!result.is_leaf()) {
    result.node()->saved = std::move(p);
    result.node()->saved_indices = labels;
  }
  return result;
}

}  // namespace lanegrad
