// Entries of the state that a run keeps between steps: each has a name and a place in memory.
// Checkpoints store the entries and put them back.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "engine/core/real.h"
#include "engine/core/shape.h"

namespace lanegrad {

// A look at an entry.
struct StateView {
  std::string name;  // "steps"; in a checkpoint "optimizer.steps"
  // The name of the number type in safetensors. F32 and F64 values have to be finite, I64 values
  // count from 0 up.
  std::string_view dtype;
  Shape shape;
  // The values, row-major and little-endian. The memory belongs to whoever made the entry and is
  // valid until that changes; in a file it need not be aligned.
  std::span<const std::uint8_t> bytes;
};

// An entry that can be put back.
struct StateEntry : StateView {
  // The same memory as `bytes`, for writing; null where the entry was listed for saving only.
  std::uint8_t* place = nullptr;
};

template <class T>
inline constexpr std::string_view kDtype = {};
template <>
inline constexpr std::string_view kDtype<float> = "F32";
template <>
inline constexpr std::string_view kDtype<double> = "F64";
template <>
inline constexpr std::string_view kDtype<std::int64_t> = "I64";
template <>
inline constexpr std::string_view kDtype<std::uint64_t> = "U64";

// The bytes of the values of an entry of this shape.
template <class T>
std::span<const std::uint8_t> state_bytes(const Shape& shape, const T* data) {
  return {reinterpret_cast<const std::uint8_t*>(data),
          static_cast<std::size_t>(shape.size()) * sizeof(T)};
}

template <class T>
StateView state_view(std::string name, const Shape& shape, const T* data) {
  static_assert(!kDtype<T>.empty());
  return {std::move(name), kDtype<T>, shape, state_bytes(shape, data)};
}

template <class T>
StateEntry state_entry(std::string name, const Shape& shape, T* data) {
  return {state_view(std::move(name), shape, data), reinterpret_cast<std::uint8_t*>(data)};
}

}  // namespace lanegrad
