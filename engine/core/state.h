// What a run keeps between steps, by name and place in memory: what a checkpoint stores and puts
// back.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "engine/core/real.h"
#include "engine/core/shape.h"

namespace lanegrad {

struct StateEntry {
  std::string name;        // "steps"; in a checkpoint "optimizer.steps"
  std::string_view dtype;  // of safetensors: F32 and F64 are finite, I64 counts from 0 up
  Shape shape;
  // Of whoever gave the entry, until it changes: row-major, little-endian, and in a file not
  // necessarily aligned.
  std::span<const std::uint8_t> bytes;
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

template <class T>
StateEntry state_entry(std::string name, const Shape& shape, const T* data) {
  static_assert(!kDtype<T>.empty());
  return {std::move(name),
          kDtype<T>,
          shape,
          {reinterpret_cast<const std::uint8_t*>(data),
           static_cast<std::size_t>(shape.size()) * sizeof(T)}};
}

}  // namespace lanegrad
