// Taking tiles, spinning and sleeping.
#include "engine/core/thread_pool.h"

#include "engine/core/error.h"

namespace lanegrad {

namespace {

// How often a thread looks for work before it goes to sleep: for tens of microseconds, longer than
// the gap between two kernels of a training step. WebAssembly has no pause instruction, so there it
// looks more often.
#if defined(__EMSCRIPTEN__)
constexpr int kLooks = 100000;
#else
constexpr int kLooks = 2000;
#endif

void pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// True as soon as condition() is, false after kLooks looks.
template <class Condition>
bool spin_until(Condition&& condition) {
  for (int i = 0; i < kLooks; ++i) {
    if (condition()) return true;
    pause();
  }
  return false;
}

// Sleeps while `word` holds `value`. Emscripten's std::atomic::wait polls, so there the wait
// instruction of WebAssembly is used.
#if defined(__wasm_atomics__)
void sleep_while(std::atomic<std::uint32_t>& word, std::uint32_t value,
                 std::int64_t nanoseconds = -1) {
  __builtin_wasm_memory_atomic_wait32(reinterpret_cast<int*>(&word), static_cast<int>(value),
                                      nanoseconds);
}
#else
void sleep_while(std::atomic<std::uint32_t>& word, std::uint32_t value) { word.wait(value); }
#endif

// Sleeps while `done` holds `value`, the number of tiles that are done. A fault in a helper ends a
// native program; in WebAssembly it ends that one thread, and nobody would ever hear of it. A tile
// takes milliseconds, so after ten seconds without one this thread traps, too. The seconds are
// counted one by one, since the machine may sleep meanwhile.
void sleep_until_more(std::atomic<std::uint32_t>& done, std::uint32_t value) {
#if defined(__wasm_atomics__)
  for (int second = 0; second < 10; ++second) {
    sleep_while(done, value, 1'000'000'000);
    if (done != value) return;
  }
  __builtin_trap();
#else
  sleep_while(done, value);
#endif
}

void wake_all(std::atomic<std::uint32_t>& word) {
#if defined(__wasm_atomics__)
  __builtin_wasm_memory_atomic_notify(reinterpret_cast<int*>(&word), ~0u);
#else
  word.notify_all();
#endif
}

// The ticket of a new job's tiles from `next` to `end`.
constexpr std::uint64_t ticket(Index next, Index end) {
  return static_cast<std::uint64_t>(end) << 32 | static_cast<std::uint64_t>(next);
}
constexpr Index next_of(std::uint64_t ticket) { return static_cast<Index>(ticket & 0xffffffffu); }
constexpr bool has_work(std::uint64_t ticket) {
  return next_of(ticket) < static_cast<Index>(ticket >> 32);
}

}  // namespace

ThreadPool::ThreadPool(int threads) : threads_(threads) {
  if (!(threads >= 1 && threads <= kMaxThreads))
    fail(ErrorCode::InvalidArgument, "threads: ", threads, ", expected 1 to ", kMaxThreads);
  for (; helper_count_ < threads - 1; ++helper_count_) {
    if (helpers_[static_cast<std::size_t>(helper_count_)].start(&ThreadPool::help, this)) continue;
    const int started = helper_count_ + 1;
    close();
    fail(ErrorCode::Unsupported, "threads: only ", started, " of ", threads, " could be started");
  }
}

ThreadPool::~ThreadPool() { close(); }

void ThreadPool::close() {
  closing_ = true;
  ++calls_;
  wake_all(calls_);
  while (helper_count_ > 0) helpers_[static_cast<std::size_t>(--helper_count_)].join();
}

void ThreadPool::run(Index tiles, Body body, void* state) {
  body_ = body;
  state_ = state;
  tiles_ = static_cast<std::uint32_t>(tiles);
  done_.store(0, std::memory_order_relaxed);
  for (int i = 0; i < threads_; ++i) {
    tickets_[static_cast<std::size_t>(i)].tiles =
        ticket(tiles * i / threads_, tiles * (i + 1) / threads_);
  }
  if (sleepers_ > 0) {
    ++calls_;
    wake_all(calls_);
  }
  // The job's state lies on this thread's stack, and helpers read it all the time: what the tiles
  // write there must not share a cache line with it.
  std::byte apart[128];
  asm volatile("" : : "r"(apart) : "memory");
  work(0);
  const auto all_done = [&] { return done_ == tiles_; };
  if (spin_until(all_done)) return;
  giver_sleeps_ = true;
  while (!all_done()) {
    const std::uint32_t done = done_;
    if (done != tiles_) sleep_until_more(done_, done);
  }
  giver_sleeps_ = false;
}

Index ThreadPool::work(int thread) {
  std::uint32_t worked = 0;
  std::uint32_t all = 0;
  for (int i = 0; i < threads_; ++i) {
    std::atomic<std::uint64_t>& tiles =
        tickets_[static_cast<std::size_t>((thread + i) % threads_)].tiles;
    while (has_work(tiles)) {
      const std::uint64_t taken = tiles.fetch_add(1);
      if (!has_work(taken)) break;
      body_(state_, next_of(taken));
      ++worked;
      all = tiles_;
    }
  }
  // Counted at once, since all threads write to that number. When the last ones are counted, the
  // job is over and the next one may be written.
  if (worked > 0 && (done_ += worked) == all && giver_sleeps_) wake_all(done_);
  return worked;
}

void ThreadPool::help(void* pool) { static_cast<ThreadPool*>(pool)->help(); }

void ThreadPool::help() {
  const int thread = ++numbered_;
  const std::atomic<std::uint64_t>& tiles = tickets_[static_cast<std::size_t>(thread)].tiles;
  while (!closing_) {
    const std::uint32_t call = calls_;
    if (!spin_until([&] { return has_work(tiles) || closing_; })) {
      ++sleepers_;
      // A sleeper that the giver could not see yet would miss a job given out at that moment, so it
      // looks once more.
      if (!has_work(tiles) && !closing_) sleep_while(calls_, call);
      --sleepers_;
    }
    if (const Index worked = work(thread); worked > 0) {
      helped_tiles_.fetch_add(static_cast<std::uint64_t>(worked), std::memory_order_relaxed);
    }
  }
}

}  // namespace lanegrad
