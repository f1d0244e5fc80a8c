// The thread pool: every tile once, sleeping and waking, many jobs in a row.
#include "engine/core/thread_pool.h"

#include <chrono>
#include <string>
#include <thread>

#include "engine/core/error.h"
#include "engine/core/parallel.h"
#include "tests/engine/catch.h"

using namespace lanegrad;

// A wasm build without threads has none to start.
#if !defined(__EMSCRIPTEN__) || defined(__EMSCRIPTEN_PTHREADS__)

TEST_CASE("a job does every tile exactly once", "[threads]") {
  const int threads = GENERATE(1, 2, 3, 4);
  ThreadPool pool(threads);
  CHECK(pool.threads() == threads);
  for (const Index tiles : {0, 1, 2, 3, 7, 64, 1000}) {
    std::vector<int> visits(static_cast<std::size_t>(tiles), 0);
    pool.run(
        tiles, [](void* state, Index tile) { ++static_cast<int*>(state)[tile]; }, visits.data());
    CHECK(visits == std::vector<int>(static_cast<std::size_t>(tiles), 1));
  }
}

TEST_CASE("jobs follow each other without losing a tile", "[threads]") {
  ThreadPool pool(4);
  std::vector<std::uint64_t> sums(17, 0);
  for (int job = 0; job < 20000; ++job) {
    pool.run(
        17,
        [](void* state, Index tile) {
          static_cast<std::uint64_t*>(state)[tile] += static_cast<std::uint64_t>(tile);
        },
        sums.data());
  }
  for (std::uint64_t tile = 0; tile < 17; ++tile) CHECK(sums[tile] == tile * 20000);
}

TEST_CASE("helpers that went to sleep wake up for the next job", "[threads]") {
  ThreadPool pool(2);
  for (int round = 0; round < 3; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    const std::uint64_t before = pool.helped_tiles();
    // Each tile waits until the other has begun, so both threads must take one.
    std::atomic<int> begun{0};
    pool.run(
        2,
        [](void* state, Index) {
          auto& count = *static_cast<std::atomic<int>*>(state);
          ++count;
          while (count < 2) std::this_thread::yield();
        },
        &begun);
    // The helper counts its tile after the job has ended.
    while (pool.helped_tiles() == before) std::this_thread::yield();
    CHECK(pool.helped_tiles() == before + 1);
  }
}

TEST_CASE("a giver that went to sleep is woken by the last tile", "[threads]") {
  ThreadPool pool(2);
  std::atomic<int> begun{0};
  std::atomic<int> ended{0};
  struct State {
    std::atomic<int>&begun, &ended;
    std::thread::id giver;
  } state{begun, ended, std::this_thread::get_id()};
  pool.run(
      2,
      [](void* raw, Index) {
        auto& s = *static_cast<State*>(raw);
        ++s.begun;
        while (s.begun < 2) std::this_thread::yield();
        if (std::this_thread::get_id() != s.giver) {
          std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        ++s.ended;
      },
      &state);
  CHECK(ended == 2);
}

TEST_CASE("parallel_for uses the context's threads", "[threads]") {
  Context context;
  const ContextScope scope(context);
  CHECK(context.thread_count() == 1);
  context.set_thread_count(3);
  CHECK(context.thread_count() == 3);
  std::vector<int> visits(100, 0);
  parallel_for(100, [&](Index tile) { ++visits[static_cast<std::size_t>(tile)]; });
  CHECK(visits == std::vector<int>(100, 1));
  context.set_thread_count(1);
  CHECK(context.threads() == nullptr);
}

TEST_CASE("a number of threads that makes no sense is refused", "[threads]") {
  for (const int threads : {0, -1, 65}) {
    try {
      ThreadPool pool(threads);
      FAIL("accepted " << threads);
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::InvalidArgument);
      CHECK(error.message() == str("threads: ", threads, ", expected 1 to 64"));
    }
  }
}

#endif
