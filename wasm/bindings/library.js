// What the bindings call in JavaScript.
addToLibrary({
  /** Notes why a call failed, for load.ts. */
  lanegrad_note_failure: (code, message) => {
    Module.failure = { code: UTF8ToString(code), message: UTF8ToString(message) };
  },
  lanegrad_note_failure__deps: ["$UTF8ToString"],
  // These copy numbers between an array of JavaScript and the engine's memory: `size` bytes each,
  // floating or whole.
  $heapOf: (size, whole) => (size > 4 ? HEAPF64 : size < 4 ? HEAPU8 : whole ? HEAP32 : HEAPF32),
  lanegrad_length: (list) => Emval.toValue(list).length,
  lanegrad_length__deps: ["$Emval"],
  lanegrad_copy_in: (list, to, size, whole) => {
    heapOf(size, whole).set(Emval.toValue(list), to / size);
  },
  lanegrad_copy_in__deps: ["$Emval", "$heapOf"],
  lanegrad_copy_out: (from, count, size, whole) => {
    from /= size;
    return Emval.toHandle(heapOf(size, whole).slice(from, from + count));
  },
  lanegrad_copy_out__deps: ["$Emval", "$heapOf"],
  lanegrad_push: (list, item) => {
    Emval.toValue(list).push(Emval.toValue(item));
  },
  lanegrad_push__deps: ["$Emval"],
  /** Makes a waiting helper run the call (thread.cpp); returns false where none waits. */
  lanegrad_wake_helper: (...call) => Module.wakeHelper(call),
});
