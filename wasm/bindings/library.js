// What the bindings call in JavaScript.
addToLibrary({
  /** Notes why a call failed, for load.ts. */
  lanegrad_note_failure: (failure) => {
    Module.failure = Emval.toValue(failure);
  },
  lanegrad_note_failure__deps: ["$Emval"],
  // These copy numbers between an array of JavaScript and the engine's memory: `size` bytes each,
  // floating or whole.
  $heapOf: (size, whole) => (size > 4 ? HEAPF64 : size < 4 ? HEAPU8 : whole ? HEAP32 : HEAPF32),
  lanegrad_length: (list) => Emval.toValue(list).length,
  lanegrad_length__deps: ["$Emval"],
  lanegrad_copy_in: (list, to, size, whole) => {
    heapOf(size, whole).set(Emval.toValue(list), to / size);
  },
  lanegrad_copy_in__deps: ["$Emval", "$heapOf"],
  lanegrad_bytes: (count) => Emval.toHandle(new Uint8Array(count)),
  lanegrad_bytes__deps: ["$Emval"],
  lanegrad_read: (bytes, at, to, count) => {
    HEAPU8.set(Emval.toValue(bytes).subarray(at, at + count), to);
  },
  lanegrad_read__deps: ["$Emval"],
  lanegrad_write: (bytes, at, from, count) => {
    Emval.toValue(bytes).set(HEAPU8.subarray(from, from + count), at);
  },
  lanegrad_write__deps: ["$Emval"],
  lanegrad_copy_out: (from, count, size, whole) => {
    from /= size;
    return Emval.toHandle(heapOf(size, whole).slice(from, from + count));
  },
  lanegrad_copy_out__deps: ["$Emval", "$heapOf"],
  lanegrad_push: (list, item) => {
    Emval.toValue(list).push(Emval.toValue(item));
  },
  lanegrad_push__deps: ["$Emval"],
  /** The number of this name in an object, or the usual one. */
  lanegrad_number: (object, name, usual) =>
    Number(Emval.toValue(object)[UTF8ToString(name)] ?? usual),
  lanegrad_number__deps: ["$Emval", "$UTF8ToString"],
  /** The text of a setting, or null where it is left out; its group may be null, too. */
  lanegrad_text: (object, group, name) => {
    const from = Emval.toValue(object);
    const value = (group ? from[UTF8ToString(group)] : from)?.[UTF8ToString(name)];
    return value === undefined ? 0 : Emval.toHandle(String(value));
  },
  lanegrad_text__deps: ["$Emval", "$UTF8ToString"],
  /** A number where that holds all digits, else a bigint. */
  lanegrad_seed: (digits) => {
    const number = Number(UTF8ToString(digits));
    return Emval.toHandle(Number.isSafeInteger(number) ? number : BigInt(UTF8ToString(digits)));
  },
  lanegrad_seed__deps: ["$Emval", "$UTF8ToString"],
  /** A step of a training, see TrainingHandle in raw.ts. */
  lanegrad_step: (step, epoch, samples, loss, accuracy, learningRate, done, event) =>
    Emval.toHandle({
      ...{ step, epoch, samples, loss, accuracy, learningRate, epochDone: !!done },
      // in the order of LoopEvent
      ...(event >= 0 && {
        event: ["step", "evaluated", "epochEnded", "restored", "finished"][event],
      }),
    }),
  lanegrad_step__deps: ["$Emval"],
  lanegrad_set: (object, name, value) => {
    Emval.toValue(object)[UTF8ToString(name)] = Emval.toValue(value);
  },
  lanegrad_set__deps: ["$Emval", "$UTF8ToString"],
  /** Makes a waiting helper run the call (thread.cpp); returns false where none waits. */
  lanegrad_wake_helper: (...call) => Module.wakeHelper(call),
});
