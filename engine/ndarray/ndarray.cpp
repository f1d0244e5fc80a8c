// Creation, views and copies of arrays.
#include "engine/ndarray/ndarray.h"

#include <algorithm>
#include <cstring>

#include "engine/core/error.h"
#include "engine/core/random.h"
#include "engine/kernels/kernels.h"

namespace lanegrad {

NdArray NdArray::uninitialized(const Shape& shape) {
  if (shape.size() == 0) return NdArray(shape, Buffer(), 0);
  return NdArray(shape, Buffer(static_cast<std::size_t>(shape.size()) * sizeof(Real)), 0);
}

NdArray NdArray::full(const Shape& shape, Real value) {
  NdArray out = uninitialized(shape);
  kernels::fill(value, out.mutable_data(), out.size());
  return out;
}

NdArray NdArray::from(const Shape& shape, std::span<const Real> values) {
  if (static_cast<Index>(values.size()) != shape.size())
    fail(ErrorCode::ShapeMismatch, "array: ", values.size(), " values do not fill shape ", shape,
         ", expected ", shape.size());
  NdArray out = uninitialized(shape);
  std::copy(values.begin(), values.end(), out.mutable_data());
  return out;
}

NdArray NdArray::from(const Shape& shape, std::initializer_list<Real> values) {
  return from(shape, std::span<const Real>(values.begin(), values.size()));
}

NdArray NdArray::arange(Index end) {
  NdArray out = uninitialized({end});
  Real* values = out.mutable_data();
  for (Index i = 0; i < end; ++i) values[i] = static_cast<Real>(i);
  return out;
}

NdArray NdArray::uniform(const Shape& shape, Real low, Real high, Random& random) {
  NdArray out = uninitialized(shape);
  Real* values = out.mutable_data();
  for (Index i = 0; i < out.size(); ++i) values[i] = static_cast<Real>(random.uniform(low, high));
  return out;
}

NdArray NdArray::normal(const Shape& shape, Real mean, Real deviation, Random& random) {
  NdArray out = uninitialized(shape);
  Real* values = out.mutable_data();
  for (Index i = 0; i < out.size(); ++i) {
    values[i] = static_cast<Real>(mean + deviation * random.normal());
  }
  return out;
}

Real* NdArray::mutable_data() {
  if (buffer_ && !buffer_.unique()) {
    NdArray copy = uninitialized(shape_);
    std::memcpy(copy.buffer_.data(), data(), static_cast<std::size_t>(size()) * sizeof(Real));
    *this = std::move(copy);
  }
  return static_cast<Real*>(buffer_.data()) + offset_;
}

Real NdArray::item() const {
  if (size() != 1)
    fail(ErrorCode::InvalidArgument, "item: shape ", shape_,
         ", expected an array with one element");
  return *data();
}

Real NdArray::at(std::initializer_list<Index> index) const {
  const Shape& shape = shape_;
  const auto index_text = [&] {
    std::string text;
    for (const Index i : index) text += str(text.empty() ? "" : ", ", i);
    return "[" + text + "]";
  };
  if (static_cast<int>(index.size()) != shape.rank())
    fail(ErrorCode::InvalidArgument, "at: index ", index_text(), " into shape ", shape,
         ", expected ", shape.rank(), " numbers");
  Index offset = 0;
  int axis = 0;
  for (const Index i : index) {
    if (!(i >= 0 && i < shape[axis]))
      fail(ErrorCode::InvalidArgument, "at: index ", index_text(), " into shape ", shape,
           " is out of range at axis ", axis);
    offset = offset * shape[axis++] + i;
  }
  return data()[offset];
}

NdArray NdArray::reshape(const Shape& shape) const {
  if (shape.size() != size())
    fail(ErrorCode::ShapeMismatch, "reshape: ", shape_, " has ", size(), " elements and ", shape,
         " has ", shape.size(), ", expected the same number");
  return NdArray(shape, buffer_, offset_);
}

NdArray NdArray::rows(Index begin, Index end) const {
  if (rank() < 1)
    fail(ErrorCode::InvalidArgument,
         std::string("rows: a scalar has no rows, expected at least one axis"));
  if (!(begin >= 0 && begin <= end && end <= shape_[0]))
    fail(ErrorCode::InvalidArgument, "rows: ", begin, " to ", end, " of shape ", shape_,
         ", expected a range within 0 to ", shape_[0]);
  std::array<Index, Shape::kMaxRank> extents{};
  std::copy_n(shape_.extents().begin(), rank(), extents.begin());
  extents[0] = end - begin;
  const Shape shape(std::span<const Index>(extents.data(), static_cast<std::size_t>(rank())));
  const Index row_size = shape_[0] == 0 ? 0 : size() / shape_[0];
  return NdArray(shape, shape.size() == 0 ? Buffer() : buffer_,
                 shape.size() == 0 ? 0 : offset_ + begin * row_size);
}

NdArray NdArray::transpose(int axis0, int axis1) const {
  if (rank() < 2)
    fail(ErrorCode::InvalidArgument, "transpose: shape ", shape_, " has ", rank(),
         " axes, expected at least 2");
  const int first = std::min(normalize_axis("transpose", axis0, shape_),
                             normalize_axis("transpose", axis1, shape_));
  const int second = std::max(normalize_axis("transpose", axis0, shape_),
                              normalize_axis("transpose", axis1, shape_));
  if (first == second) return *this;

  // The array is seen as [outer, p, middle, q, inner], and p and q change places.
  Index outer = 1, middle = 1, inner = 1;
  for (int i = 0; i < first; ++i) outer *= shape_[i];
  for (int i = first + 1; i < second; ++i) middle *= shape_[i];
  for (int i = second + 1; i < rank(); ++i) inner *= shape_[i];
  const Index p = shape_[first];
  const Index q = shape_[second];

  std::array<Index, Shape::kMaxRank> extents{};
  std::copy_n(shape_.extents().begin(), rank(), extents.begin());
  std::swap(extents[static_cast<std::size_t>(first)], extents[static_cast<std::size_t>(second)]);
  NdArray out = uninitialized(
      Shape(std::span<const Index>(extents.data(), static_cast<std::size_t>(rank()))));
  const Real* from = data();
  Real* to = out.mutable_data();
  for (Index o = 0; o < outer; ++o) {
    for (Index j = 0; j < q; ++j) {
      for (Index m = 0; m < middle; ++m) {
        for (Index i = 0; i < p; ++i) {
          const Real* source = from + (((o * p + i) * middle + m) * q + j) * inner;
          to = std::copy_n(source, inner, to);
        }
      }
    }
  }
  return out;
}

void NdArray::add_scaled(const NdArray& x, Real alpha) {
  if (x.shape() != shape_)
    fail(ErrorCode::ShapeMismatch, "add_scaled: ", x.shape(), " cannot be added to ", shape_,
         ", expected the same shape");
  Real* values = mutable_data();
  kernels::axpy(alpha, x.data(), values, size());
}

void NdArray::scale(Real factor) {
  Real* values = mutable_data();
  kernels::binary(kernels::Binary::Mul, values, 1, &factor, 0, values, size());
}

}  // namespace lanegrad
