// Helper threads that share the tiles of one job at a time with the thread that gives it out.
// Between jobs they spin for a moment, since in training the next job is microseconds away, and
// then sleep. Giving out a job takes no lock and allocates nothing. Each thread begins with the
// same share of a job's tiles every time, so that what one kernel wrote, or a step left of the
// weights, is still in the cache of the core that goes on with it; who is done helps the others.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "engine/core/real.h"
#include "engine/core/thread.h"

namespace lanegrad {

class ThreadPool {
 public:
  // What a job does with each tile; `state` is the job's own.
  using Body = void (*)(void* state, Index tile);
  static constexpr int kMaxThreads = 64;

  // `threads` counts the calling thread: 1 starts no helpers. Throws InvalidArgument outside
  // 1..kMaxThreads and Unsupported where the system gives no more threads.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const { return threads_; }

  // Calls body(state, tile) for every tile in 0..tiles-1, on all threads, and returns when all are
  // done. The body must not throw. One job at a time, from one thread.
  void run(Index tiles, Body body, void* state);

  // Tiles that helpers have done since the start: shows that more than one thread worked.
  std::uint64_t helped_tiles() const { return helped_tiles_.load(std::memory_order_relaxed); }

 private:
  void close();
  void help();  // a helper's life
  static void help(void* pool);
  // Takes tiles until none are left, those of this thread first, and returns how many it took.
  Index work(int thread);

  // A thread's share of the job on offer: the end of its tiles in the upper half, the next tile to
  // do in the lower one. Whoever takes a tile owns a part of the current job, which cannot end
  // before that part has.
  struct Ticket {
    std::atomic<std::uint64_t> tiles{0};
    // Values that many threads write get a cache line of their own. With alignas, `new` would need
    // more code.
    [[maybe_unused]] std::byte apart[56];
  };

  const int threads_;
  std::array<Ticket, kMaxThreads> tickets_;
  Body body_ = nullptr;
  void* state_ = nullptr;
  std::uint32_t tiles_ = 0;

  [[maybe_unused]] std::byte apart_[64];
  std::atomic<std::uint32_t> done_{0};  // tiles of the current job
  std::atomic<bool> giver_sleeps_{false};
  [[maybe_unused]] std::byte apart_too_[64];
  std::atomic<std::uint32_t> calls_{0};  // counts the times that sleepers were woken
  std::atomic<std::uint32_t> sleepers_{0};
  std::atomic<bool> closing_{false};
  std::atomic<std::uint64_t> helped_tiles_{0};
  std::array<Thread, kMaxThreads - 1> helpers_;
  // How many helpers have been started, and how many of those have taken their number.
  int helper_count_ = 0;
  std::atomic<int> numbered_{0};
};

}  // namespace lanegrad
