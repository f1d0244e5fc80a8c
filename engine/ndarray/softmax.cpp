// Softmax of arrays, each of which is seen as [rows, classes].
#include "engine/ndarray/softmax.h"

#include "engine/core/error.h"
#include "engine/kernels/kernels.h"

namespace lanegrad {

namespace {

using Kernel = void (*)(const Real* x, Real* y, Index rows, Index classes);

NdArray apply(const char* op, Kernel kernel, const NdArray& x) {
  if (x.rank() < 1 || x.shape()[x.rank() - 1] < 1)
    fail(ErrorCode::InvalidArgument, op, ": shape ", x.shape(),
         ", expected a last axis with at least one class");
  const Index classes = x.shape()[x.rank() - 1];
  NdArray out = NdArray::uninitialized(x.shape());
  kernel(x.data(), out.mutable_data(), x.size() / classes, classes);
  return out;
}

}  // namespace

NdArray softmax(const NdArray& x) { return apply("softmax", kernels::softmax, x); }
NdArray log_softmax(const NdArray& x) { return apply("log_softmax", kernels::log_softmax, x); }

}  // namespace lanegrad
