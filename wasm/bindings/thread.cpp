// Threads in a browser. Each is a worker that load.ts has started with the module, with its own
// instance on the shared memory, and that waits for something to run (helper.ts).
#include "engine/core/thread.h"

#if defined(__EMSCRIPTEN_SHARED_MEMORY__)

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace lanegrad {

namespace {

constexpr std::size_t kStackBytes = 256 * 1024;

}  // namespace

struct Worker {
  Worker(Thread::Body begin, void* with) : body(begin), state(with) {}

  Thread::Body body;
  void* state;
  // The thread-local variables of the thread.
  std::unique_ptr<std::byte[]> locals = std::make_unique<std::byte[]>(__builtin_wasm_tls_size());
  std::atomic<int> running{1};
  alignas(16) std::byte stack[kStackBytes];
};

extern "C" {
// The linker makes this function.
void __wasm_init_tls(void* locals);
// Emscripten makes this function.
void _emscripten_stack_restore(void* stack);
// Makes the next waiting helper call restore(stack) and then run(worker); returns false if none
// waits. It is in library.js.
bool lanegrad_wake_helper(void (*restore)(void*), void* stack, void (*run)(Worker*),
                          Worker* worker);
}

namespace {

// What a helper does from its start to its end.
void run(Worker* worker) {
  __wasm_init_tls(worker->locals.get());
  worker->body(worker->state);
  worker->running = 0;
  __builtin_wasm_memory_atomic_notify(reinterpret_cast<int*>(&worker->running), 1);
}

}  // namespace

bool Thread::start(Body body, void* state) {
  auto worker = std::make_unique<Worker>(body, state);
  if (!lanegrad_wake_helper(_emscripten_stack_restore, worker->stack + kStackBytes, run,
                            worker.get())) {
    return false;
  }
  worker_ = worker.release();
  return true;
}

void Thread::join() {
  while (worker_->running) {
    __builtin_wasm_memory_atomic_wait32(reinterpret_cast<int*>(&worker_->running), 1, -1);
  }
  delete worker_;
}

}  // namespace lanegrad

#endif
