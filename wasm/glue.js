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
  // Helper threads run kernels: they call nothing of JavaScript and get no messages but their end.
  $proxyToMainThread: () => abort("a helper thread called JavaScript"),
  $proxyToMainThread__deps: [],
  $checkMailbox: () => {},
  $checkMailbox__deps: [],
  _emscripten_thread_mailbox_await: () => {},
  _emscripten_thread_mailbox_await__deps: [],
  _emscripten_notify_mailbox_postmessage: () => {},
  _emscripten_notify_mailbox_postmessage__deps: [],
});
