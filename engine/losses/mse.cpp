// The mean squared error as one node of the graph.
#include "engine/losses/mse.h"

#include "engine/core/error.h"
#include "engine/ndarray/arithmetic.h"
#include "engine/ndarray/reduce.h"
#include "engine/tensor/node.h"

namespace lanegrad {

namespace {

// dL/dŷ = (ŷ − y) / |y| = −dL/dy.
void mse_backward(Node& node, const NdArray& dy) {
  const NdArray& difference = node.saved;
  const Real scale = dy.item() / static_cast<Real>(difference.size());
  if (node.needs(0)) node.send(0, difference * NdArray::scalar(scale));
  if (node.needs(1)) node.send(1, difference * NdArray::scalar(-scale));
}

constexpr GradFn kMse{"mse", mse_backward};

}  // namespace

Tensor MSE::forward(const Tensor& prediction, const Tensor& target) const {
  if (prediction.shape() != target.shape())
    fail(ErrorCode::ShapeMismatch, "mse: prediction ", prediction.shape(), " and target ",
         target.shape(), " differ, expected the same shape");
  if (prediction.size() == 0)
    fail(ErrorCode::InvalidArgument, "mse: prediction ", prediction.shape(),
         " is empty, expected at least one element");
  NdArray difference = sub(prediction.data(), target.data());
  const Real squares = sum(mul(difference, difference)).item();
  const Real loss = squares / (2 * static_cast<Real>(difference.size()));
  Tensor result = record(kMse, NdArray::scalar(loss), {&prediction, &target});
  if (!result.is_leaf()) result.node()->saved = std::move(difference);
  return result;
}

}  // namespace lanegrad
