// The matrix product of arrays: checks shapes, then calls the gemm kernel.
#include "engine/ndarray/matmul.h"

#include "engine/core/error.h"
#include "engine/kernels/kernels.h"

namespace lanegrad {

NdArray matmul(const NdArray& a, const NdArray& b, Transposed transposed, Epilogue epilogue) {
  if (a.rank() != 2 || b.rank() != 2)
    fail(ErrorCode::ShapeMismatch, "matmul: lhs ", a.shape(), " and rhs ", b.shape(),
         " do not multiply, expected two matrices");
  kernels::Gemm g;
  g.m = a.shape()[transposed.a ? 1 : 0];
  g.k = a.shape()[transposed.a ? 0 : 1];
  g.n = b.shape()[transposed.b ? 0 : 1];
  if (g.k != b.shape()[transposed.b ? 1 : 0])
    fail(ErrorCode::ShapeMismatch, "matmul: lhs ", a.shape(), transposed.a ? " transposed" : "",
         " and rhs ", b.shape(), transposed.b ? " transposed" : "",
         " do not multiply, expected equal inner extents");
  if (epilogue.bias && epilogue.bias->shape() != Shape{g.n})
    fail(ErrorCode::ShapeMismatch, "matmul: bias ", epilogue.bias->shape(),
         " for a product of shape ", Shape{g.m, g.n}, ", expected [", g.n, "]");
  g.transpose_a = transposed.a;
  g.transpose_b = transposed.b;
  NdArray out = NdArray::uninitialized({g.m, g.n});
  if (out.size() == 0) return out;
  g.a = a.data();
  g.b = b.data();
  g.c = out.mutable_data();
  g.bias = epilogue.bias ? epilogue.bias->data() : nullptr;
  g.relu = epilogue.relu;
  kernels::gemm(g);
  return out;
}

}  // namespace lanegrad
