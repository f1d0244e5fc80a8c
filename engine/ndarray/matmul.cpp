// The matrix product of arrays: checks shapes, then calls the gemm kernel.
#include "engine/ndarray/matmul.h"

#include "engine/core/error.h"
#include "engine/kernels/kernels.h"

namespace lanegrad {

Shape check_matmul(const Shape& a, const Shape& b, Transposed transposed,
                   const Epilogue& epilogue) {
  if (a.rank() != 2 || b.rank() != 2)
    fail(ErrorCode::ShapeMismatch, "matmul: lhs ", a, " and rhs ", b,
         " do not multiply, expected two matrices");
  const Shape out{a[transposed.a ? 1 : 0], b[transposed.b ? 0 : 1]};
  if (a[transposed.a ? 0 : 1] != b[transposed.b ? 1 : 0])
    fail(ErrorCode::ShapeMismatch, "matmul: lhs ", a, transposed.a ? " transposed" : "",
         " and rhs ", b, transposed.b ? " transposed" : "",
         " do not multiply, expected equal inner extents");
  if (epilogue.bias && epilogue.bias->shape() != Shape{out[1]})
    fail(ErrorCode::ShapeMismatch, "matmul: bias ", epilogue.bias->shape(),
         " for a product of shape ", out, ", expected [", out[1], "]");
  return out;
}

NdArray matmul(const NdArray& a, const NdArray& b, Transposed transposed, Epilogue epilogue) {
  NdArray out = NdArray::uninitialized(check_matmul(a.shape(), b.shape(), transposed, epilogue));
  if (out.size() == 0) return out;
  kernels::gemm({.a = a.data(),
                 .b = b.data(),
                 .c = out.mutable_data(),
                 .m = out.shape()[0],
                 .n = out.shape()[1],
                 .k = a.shape()[transposed.a ? 0 : 1],
                 .transpose_a = transposed.a,
                 .transpose_b = transposed.b,
                 .bias = epilogue.bias ? epilogue.bias->data() : nullptr,
                 .relu = epilogue.relu});
  return out;
}

}  // namespace lanegrad
