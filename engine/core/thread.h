// A thread of the system. In a browser it is a worker that JavaScript starts
// (wasm/bindings/thread.cpp): pthreads would bring 4 kB along that nothing here needs.
#pragma once

#if !defined(__EMSCRIPTEN__) || defined(__EMSCRIPTEN_PTHREADS__)
#include <system_error>
#include <thread>
#endif

namespace lanegrad {

#if !defined(__EMSCRIPTEN__) || defined(__EMSCRIPTEN_PTHREADS__)

class Thread {
 public:
  using Body = void (*)(void* state);  // must not throw

  // Runs body(state) on a new thread, which has to be joined; false where the system gives none.
  bool start(Body body, void* state) {
    try {
      thread_ = std::thread(body, state);
      return true;
    } catch (const std::system_error&) {
      return false;
    }
  }

  void join() { thread_.join(); }

 private:
  std::thread thread_;
};

#elif defined(__EMSCRIPTEN_SHARED_MEMORY__)

struct Worker;

// A thread in a browser: a worker that JavaScript starts and that shares the module's memory.
class Thread {
 public:
  using Body = void (*)(void* state);

  bool start(Body body, void* state);
  void join();

 private:
  Worker* worker_ = nullptr;
};

#else

// A thread where memory cannot be shared: it never starts.
class Thread {
 public:
  using Body = void (*)(void* state);

  bool start(Body, void*) { return false; }
  void join() {}
};

#endif

}  // namespace lanegrad
