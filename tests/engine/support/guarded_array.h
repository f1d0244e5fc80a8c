// An array that starts a chosen number of elements after an aligned address and stands between two
// fences: intact() tells whether anything was written outside.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace lanegrad::test {

template <class T>
class GuardedArray {
 public:
  explicit GuardedArray(std::size_t n, std::size_t misaligned_by = 0)
      : bytes_((n + misaligned_by) * sizeof(T) + 2 * kFence + kAlign, kGuard), n_(n) {
    const auto address = reinterpret_cast<std::uintptr_t>(bytes_.data()) + kFence;
    begin_ = kFence + (kAlign - address % kAlign) % kAlign + misaligned_by * sizeof(T);
  }
  GuardedArray(std::span<const T> values, std::size_t misaligned_by)
      : GuardedArray(values.size(), misaligned_by) {
    if (n_ > 0) std::memcpy(data(), values.data(), n_ * sizeof(T));
  }

  T* data() { return reinterpret_cast<T*>(bytes_.data() + begin_); }
  std::span<const T> span() { return {data(), n_}; }

  bool intact() const {
    for (std::size_t i = 0; i < bytes_.size(); ++i) {
      const bool outside = i < begin_ || i >= begin_ + n_ * sizeof(T);
      if (outside && bytes_[i] != kGuard) return false;
    }
    return true;
  }

 private:
  static constexpr std::size_t kAlign = 64;
  static constexpr std::size_t kFence = 128;
  static constexpr unsigned char kGuard = 0xA5;

  std::vector<unsigned char> bytes_;
  std::size_t n_;
  std::size_t begin_;
};

}  // namespace lanegrad::test
