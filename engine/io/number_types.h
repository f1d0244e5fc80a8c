// The number types of other programs' files, turned into the engine's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/core/real.h"

namespace lanegrad {

enum class NumberType { F16, BF16, F32, F64, Bool, I8, U8, I16, U16, I32, U32, I64, U64 };

std::size_t size_of(NumberType type);

// The numbers that `bytes` hold, which are a whole number of them. F64 is rounded to the nearest
// float and may become infinite; all other numbers stay what they are. Throws Unsupported, calling
// the array `name`, for a whole number that a float cannot hold.
std::vector<Real> to_reals(std::span<const std::uint8_t> bytes, NumberType type, bool big_endian,
                           std::string_view name);

}  // namespace lanegrad
