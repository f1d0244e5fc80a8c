// Matrices of which most elements are the same number, as pictures are: lists of the others, and
// products that multiply only those.
#pragma once

#include "engine/kernels/types.h"
#include "engine/ndarray/matmul.h"
#include "engine/ndarray/ndarray.h"

namespace lanegrad {

using kernels::AdamUpdate;

// Lists of what differs from the number that most elements of a matrix are. Copies share the lists.
class SparseMatrix {
 public:
  // No lists.
  SparseMatrix() = default;
  // The lists of a's rows, where a is a matrix, what differs is so rare that a product with a
  // matrix of n columns is faster by them, and the product is large enough to look; else no lists.
  // Whether there are some depends on the values and shapes only.
  static SparseMatrix of(const NdArray& a, Index n);

  explicit operator bool() const { return static_cast<bool>(memory_); }
  SparseMatrix transpose() const;
  Index rows() const { return lists_.rows; }
  Index columns() const { return lists_.columns; }
  // The lists, for kernels.
  const kernels::SparseRows& lists() const { return lists_; }

 private:
  SparseMatrix(Index rows, Index columns, Real background, std::size_t entries);

  kernels::SparseRows lists_;
  Buffer memory_;
};

// a · b for b: [a.columns(), N] -> [a.rows(), N], where a has lists. What all elements of a have in
// common is multiplied by the sums of b's columns, so that infinity or NaN anywhere in b shows in
// the result, as it does where those sums overflow.
NdArray matmul(const SparseMatrix& a, const NdArray& b, Epilogue epilogue = {});

// The product a · b, as long as nobody has asked for its elements.
struct SparseProduct {
  SparseMatrix a;
  NdArray b;
};

// adam_update with the gradient g.a · g.b, whose elements are used as they are computed and written
// nowhere: the same bits as with matmul(g.a, g.b).
void adam_update(const AdamUpdate& update, Real* w, const SparseProduct& g, NdArray& first_moment,
                 NdArray& second_moment);

}  // namespace lanegrad
