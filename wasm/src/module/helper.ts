// A thread besides the one that loads the module: a worker with its own instance of the module on
// the memory that all share. It sends a message when it is ready, and then runs what
// wasm/bindings/thread.cpp asks for.
import { nodeThreads } from "./place.js";

/**
 * A task of a helper: restore(stack) gives the instance a stack, then run(worker) runs. All four
 * are numbers of C++.
 */
export type HelperTask = [restore: number, stack: number, run: number, worker: number];

export interface HelperStart {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
}

const port = nodeThreads()?.parentPort;
let hear = start as (message: never) => void;
if (port) port.on("message", (message) => hear(message as never));
else self.onmessage = ({ data }) => hear(data as never);

function start({ module, memory }: HelperStart): void {
  const imports: WebAssembly.Imports = {};
  for (const { module: space, name, kind } of WebAssembly.Module.imports(module)) {
    (imports[space] ??= {})[name] = kind === "memory" ? memory : refuse;
  }
  const { exports } = new WebAssembly.Instance(module, imports);
  // The linker shortens the names of exports. There is one table, that of the functions that have
  // addresses.
  const functions = Object.values(exports).find((one) => one instanceof WebAssembly.Table)!;
  hear = ([restore, stack, run, worker]: HelperTask) => {
    functions.get(restore)(stack);
    functions.get(run)(worker);
  };
  if (port) port.postMessage("ready");
  else self.postMessage("ready", {});
}

function refuse(): never {
  throw new Error("a helper called JavaScript");
}
