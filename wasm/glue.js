// What Emscripten's glue is linked with in place of its own: nothing, for what the bindings never use.
addToLibrary({
  // Only for messages about types that nobody bound, and would bring printf along.
  $getTypeName: (type) => `type ${type}`,
  $getTypeName__deps: [],
  $throwUnboundTypeError: (message) => throwInternalError(message),
  $throwUnboundTypeError__deps: ["$throwInternalError"],
  // No name is bound twice, and no class has a base that is bound.
  $exposePublicSymbol: (name, value) => (Module[name] = value),
  $exposePublicSymbol__deps: [],
  $replacePublicSymbol: (name, value) => (Module[name] = value),
  $replacePublicSymbol__deps: [],
  $ensureOverloadTable: () => {},
  $ensureOverloadTable__deps: [],
  $getInheritedInstance: () => undefined,
  $getInheritedInstance__deps: [],
  $downcastPointer: () => null,
  $downcastPointer__deps: [],
  // The API's handles do this (engine.ts).
  $attachFinalizer: (handle) => handle,
  $attachFinalizer__deps: [],
  $detachFinalizer: () => {},
  $detachFinalizer__deps: [],
  // A helper that waits runs this (wasm/thread.cpp); false where none does.
  lanegrad_wake_helper: (...call) => Module.wakeHelper(call),
});
