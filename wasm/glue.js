// Functions that replace those of Emscripten's glue. They leave out what the bindings never use. The numbers
// are about the bytes after brotli that each saves by itself.
addToLibrary({
  // It is needed only in messages about types that nobody bound, and the original would bring
  // printf along.
  $getTypeName: (type) => `type ${type}`,
  $getTypeName__deps: [],
  $throwUnboundTypeError: (message) => throwInternalError(message), // 69
  $throwUnboundTypeError__deps: ["$throwInternalError"],
  // No name is bound twice, and no class has a bound base class, so there is nothing to check.
  $exposePublicSymbol: (name, value) => (Module[name] = value), // 173
  $exposePublicSymbol__deps: [],
  $replacePublicSymbol: (name, value) => (Module[name] = value), // 54
  $replacePublicSymbol__deps: [],
  $ensureOverloadTable: () => {},
  $ensureOverloadTable__deps: [],
  $getInheritedInstance: () => undefined, // 43
  $getInheritedInstance__deps: [],
  $downcastPointer: () => null, // 33
  $downcastPointer__deps: [],
  // The API's own handles do what this would do (engine.ts).
  $attachFinalizer: (handle) => handle, // 95
  $attachFinalizer__deps: [],
  $detachFinalizer: () => {},
  $detachFinalizer__deps: [],
});
