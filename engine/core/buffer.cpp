// Size classes and free lists of the buffer pool.
#include "engine/core/buffer.h"

#include <algorithm>
#include <bit>
#include <new>

#include "engine/core/context.h"
#include "engine/core/error.h"

namespace lanegrad {

namespace {

constexpr std::size_t kAlign = 64;
constexpr std::uint32_t kSteps = 4;  // classes per power of two: at most 25 % of a block is slack

struct SizeClass {
  std::uint32_t index;
  std::size_t bytes;
};

// Rounds up to 64 · 2^e · (4 + s) / 4.
SizeClass size_class(std::size_t bytes) {
  const std::size_t lines = std::max<std::size_t>((bytes + kAlign - 1) / kAlign, kSteps);
  const auto exponent = static_cast<std::uint32_t>(std::bit_width(lines) - 1);
  const std::size_t step = (std::size_t{1} << exponent) / kSteps;
  const std::size_t steps = (lines + step - 1) / step;  // 4..8
  if (steps == 2 * kSteps) return {(exponent + 1) * kSteps, 2 * kSteps * step * kAlign};
  return {exponent * kSteps + static_cast<std::uint32_t>(steps) - kSteps, steps * step * kAlign};
}

}  // namespace

BufferPool::~BufferPool() { trim(); }

void BufferPool::trim() {
  for (detail::Block*& head : free_) {
    while (head) {
      detail::Block* block = head;
      head = block->next_free;
      held_bytes_ -= block->capacity;
      ::operator delete (block, std::align_val_t{kAlign});
    }
  }
}

detail::Block* BufferPool::take(std::size_t bytes) {
  const auto out_of_memory = [&] {
    return Error(ErrorCode::OutOfMemory, str("memory: ", bytes, " bytes could not be allocated, ",
                                             live_bytes_, " bytes are in use"));
  };
  if (bytes > std::size_t{1} << 31) throw out_of_memory();
  const SizeClass wanted = size_class(bytes);
  detail::Block*& head = free_[wanted.index];
  detail::Block* block = head;
  if (block) {
    head = block->next_free;
  } else {
    const auto allocate = [&] {
      return ::operator new (sizeof(detail::Block) + wanted.bytes, std::align_val_t{kAlign},
                             std::nothrow);
    };
    void* raw = allocate();
    if (!raw) {
      trim();
      raw = allocate();
    }
    if (!raw) throw out_of_memory();
    block = new (raw) detail::Block{this, nullptr, wanted.bytes, 0, wanted.index};
    held_bytes_ += wanted.bytes;
    ++misses_;
  }
  block->next_free = nullptr;
  block->refs = 1;
  live_bytes_ += wanted.bytes;
  peak_bytes_ = std::max(peak_bytes_, live_bytes_);
  return block;
}

void BufferPool::give(detail::Block* block) noexcept {
  live_bytes_ -= block->capacity;
  block->next_free = free_[block->size_class];
  free_[block->size_class] = block;
}

Buffer::Buffer(std::size_t bytes) : block_(Context::current().pool().take(bytes)) {}

}  // namespace lanegrad
