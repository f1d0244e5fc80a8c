// Helper threads that share the tiles of one job at a time with the thread that gives it out.
// Between jobs they spin for a moment, since in training the next job is microseconds away, and
// then sleep. Giving out a job takes no lock and allocates nothing.
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

  int threads() const { return helper_count_ + 1; }

  // Calls body(state, tile) for every tile in 0..tiles-1, on all threads, and returns when all are
  // done. The body must not throw. One job at a time, from one thread.
  void run(Index tiles, Body body, void* state);

  // Tiles that helpers have done since the start: shows that more than one thread worked.
  std::uint64_t helped_tiles() const { return helped_tiles_.load(std::memory_order_relaxed); }

 private:
  void close();
  void help();  // a helper's life
  static void help(void* pool);
  // Takes tiles until none are left and returns how many it took.
  Index work();

  // The job on offer: its number of tiles in the upper half, the next tile to do in the lower one.
  // Whoever takes a tile owns a part of the current job, which cannot end before that part has.
  std::atomic<std::uint64_t> ticket_{0};
  Body body_ = nullptr;
  void* state_ = nullptr;

  // Values that many threads write get a cache line of their own. With alignas, `new` would need
  // more code.
  [[maybe_unused]] std::byte apart_[64];
  std::atomic<std::uint32_t> done_{0};  // tiles of the current job
  std::atomic<bool> giver_sleeps_{false};
  [[maybe_unused]] std::byte apart_too_[64];
  std::atomic<std::uint32_t> calls_{0};  // counts the times that sleepers were woken
  std::atomic<std::uint32_t> sleepers_{0};
  std::atomic<bool> closing_{false};
  std::atomic<std::uint64_t> helped_tiles_{0};
  std::array<Thread, kMaxThreads - 1> helpers_;
  // How many helpers have started.
  int helper_count_ = 0;
};

}  // namespace lanegrad
