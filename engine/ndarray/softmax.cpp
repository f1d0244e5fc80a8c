// Softmax of arrays, each of which is seen as [rows, classes].
#include "engine/ndarray/softmax.h"

#include "engine/core/error.h"
#include "engine/kernels/kernels.h"

namespace lanegrad {

namespace {

Index classes_of(const NdArray& x) { return x.shape()[x.rank() - 1]; }

NdArray apply(const char* op, void (*kernel)(const Real* x, Real* y, Index rows, Index classes),
              const NdArray& x) {
  if (x.rank() < 1 || classes_of(x) < 1)
    fail(ErrorCode::InvalidArgument, op, ": shape ", x.shape(),
         ", expected a last axis with at least one class");
  NdArray out = NdArray::uninitialized(x.shape());
  kernel(x.data(), out.mutable_data(), x.size() / classes_of(x), classes_of(x));
  return out;
}

NdArray apply_backward(void (*kernel)(const Real* y, const Real* dy, Real* dx, Index rows,
                                      Index classes),
                       const NdArray& y, const NdArray& dy) {
  NdArray dx = NdArray::uninitialized(dy.shape());
  kernel(y.data(), dy.data(), dx.mutable_data(), dy.size() / classes_of(dy), classes_of(dy));
  return dx;
}

}  // namespace

NdArray softmax(const NdArray& x) { return apply("softmax", kernels::softmax, x); }
NdArray log_softmax(const NdArray& x) { return apply("log_softmax", kernels::log_softmax, x); }

NdArray softmax_backward(const NdArray& y, const NdArray& dy) {
  return apply_backward(kernels::softmax_backward, y, dy);
}
NdArray log_softmax_backward(const NdArray& y, const NdArray& dy) {
  return apply_backward(kernels::log_softmax_backward, y, dy);
}

Real softmax_cross_entropy(const NdArray& x, const IndexArray& labels, Real smoothing,
                           NdArray& difference) {
  difference = NdArray::uninitialized(x.shape());
  return kernels::softmax_cross_entropy(x.data(), labels.data(), smoothing,
                                        difference.mutable_data(), x.shape()[0], x.shape()[1]);
}

}  // namespace lanegrad
