// The current context of a thread.
#include "engine/core/context.h"

#include <algorithm>
#include <utility>

#include "engine/core/error.h"
#include "engine/core/parallel.h"

namespace lanegrad {

namespace {

// The default context is never destroyed: arrays with static lifetime may outlive the thread.
Context*& current_pointer() {
  thread_local Context* current = new Context;
  return current;
}

}  // namespace

Context& Context::current() { return *current_pointer(); }

void Context::set_thread_count(int count) {
  if (!kHasThreads) {
    if (count != 1)
      fail(ErrorCode::Unsupported, "threads: ", count, ", this build of the engine has 1");
    return;
  }
  std::unique_ptr<ThreadPool> pool = std::make_unique<ThreadPool>(count);
  threads_ = count > 1 ? std::move(pool) : nullptr;
}

void share_tiles(Index tiles, ThreadPool::Body body, void* state) {
  ThreadPool* const pool = tiles > 1 ? Context::current().threads() : nullptr;
  if (pool != nullptr) {
    pool->run(tiles, body, state);
  } else {
    for (Index tile = 0; tile < tiles; ++tile) body(state, tile);
  }
}

void share_rows(Index rows, Index width, void (*body)(void* state, Index row, Index count),
                void* state) {
  constexpr Index kElements = 8192;
  const Index most = std::max(Index{1}, kElements / std::max(Index{1}, width));
  parallel_for((rows + most - 1) / most, [=](Index tile) {
    const Index row = tile * most;
    body(state, row, std::min(most, rows - row));
  });
}

ContextScope::ContextScope(Context& context)
    : previous_(std::exchange(current_pointer(), &context)) {}

ContextScope::~ContextScope() { current_pointer() = previous_; }

}  // namespace lanegrad
