// The current context of a thread.
#include "engine/core/context.h"

#include <utility>

#include "engine/core/error.h"

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

ContextScope::ContextScope(Context& context)
    : previous_(std::exchange(current_pointer(), &context)) {}

ContextScope::~ContextScope() { current_pointer() = previous_; }

}  // namespace lanegrad
