// Taking tiles, spinning and sleeping.
#include "engine/core/thread_pool.h"

#include "engine/core/error.h"

namespace lanegrad {

namespace {

// How often a thread looks for work before it goes to sleep: for tens of microseconds, longer than
// the gap between two kernels of a training step. WebAssembly has no pause instruction, so there it
// looks more often.
#if defined(__EMSCRIPTEN__)
constexpr int kLooks = 40000;
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

// The ticket of a new job: its number of tiles in the upper half, the next tile, 0, in the lower
// one.
constexpr std::uint64_t ticket(Index tiles) { return static_cast<std::uint64_t>(tiles) << 32; }
constexpr Index tiles_of(std::uint64_t ticket) { return static_cast<Index>(ticket >> 32); }
constexpr Index next_of(std::uint64_t ticket) { return static_cast<Index>(ticket & 0xffffffffu); }
constexpr bool has_work(std::uint64_t ticket) { return next_of(ticket) < tiles_of(ticket); }

}  // namespace

ThreadPool::ThreadPool(int threads) {
  if (!(threads >= 1 && threads <= kMaxThreads))
    fail(ErrorCode::InvalidArgument, "threads: ", threads, ", expected 1 to ", kMaxThreads);
  for (; helper_count_ < threads - 1; ++helper_count_) {
    if (helpers_[static_cast<std::size_t>(helper_count_)].start(&ThreadPool::help, this)) continue;
    const int started = this->threads();
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
  done_.store(0, std::memory_order_relaxed);
  ticket_ = ticket(tiles);
  if (sleepers_ > 0) {
    ++calls_;
    wake_all(calls_);
  }
  work();
  const auto all_done = [&] { return done_ == static_cast<std::uint32_t>(tiles); };
  if (spin_until(all_done)) return;
  giver_sleeps_ = true;
  while (!all_done()) {
    const std::uint32_t done = done_;
    if (done != static_cast<std::uint32_t>(tiles)) sleep_until_more(done_, done);
  }
  giver_sleeps_ = false;
}

Index ThreadPool::work() {
  Index worked = 0;
  while (has_work(ticket_)) {
    const std::uint64_t taken = ticket_.fetch_add(1);
    if (!has_work(taken)) break;
    body_(state_, next_of(taken));
    ++worked;
    if (++done_ == static_cast<std::uint32_t>(tiles_of(taken)) && giver_sleeps_) wake_all(done_);
  }
  return worked;
}

void ThreadPool::help(void* pool) { static_cast<ThreadPool*>(pool)->help(); }

void ThreadPool::help() {
  while (!closing_) {
    const std::uint32_t call = calls_;
    if (!spin_until([&] { return has_work(ticket_) || closing_; })) {
      ++sleepers_;
      // A sleeper that the giver could not see yet would miss a job given out at that moment, so it
      // looks once more.
      if (!has_work(ticket_) && !closing_) sleep_while(calls_, call);
      --sleepers_;
    }
    if (const Index worked = work(); worked > 0) {
      helped_tiles_.fetch_add(static_cast<std::uint64_t>(worked), std::memory_order_relaxed);
    }
  }
}

}  // namespace lanegrad
