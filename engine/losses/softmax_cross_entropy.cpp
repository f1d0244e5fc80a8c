// Softmax and cross-entropy as one node of the graph: their joint gradient is p − targets.
#include "engine/losses/softmax_cross_entropy.h"

#include <utility>

#include "engine/core/error.h"
#include "engine/core/range.h"
#include "engine/ndarray/arithmetic.h"
#include "engine/ndarray/softmax.h"
#include "engine/tensor/node.h"

namespace lanegrad {

namespace {

void softmax_cross_entropy_backward(Node& node, const NdArray& dy) {
  const NdArray& difference = node.saved;  // softmax − targets, [N, C]
  const Real scale = dy.item() / static_cast<Real>(difference.shape()[0]);
  node.send(0, difference * NdArray::scalar(scale));
}

constexpr GradFn kSoftmaxCrossEntropy{"softmax_cross_entropy", softmax_cross_entropy_backward};

}  // namespace

SoftmaxCrossEntropy::SoftmaxCrossEntropy(double label_smoothing)
    : label_smoothing_(label_smoothing) {
  check_number("softmax cross-entropy", "label smoothing", label_smoothing, kBelowOne);
}

Tensor SoftmaxCrossEntropy::forward(const Tensor& logits, const IndexArray& labels) const {
  const Shape& shape = logits.shape();
  if (!(shape.rank() == 2 && labels.shape() == Shape{shape[0]}))
    fail(ErrorCode::ShapeMismatch, "softmax cross-entropy: logits ", shape, " and labels ",
         labels.shape(), ", expected [N, C] and [N]");
  const Index rows = shape[0];
  const Index classes = shape[1];
  if (rows == 0 || classes == 0)
    fail(ErrorCode::InvalidArgument, "softmax cross-entropy: logits ", shape,
         ", expected at least one sample and one class");
  for (Index i = 0; i < rows; ++i) {
    const std::int32_t label = labels.data()[i];
    if (!(label >= 0 && label < classes))
      fail(ErrorCode::InvalidArgument, "softmax cross-entropy: label ", label, " at position ", i,
           ", expected 0 to ", classes - 1);
  }
  NdArray difference;
  const Real loss =
      softmax_cross_entropy(logits.data(), labels, static_cast<Real>(label_smoothing_), difference);
  Tensor result = record(kSoftmaxCrossEntropy, NdArray::scalar(loss), {&logits});
  if (!result.is_leaf()) result.node()->saved = std::move(difference);
  return result;
}

}  // namespace lanegrad
