// How JavaScript holds the engine's objects, and conversions that all bindings use.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>

#include "wasm/bindings/boundary.h"

namespace lanegrad::boundary {

struct DataSet;
template <class T>
requires(std::same_as<T, Layer> || std::same_as<T, Optimizer> || std::same_as<T, Net> ||
         std::same_as<T, DataSet> || std::same_as<T, DataLoader> ||
         std::same_as<T, Training>) inline constexpr bool kShared<T> = true;

using LayerPointer = std::shared_ptr<Layer>;
using OptimizerPointer = std::shared_ptr<Optimizer>;
using LoaderPointer = std::shared_ptr<DataLoader>;
using NetPointer = std::shared_ptr<Net>;
using TrainingPointer = std::shared_ptr<Training>;
using DataSetPointer = std::shared_ptr<DataSet>;

inline Index whole(double value) { return static_cast<Index>(value); }
inline std::uint64_t seed_in(double value) { return static_cast<std::uint64_t>(value); }

}  // namespace lanegrad::boundary
