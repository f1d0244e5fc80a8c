// Whole numbers with a shape: class labels of a batch, results of argmax.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>

#include "engine/core/buffer.h"
#include "engine/core/shape.h"

namespace lanegrad {

class IndexArray {
 public:
  // An array without elements, of shape [0].
  IndexArray() : shape_{0} {}
  // An array of undefined content.
  explicit IndexArray(const Shape& shape);
  // An array of rank 1.
  static IndexArray from(std::span<const std::int32_t> values);
  static IndexArray from(std::initializer_list<std::int32_t> values);

  const Shape& shape() const { return shape_; }
  Index size() const { return shape_.size(); }
  const std::int32_t* data() const { return static_cast<const std::int32_t*>(buffer_.data()); }
  // The values for writing; copies them first where the buffer is shared.
  std::int32_t* mutable_data();
  std::span<const std::int32_t> values() const {
    return {data(), static_cast<std::size_t>(size())};
  }

 private:
  Shape shape_;
  Buffer buffer_;
};

}  // namespace lanegrad
