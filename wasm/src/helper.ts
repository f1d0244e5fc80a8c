// A thread besides the one that loads the module: a worker with an instance of its own on the memory that
// all share. Says a word when it is ready, and then runs what wasm/thread.cpp asks for.

/** Calls restore(stack), which gives the instance a stack, and then run(worker): all are numbers of C++. */
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
  // Their names are as short as the linker likes; there is one table, of the functions that have addresses.
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
