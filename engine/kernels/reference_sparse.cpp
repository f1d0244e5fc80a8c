// The kernels of lists in plain loops; sums accumulate in double. Nothing is packed: `packed` is b
// as it is.
#include <algorithm>

#include "engine/kernels/reference.h"

namespace lanegrad::kernels::reference {

namespace {

// Element (row, column) of the product.
Real product(const SparseRows& a, const Real* b, Index n, const Real* base, Index row,
             Index column) {
  double sum = base[column];
  for (std::int32_t i = a.starts[row]; i < a.ends[row]; ++i) {
    const auto& [index, value] = a.entries[i];
    sum += static_cast<double>(value) * static_cast<double>(b[index * n + column]);
  }
  return static_cast<Real>(sum);
}

}  // namespace

double most_listed() { return 0.4; }

void list_rows(const Real* x, Index first, Index count, const SparseRows& out) {
  for (Index row = first; row < first + count; ++row) {
    Index end = row * out.columns;
    out.starts[row] = static_cast<std::int32_t>(end);
    for (Index column = 0; column < out.columns; ++column) {
      const Real value = x[row * out.columns + column];
      if (value == out.background) continue;
      out.entries[end++] = {static_cast<std::int32_t>(column), value - out.background};
    }
    out.ends[row] = static_cast<std::int32_t>(end);
  }
}

void list_columns(const SparseRows& a, const SparseRows& out) {
  std::int32_t end = 0;
  for (Index column = 0; column < out.rows; ++column) {
    out.starts[column] = end;
    for (Index row = 0; row < a.rows; ++row) {
      for (std::int32_t i = a.starts[row]; i < a.ends[row]; ++i) {
        if (a.entries[i].index != column) continue;
        out.entries[end++] = {static_cast<std::int32_t>(row), a.entries[i].value};
      }
    }
    out.ends[column] = end;
  }
}

void pack_panels(const Real* b, Index rows, Index n, Real* packed, Real* sums) {
  std::copy(b, b + rows * n, packed);
  for (Index column = 0; column < n; ++column) {
    double sum = 0;
    for (Index row = 0; row < rows; ++row) sum += static_cast<double>(b[row * n + column]);
    sums[column] = static_cast<Real>(sum);
  }
}

Index packed_size(Index rows, Index n) { return rows * n; }

void sparse_matmul(const SparseRows& a, const Real* packed, Index n, const Real* base,
                   const Real* bias, bool relu, Real* c) {
  for (Index row = 0; row < a.rows; ++row) {
    for (Index column = 0; column < n; ++column) {
      const Real sum = product(a, packed, n, base, row, column) + (bias ? bias[column] : 0);
      c[row * n + column] = relu && sum < 0 ? 0 : sum;
    }
  }
}

void sparse_adam_update(const AdamUpdate& u, const SparseRows& a, const Real* packed, Index n,
                        const Real* base, Real* w, Real* m, Real* v) {
  for (Index row = 0; row < a.rows; ++row) {
    for (Index column = 0; column < n; ++column) {
      const Real gradient = product(a, packed, n, base, row, column);
      const Index at = row * n + column;
      adam_update(u, w + at, &gradient, m + at, v + at, 1);
    }
  }
}

}  // namespace lanegrad::kernels::reference
