// A dense array of Real numbers: a shape and a shared, contiguous, row-major buffer. Copies share
// the buffer until one of them is written to (copy-on-write). An array knows nothing of gradients.
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
  // An array without elements, of shape [0].
  NdArray() : shape_{0} {}
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
  // The values for writing; copies them first where the buffer is shared.
  Real* mutable_data();
  std::span<const Real> values() const { return {data(), static_cast<std::size_t>(size())}; }
  // The only element of an array of size 1.
  Real item() const;
  // One element; throws InvalidArgument where the index is out of range.
  Real at(std::initializer_list<Index> index) const;

  // reshape and rows give views, which share the buffer. reshape keeps the number of elements; rows
  // is x[begin:end] along the first axis.
  NdArray reshape(const Shape& shape) const;
  NdArray rows(Index begin, Index end) const;

  // A copy with two axes swapped, the last two by default.
  NdArray transpose(int axis0 = -2, int axis1 = -1) const;

  // this += alpha · x, where x has the same shape.
  void add_scaled(const NdArray& x, Real alpha = 1);
  // this *= factor.
  void scale(Real factor);

 private:
  NdArray(const Shape& shape, Buffer buffer, Index offset)
      : shape_(shape), buffer_(std::move(buffer)), offset_(offset) {}

  Shape shape_;
  Buffer buffer_;
  // The index of the first element in the buffer.
  Index offset_ = 0;
};

}  // namespace lanegrad
