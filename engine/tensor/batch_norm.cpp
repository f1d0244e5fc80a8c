// Batch normalisation and its backward.
#include "engine/tensor/batch_norm.h"

#include "engine/ndarray/batch_norm.h"
#include "engine/tensor/node.h"

namespace lanegrad {

namespace {

// The backward where x was normalised by its own statistics (`kOwn`), or by given ones.
template <bool kOwn>
void batch_norm_backward(Node& node, const NdArray& dy) {
  BatchNormGradients gradients = batch_norm_backward(node.source(0), node.source(1), node.saved,
                                                     node.number, kOwn, dy, node.needs(0));
  if (node.needs(0)) node.send(0, std::move(gradients.dx));
  if (node.needs(1)) node.send(1, std::move(gradients.dweight));
  if (node.needs(2)) node.send(2, std::move(gradients.dbias));
}

constexpr GradFn kBatchNorm{"batch_norm", batch_norm_backward<true>};
constexpr GradFn kBatchNormAsGiven{"batch_norm", batch_norm_backward<false>};

Tensor keep(Tensor result, NdArray statistics, double epsilon) {
  if (!result.is_leaf()) {
    result.node()->saved = std::move(statistics);
    result.node()->number = static_cast<Real>(epsilon);
  }
  return result;
}

}  // namespace

Tensor batch_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, double epsilon,
                  NdArray* statistics) {
  NdArray own;
  NdArray y = batch_norm_training(x.data(), weight.data(), bias.data(), epsilon, own);
  if (statistics) *statistics = own;
  return keep(record(kBatchNorm, std::move(y), {&x, &weight, &bias}), std::move(own), epsilon);
}

Tensor batch_norm(const Tensor& x, const Tensor& weight, const Tensor& bias,
                  const NdArray& statistics, double epsilon) {
  NdArray y = batch_norm(x.data(), weight.data(), bias.data(), statistics, epsilon);
  return keep(record(kBatchNormAsGiven, std::move(y), {&x, &weight, &bias}), statistics, epsilon);
}

}  // namespace lanegrad
