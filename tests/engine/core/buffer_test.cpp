// The buffer pool: what is counted, what is reused, and what is said when memory runs out.
#include "engine/core/buffer.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "engine/core/context.h"
#include "engine/core/error.h"
#include "tests/engine/catch.h"

namespace lanegrad {
namespace {

TEST_CASE("a buffer is aligned, large enough and writable to its end", "[core][buffer]") {
  Context context;
  const ContextScope scope(context);
  for (std::size_t bytes = 0; bytes < 3000; ++bytes) {
    const Buffer buffer(bytes);
    const bool aligned = reinterpret_cast<std::uintptr_t>(buffer.data()) % 64 == 0;
    // Slack: at most a quarter, or the smallest block.
    const bool fits = buffer.capacity() >= bytes &&
                      buffer.capacity() <= std::max<std::size_t>(256, bytes * 5 / 4 + 64);
    std::memset(buffer.data(), 0x5A, buffer.capacity());
    if (!aligned || !fits) {
      CAPTURE(bytes, buffer.capacity());
      REQUIRE(aligned);
      REQUIRE(fits);
    }
  }
  CHECK(context.pool().live_bytes() == 0);
}

TEST_CASE("a released block is the next one of its size", "[core][buffer]") {
  Context context;
  const ContextScope scope(context);
  const BufferPool& pool = context.pool();
  void* first = Buffer(1000).data();
  CHECK(pool.misses() == 1);
  CHECK(pool.live_bytes() == 0);
  CHECK(pool.held_bytes() >= 1000);
  const std::size_t held = pool.held_bytes();
  {
    const Buffer again(990);
    CHECK(again.data() == first);
    CHECK(pool.misses() == 1);
    const Buffer other(1000);  // the first is taken
    CHECK(other.data() != first);
    CHECK(pool.misses() == 2);
    CHECK(pool.live_bytes() == 2 * again.capacity());
    CHECK(pool.held_bytes() == 2 * held);
  }
  const Buffer larger(5000);  // another size
  CHECK(pool.misses() == 3);
}

TEST_CASE("a warm loop misses the pool no more", "[core][buffer]") {
  Context context;
  const ContextScope scope(context);
  const auto step = [] {
    std::vector<Buffer> kept;
    for (std::size_t i = 0; i < 20; ++i) {
      kept.emplace_back(100 * i);
      const Buffer temporary(64 * 784 * 4);
    }
  };
  step();
  const std::uint64_t misses = context.pool().misses();
  for (int i = 0; i < 100; ++i) step();
  CHECK(context.pool().misses() == misses);
}

TEST_CASE("the peak is the most that was live at once", "[core][buffer]") {
  Context context;
  const ContextScope scope(context);
  BufferPool& pool = context.pool();
  std::size_t two = 0;
  {
    const Buffer a(4096), b(4096);
    two = pool.live_bytes();
    CHECK(pool.peak_bytes() == two);
  }
  { const Buffer a(4096); }
  CHECK(pool.peak_bytes() == two);
  pool.reset_peak();
  CHECK(pool.peak_bytes() == 0);
  { const Buffer a(4096); }
  CHECK(pool.peak_bytes() == two / 2);
}

TEST_CASE("trim gives back what waits and keeps what lives", "[core][buffer]") {
  Context context;
  const ContextScope scope(context);
  BufferPool& pool = context.pool();
  Buffer live(1000);
  { const Buffer waiting(100000); }
  CHECK(pool.held_bytes() > pool.live_bytes());
  pool.trim();
  CHECK(pool.held_bytes() == pool.live_bytes());
  std::memset(live.data(), 1, live.capacity());
  const std::uint64_t misses = pool.misses();
  const Buffer again(100000);
  CHECK(pool.misses() == misses + 1);
}

TEST_CASE("copies of a buffer share its block", "[core][buffer]") {
  Context context;
  const ContextScope scope(context);
  Buffer a(100);
  CHECK(a.unique());
  {
    Buffer b = a;
    CHECK(b.data() == a.data());
    CHECK_FALSE(a.unique());
    CHECK_FALSE(b.unique());
    Buffer c;
    CHECK_FALSE(static_cast<bool>(c));
    CHECK_FALSE(c.unique());
    CHECK(c.capacity() == 0);
    c = b;
    c = std::move(b);
    CHECK_FALSE(static_cast<bool>(b));  // NOLINT(bugprone-use-after-move): moved-from is empty
    CHECK(c.data() == a.data());
    Buffer& same = c;
    c = same;
    CHECK(c.data() == a.data());
    CHECK(context.pool().live_bytes() == a.capacity());
  }
  CHECK(a.unique());
  a = Buffer();
  CHECK(context.pool().live_bytes() == 0);
}

TEST_CASE("a buffer goes back to the pool it came from", "[core][buffer]") {
  Context outer;
  Context inner;
  Buffer buffer;
  {
    const ContextScope scope(outer);
    buffer = Buffer(100);
  }
  {
    const ContextScope scope(inner);
    buffer = Buffer();
  }
  CHECK(outer.pool().live_bytes() == 0);
  CHECK(outer.pool().held_bytes() > 0);
  CHECK(inner.pool().held_bytes() == 0);
}

TEST_CASE("what can never be allocated is refused in words", "[core][buffer]") {
  Context context;
  const ContextScope scope(context);
  const Buffer live(256);
  try {
    const Buffer huge((std::size_t{1} << 31) + 1);
    FAIL("nothing was thrown");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::OutOfMemory);
    CHECK(error.message() ==
          "memory: 2147483649 bytes could not be allocated, 256 bytes are in use");
  }
  CHECK(context.pool().live_bytes() == 256);
  CHECK(context.pool().misses() == 1);
}

}  // namespace
}  // namespace lanegrad
