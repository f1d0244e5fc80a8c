// Creation and copy-on-write of whole-number arrays.
#include "engine/ndarray/index_array.h"

#include <algorithm>

namespace lanegrad {

namespace {

std::size_t bytes_of(const Shape& shape) {
  return static_cast<std::size_t>(shape.size()) * sizeof(std::int32_t);
}

}  // namespace

IndexArray::IndexArray(const Shape& shape)
    : shape_(shape), buffer_(shape.size() == 0 ? Buffer() : Buffer(bytes_of(shape))) {}

IndexArray IndexArray::from(std::span<const std::int32_t> values) {
  IndexArray out({static_cast<Index>(values.size())});
  std::copy(values.begin(), values.end(), out.mutable_data());
  return out;
}

IndexArray IndexArray::from(std::initializer_list<std::int32_t> values) {
  return from(std::span<const std::int32_t>(values.begin(), values.size()));
}

std::int32_t* IndexArray::mutable_data() {
  if (buffer_ && !buffer_.unique()) {
    Buffer copy(bytes_of(shape_));
    std::copy_n(data(), size(), static_cast<std::int32_t*>(copy.data()));
    buffer_ = std::move(copy);
  }
  return static_cast<std::int32_t*>(buffer_.data());
}

}  // namespace lanegrad
