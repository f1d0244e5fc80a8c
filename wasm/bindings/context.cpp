// The modes, the memory and the threads of the engine, and crashes for tests.
#include <emscripten/heap.h>
#include <atomic>

#include "engine/core/parallel.h"
#include "wasm/bindings/handles.h"

namespace lanegrad::boundary {

namespace {

bool grad_enabled() { return Context::current().grad_enabled(); }
void set_grad_enabled(bool enabled) { Context::current().set_grad_enabled(enabled); }
double live_bytes() { return static_cast<double>(Context::current().pool().live_bytes()); }
double peak_bytes() { return static_cast<double>(Context::current().pool().peak_bytes()); }
double heap_bytes() { return static_cast<double>(emscripten_get_heap_size()); }
void set_threads(int count) { Context::current().set_thread_count(count); }
double helped_tiles() {
  const ThreadPool* threads = Context::current().threads();
  return threads ? static_cast<double>(threads->helped_tiles()) : 0;
}

// Crashes the engine, for tests of what happens then.
void crash_for_test() { __builtin_trap(); }
// Crashes one of the engine's helper threads, for tests of what happens then.
void crash_helper_for_test() {
  if (Context::current().threads() == nullptr) return;
  thread_local char here = 0;
  const char* const giver = &here;
  std::atomic<int> begun{0};
  parallel_for(2, [&](Index) {
    ++begun;
    while (begun < 2) {
    }
    if (&here != giver) __builtin_trap();
  });
}

}  // namespace

EMSCRIPTEN_BINDINGS(context) {
  function<&grad_enabled>("gradEnabled");
  function<&set_grad_enabled>("setGradEnabled");
  function<&live_bytes>("liveBytes");
  function<&peak_bytes>("peakBytes");
  function<&heap_bytes>("heapBytes");
  function<&set_threads>("setThreads");
  function<&helped_tiles>("helpedTiles");
  function<&crash_for_test>("crashForTest");
  function<&crash_helper_for_test>("crashHelperForTest");
}

}  // namespace lanegrad::boundary
