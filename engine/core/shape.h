// The extents of an array, rank 0 to 4, stored inline, with numpy's broadcasting rule.
#pragma once

#include <array>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "engine/core/real.h"

namespace lanegrad {

class Shape {
 public:
  static constexpr int kMaxRank = 4;
  // The most elements of an array: what fits into 32-bit WebAssembly memory. It is the same on
  // every platform, so that limits do not differ.
  static constexpr Index kMaxElements = Index{1} << 30;

  Shape() = default;                            // rank 0: a scalar, one element
  Shape(std::initializer_list<Index> extents);  // Shape{64, 784}
  explicit Shape(std::span<const Index> extents);

  int rank() const { return rank_; }
  Index operator[](int axis) const { return extents_[static_cast<std::size_t>(axis)]; }
  Index size() const { return size_; }  // number of elements; 1 for a scalar
  std::span<const Index> extents() const {
    return {extents_.data(), static_cast<std::size_t>(rank_)};
  }

  // "[64, 784]"; "[]" for a scalar.
  std::string text() const;

  // The extents without `axis`, or with that one set to 1 where `keepdims`.
  Shape without(int axis, bool keepdims) const;

  friend bool operator==(const Shape& a, const Shape& b) {
    if (a.rank_ != b.rank_) return false;
    for (int i = 0; i < a.rank_; ++i) {
      if (a[i] != b[i]) return false;
    }
    return true;
  }

 private:
  std::array<Index, kMaxRank> extents_{};
  Index size_ = 1;
  int rank_ = 0;
};

// numpy's rule: align at the last axis; extents must be equal or 1.
// Throws ShapeMismatch "add: [2, 3] and [4] do not broadcast, ...".
Shape broadcast(std::string_view op, const Shape& a, const Shape& b);

// Turns an axis in -rank..rank-1 into 0..rank-1; throws InvalidArgument naming the op otherwise.
int normalize_axis(std::string_view op, int axis, const Shape& shape);

}  // namespace lanegrad
