// A thread of the system. In WebAssembly it stands on pthreads alone: std::thread brings its
// exceptions, their texts and locks along, 10 kB of them.
#pragma once

#if defined(__EMSCRIPTEN__)
#include <pthread.h>
#else
#include <system_error>
#include <thread>
#endif

namespace lanegrad {

class Thread {
 public:
  using Body = void* (*)(void* state);  // must not throw; what it returns is ignored

  // Runs body(state) on a new thread, which has to be joined; false where the system gives none.
  bool start(Body body, void* state) {
#if defined(__EMSCRIPTEN__)
    return pthread_create(&thread_, nullptr, body, state) == 0;
#else
    try {
      thread_ = std::thread(body, state);
      return true;
    } catch (const std::system_error&) {
      return false;
    }
#endif
  }

  void join() {
#if defined(__EMSCRIPTEN__)
    pthread_join(thread_, nullptr);
#else
    thread_.join();
#endif
  }

 private:
#if defined(__EMSCRIPTEN__)
  pthread_t thread_ = {};
#else
  std::thread thread_;
#endif
};

}  // namespace lanegrad
