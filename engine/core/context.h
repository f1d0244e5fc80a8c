// What the engine keeps between calls: the buffer pool, the threads and the modes. The
// thread-local pointer to the current Context is the engine's only mutable global.
#pragma once

#include <memory>

#include "engine/core/buffer.h"
#include "engine/core/thread_pool.h"

namespace lanegrad {

// WebAssembly without shared memory has no threads, and carries no code for them.
#if defined(__EMSCRIPTEN__) && !defined(__EMSCRIPTEN_SHARED_MEMORY__)
inline constexpr bool kHasThreads = false;
#else
inline constexpr bool kHasThreads = true;
#endif

class Context {
 public:
  // The context set by the innermost ContextScope of this thread, else the thread's own default.
  static Context& current();

  BufferPool& pool() { return pool_; }

  // The threads that share the work of kernels; null while one thread does all of it, as at first.
  ThreadPool* threads() { return kHasThreads ? threads_.get() : nullptr; }
  int thread_count() const { return threads_ && kHasThreads ? threads_->threads() : 1; }
  // Makes `count` threads share the work, the calling one included. Throws what ThreadPool's
  // constructor throws.
  void set_thread_count(int count);

  bool grad_enabled() const { return grad_enabled_; }
  void set_grad_enabled(bool enabled) { grad_enabled_ = enabled; }
  // Whether layers behave as in evaluation mode, whatever mode each of them is in.
  bool evaluating() const { return evaluating_; }
  void set_evaluating(bool evaluating) { evaluating_ = evaluating; }
  // A new number for each backward pass.
  std::uint64_t next_pass() { return ++passes_; }

 private:
  BufferPool pool_;
  std::unique_ptr<ThreadPool> threads_;
  bool grad_enabled_ = true;
  bool evaluating_ = false;
  std::uint64_t passes_ = 0;
};

// Makes `context` current until the end of the scope. Arrays made inside must not outlive it.
class ContextScope {
 public:
  explicit ContextScope(Context& context);
  ~ContextScope();
  ContextScope(const ContextScope&) = delete;
  ContextScope& operator=(const ContextScope&) = delete;

 private:
  Context* previous_;
};

// Until the end of the scope, operations record nothing: their results have no sources and get no
// gradient.
class NoGrad {
 public:
  NoGrad() : context_(Context::current()), previous_(context_.grad_enabled()) {
    context_.set_grad_enabled(false);
  }
  ~NoGrad() { context_.set_grad_enabled(previous_); }
  NoGrad(const NoGrad&) = delete;
  NoGrad& operator=(const NoGrad&) = delete;

 private:
  Context& context_;
  bool previous_;
};

// Until the end of the scope, all layers behave as in evaluation mode; each layer's own mode stays
// as it is.
class EvaluationMode {
 public:
  EvaluationMode() : context_(Context::current()), previous_(context_.evaluating()) {
    context_.set_evaluating(true);
  }
  ~EvaluationMode() { context_.set_evaluating(previous_); }
  EvaluationMode(const EvaluationMode&) = delete;
  EvaluationMode& operator=(const EvaluationMode&) = delete;

 private:
  Context& context_;
  bool previous_;
};

}  // namespace lanegrad
