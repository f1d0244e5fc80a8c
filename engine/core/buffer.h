// A reference-counted, 64-byte aligned block of memory from a pool. Freed blocks wait in the pool
// for the next request of their size class, so a warm training step allocates nothing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace lanegrad {

class BufferPool;

namespace detail {
// The header of a block, in the 64 bytes before its payload. The count of references is not atomic:
// only the thread that drives the engine touches buffers; helper threads see raw pointers.
struct alignas(64) Block {
  BufferPool* pool;
  Block* next_free;
  std::size_t capacity;  // payload bytes
  std::uint32_t refs;
  std::uint32_t size_class;
};
}  // namespace detail

// Keeps released blocks in free lists, one per size class (four classes per power of two).
class BufferPool {
 public:
  BufferPool() = default;
  BufferPool(const BufferPool&) = delete;
  BufferPool& operator=(const BufferPool&) = delete;
  ~BufferPool();

  // The bytes that are handed out now.
  std::size_t live_bytes() const { return live_bytes_; }
  // The most bytes that were ever handed out at once.
  std::size_t peak_bytes() const { return peak_bytes_; }
  // The bytes that are handed out plus those that wait in the free lists.
  std::size_t held_bytes() const { return held_bytes_; }
  // How often a request had to call malloc.
  std::uint64_t misses() const { return misses_; }
  void reset_peak() { peak_bytes_ = live_bytes_; }

  // Raw memory for small objects that come and go in each step; it is 64-byte aligned.
  void* allocate(std::size_t bytes) { return take(bytes) + 1; }
  static void release(void* memory) noexcept {
    detail::Block* block = static_cast<detail::Block*>(memory) - 1;
    block->pool->give(block);
  }
  // Gives the waiting blocks back to the system.
  void trim();

 private:
  friend class Buffer;
  static constexpr std::uint32_t kClasses = 4 * 32;

  detail::Block* take(std::size_t bytes);  // throws OutOfMemory
  void give(detail::Block* block) noexcept;

  std::array<detail::Block*, kClasses> free_{};
  std::size_t live_bytes_ = 0;
  std::size_t peak_bytes_ = 0;
  std::size_t held_bytes_ = 0;
  std::uint64_t misses_ = 0;
};

// A shared handle to a block. Copies share; the last one gives the block back to its pool.
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::size_t bytes);  // from the current context's pool; content undefined
  Buffer(const Buffer& other) noexcept : block_(other.block_) {
    if (block_) ++block_->refs;
  }
  Buffer(Buffer&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  Buffer& operator=(Buffer other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~Buffer() {
    if (block_ && --block_->refs == 0) block_->pool->give(block_);
  }

  explicit operator bool() const { return block_ != nullptr; }
  // The payload, 64-byte aligned; null where there is no block.
  // The bytes of the payload, at least as many as were asked for; 0 where there is no block.
  void* data() const { return block_ ? block_ + 1 : nullptr; }
  std::size_t capacity() const { return block_ ? block_->capacity : 0; }
  bool unique() const { return block_ && block_->refs == 1; }

 private:
  detail::Block* block_ = nullptr;
};

}  // namespace lanegrad
