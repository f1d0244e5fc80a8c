// Decides what is worth listing, and gives the kernels of lists their memory.
#include "engine/ndarray/sparse.h"

#include <algorithm>
#include <limits>

#include "engine/core/parallel.h"
#include "engine/kernels/kernels.h"

namespace lanegrad {

namespace {

using Entry = kernels::SparseRows::Entry;

// A product with fewer multiplications, rows or columns is not worth a look at a's elements.
constexpr Index kFewProducts = 1'000'000;
constexpr Index kFewRows = 16;
constexpr Index kFewColumns = 32;
// The elements that are asked what most of them are.
constexpr Index kProbes = 256;
// One row in so many is listed before the others, to see whether it pays.
constexpr Index kFirstRows = 8;

// What most elements of a may be: the corner or 0, whichever is more frequent among a few.
Real guess_background(const NdArray& a) {
  const Real corner = *a.data();
  const Index step = a.size() / kProbes + 1;
  Index corners = 0;
  Index zeros = 0;
  for (Index i = 0; i < a.size(); i += step) {
    corners += a.data()[i] == corner;
    zeros += a.data()[i] == 0;
  }
  return corners > zeros ? corner : Real{0};
}

// b as the kernels read it, and what a row of the product begins with.
struct Prepared {
  Buffer memory;
  Real* packed;
  Real* base;

  Prepared(const SparseMatrix& a, const NdArray& b, const Epilogue& epilogue) {
    const Index n = check_matmul({a.rows(), a.columns()}, b.shape(), {}, epilogue)[1];
    const Index size = kernels::packed_size(a.columns(), n);
    memory = Buffer(static_cast<std::size_t>(size + n) * sizeof(Real));
    packed = static_cast<Real*>(memory.data());
    base = packed + size;
    kernels::pack_panels(b.data(), a.columns(), n, packed, base);
    for (Index j = 0; j < n; ++j) base[j] *= a.lists().background;
  }
};

}  // namespace

SparseMatrix::SparseMatrix(Index rows, Index columns, Real background, std::size_t entries)
    : memory_(entries * sizeof(Entry) + 2 * static_cast<std::size_t>(rows) * sizeof(std::int32_t)) {
  auto* const first = static_cast<Entry*>(memory_.data());
  auto* const starts = reinterpret_cast<std::int32_t*>(first + entries);
  lists_ = {rows, columns, background, starts, starts + rows, first};
}

SparseMatrix SparseMatrix::of(const NdArray& a, Index n) {
  if (a.rank() != 2) return {};
  const Index rows = a.shape()[0];
  const Index columns = a.shape()[1];
  if (std::min(rows, columns) < kFewRows || n < kFewColumns || a.size() * n < kFewProducts ||
      a.size() > std::numeric_limits<std::int32_t>::max())
    return {};
  SparseMatrix out(rows, columns, guess_background(a), static_cast<std::size_t>(a.size()));
  // Whether so few of the rows' elements are listed that it pays.
  const auto pays = [&](Index count) {
    Index listed = 0;
    for (Index row = 0; row < count; ++row) listed += out.lists_.ends[row] - out.lists_.starts[row];
    return static_cast<double>(listed) <=
           kernels::most_listed() * static_cast<double>(count * columns);
  };
  const Index first = (rows + kFirstRows - 1) / kFirstRows;
  kernels::list_rows(a.data(), 0, first, out.lists_);
  if (!pays(first)) return {};
  parallel_rows(rows - first, columns, [&](Index row, Index count) {
    kernels::list_rows(a.data(), first + row, count, out.lists_);
  });
  return pays(rows) ? out : SparseMatrix();
}

SparseMatrix SparseMatrix::transpose() const {
  const double most = kernels::most_listed() * static_cast<double>(rows() * columns());
  SparseMatrix out(columns(), rows(), lists_.background, static_cast<std::size_t>(most) + 1);
  kernels::list_columns(lists_, out.lists_);
  return out;
}

NdArray matmul(const SparseMatrix& a, const NdArray& b, Epilogue epilogue) {
  const Prepared rhs(a, b, epilogue);
  const Index n = b.shape()[1];
  NdArray out = NdArray::uninitialized({a.rows(), n});
  kernels::sparse_matmul(a.lists(), rhs.packed, n, rhs.base,
                         epilogue.bias ? epilogue.bias->data() : nullptr, epilogue.relu,
                         out.mutable_data());
  return out;
}

void adam_update(const AdamUpdate& update, Real* w, const SparseProduct& g, NdArray& first_moment,
                 NdArray& second_moment) {
  const Prepared rhs(g.a, g.b, {});
  kernels::sparse_adam_update(update, g.a.lists(), rhs.packed, g.b.shape()[1], rhs.base, w,
                              first_moment.mutable_data(), second_moment.mutable_data());
}

}  // namespace lanegrad
