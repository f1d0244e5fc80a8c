// A thread besides the one that loads the module: a worker with its own instance of the module on
// the memory that all share. It sends a message when it is ready, and then runs what
// wasm/bindings/thread.cpp asks for.

/**
 * A task of a helper: restore(stack) gives the instance a stack, then run(worker) runs. All four
 * are numbers of C++.
 */
export type HelperTask = [restore: number, stack: number, run: number, worker: number];

export interface HelperStart {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
}

self.onmessage = ({ data: { module, memory } }: MessageEvent<HelperStart>) => {
  const imports: WebAssembly.Imports = {};
  for (const { module: space, name, kind } of WebAssembly.Module.imports(module)) {
    (imports[space] ??= {})[name] = kind === "memory" ? memory : refuse;
  }
  const { exports } = new WebAssembly.Instance(module, imports);
  // The linker shortens the names of exports. There is one table, that of the functions that have
  // addresses.
  const functions = Object.values(exports).find((one) => one instanceof WebAssembly.Table)!;
  self.onmessage = ({ data: [restore, stack, run, worker] }: MessageEvent<HelperTask>) => {
    functions.get(restore)(stack);
    functions.get(run)(worker);
  };
  self.postMessage("ready", {});
};

function refuse(): never {
  throw new Error("a helper called JavaScript");
}
