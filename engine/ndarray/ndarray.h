// A dense array of Real numbers: a shape and a shared, contiguous, row-major buffer. Copies share
// the buffer until one of them is written to (copy-on-write). Knows nothing of gradients.
#pragma once

#include <initializer_list>
#include <span>

#include "engine/core/buffer.h"
#include "engine/core/real.h"
#include "engine/core/shape.h"

namespace lanegrad {

class Random;

class NdArray {
 public:
  NdArray() : shape_{0} {}  // no elements, shape [0]
  static NdArray uninitialized(const Shape& shape);
  static NdArray full(const Shape& shape, Real value);
  static NdArray zeros(const Shape& shape) { return full(shape, 0); }
  static NdArray ones(const Shape& shape) { return full(shape, 1); }
  static NdArray scalar(Real value) { return full(Shape{}, value); }
  // Copies `values`, whose number must be shape.size().
  static NdArray from(const Shape& shape, std::span<const Real> values);
  static NdArray from(const Shape& shape, std::initializer_list<Real> values);
  static NdArray arange(Index end);  // 0, 1, … end-1
  static NdArray uniform(const Shape& shape, Real low, Real high, Random& random);  // [low, high)
  static NdArray normal(const Shape& shape, Real mean, Real deviation, Random& random);

  const Shape& shape() const { return shape_; }
  int rank() const { return shape_.rank(); }
  Index size() const { return shape_.size(); }

  const Real* data() const { return static_cast<const Real*>(buffer_.data()) + offset_; }
  Real* mutable_data();  // copies first where the buffer is shared
  std::span<const Real> values() const { return {data(), static_cast<std::size_t>(size())}; }
  Real item() const;                                  // the only element of an array of size 1
  Real at(std::initializer_list<Index> index) const;  // throws InvalidArgument out of range

  // Views: they share the buffer.
  NdArray reshape(const Shape& shape) const;   // same number of elements
  NdArray rows(Index begin, Index end) const;  // x[begin:end] along the first axis

  // Copies. `transpose` swaps two axes, the last two if not told.
  NdArray transpose(int axis0 = -2, int axis1 = -1) const;

  // this += alpha · x, of the same shape.
  void add_scaled(const NdArray& x, Real alpha = 1);

 private:
  NdArray(const Shape& shape, Buffer buffer, Index offset)
      : shape_(shape), buffer_(std::move(buffer)), offset_(offset) {}

  Shape shape_;
  Buffer buffer_;
  Index offset_ = 0;  // of the first element, in elements
};

}  // namespace lanegrad
