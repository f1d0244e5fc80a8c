// Replaces operator new and operator delete by ones that count. Under AddressSanitizer they stay as
// they are, since its own find more mistakes.
#include "tests/engine/support/allocations.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>
#include <thread>
#include <utility>

#if defined(__has_feature)
#define LANEGRAD_HAS_FEATURE(x) __has_feature(x)
#else
#define LANEGRAD_HAS_FEATURE(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || LANEGRAD_HAS_FEATURE(address_sanitizer) || \
    defined(__EMSCRIPTEN__)
#define LANEGRAD_COUNTS_ALLOCATIONS 0
#else
#define LANEGRAD_COUNTS_ALLOCATIONS 1
#endif

namespace {

std::size_t count = 0;
std::atomic<std::size_t> helper_count = 0;
std::size_t largest = 0;

}  // namespace

namespace lanegrad::test {

bool allocations_are_counted() { return LANEGRAD_COUNTS_ALLOCATIONS != 0; }

std::size_t allocations() { return count; }

std::size_t helper_allocations() { return helper_count; }

std::size_t largest_allocation() { return std::exchange(largest, 0); }

}  // namespace lanegrad::test

#if LANEGRAD_COUNTS_ALLOCATIONS

namespace {

const std::thread::id tests_thread = std::this_thread::get_id();

void* allocate(std::size_t bytes, std::size_t alignment) noexcept {
  if (std::this_thread::get_id() == tests_thread) {
    ++count;
    largest = std::max(largest, bytes);
  } else {
    ++helper_count;
  }
  if (alignment <= alignof(std::max_align_t)) return std::malloc(bytes > 0 ? bytes : 1);
  return std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
}

void* allocate_or_throw(std::size_t bytes, std::size_t alignment) {
  void* const memory = allocate(bytes, alignment);
  if (!memory) throw std::bad_alloc();
  return memory;
}

}  // namespace

// The array forms call these.
void* operator new(std::size_t bytes) { return allocate_or_throw(bytes, 1); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return allocate_or_throw(bytes, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept { return allocate(bytes, 1); }
void* operator new(std::size_t bytes, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return allocate(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t, const std::nothrow_t&) noexcept {
  std::free(memory);
}

#endif
