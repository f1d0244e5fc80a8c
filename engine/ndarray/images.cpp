// Gives the kernels that read bytes the memory of arrays, and their workspace.
#include "engine/ndarray/images.h"

#include "engine/core/buffer.h"
#include "engine/kernels/kernels.h"

namespace lanegrad {

void add_moments(std::span<const std::uint8_t> x, ByteMoments& moments) {
  kernels::byte_moments(x.data(), static_cast<Index>(x.size()), moments);
}

void gather_bytes(const std::uint8_t* x, std::span<const std::uint32_t> rows, Index width,
                  std::span<const Levels> levels, NdArray& out) {
  kernels::gather_bytes(x, rows.data(), static_cast<Index>(rows.size()),
                        static_cast<Index>(levels.size()), width, levels.data(),
                        out.mutable_data());
}

void warp_bytes(const std::uint8_t* x, std::span<const std::uint32_t> rows, const Affine* maps,
                Index h, Index w, std::span<const Levels> levels, NdArray& out) {
  const auto count = static_cast<Index>(rows.size());
  const Buffer workspace(static_cast<std::size_t>(kernels::warp_workspace(count, h, w)) *
                         sizeof(std::uint32_t));
  kernels::warp_bytes(x, rows.data(), maps, count, static_cast<Index>(levels.size()), h, w,
                      levels.data(), static_cast<std::uint32_t*>(workspace.data()),
                      out.mutable_data());
}

}  // namespace lanegrad
