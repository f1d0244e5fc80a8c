// Emscripten's glue: one for all builds. It is a part of every script that starts an engine, since a script that loads
// others comes through few bundlers. wasm/one_glue.mjs makes it, and the names by which a build with threads calls the
// same functions.
import aloneGlue, { letters } from "./engine/glue.mjs";
import type { HelperTask } from "./helper.js";
import type { RawModule } from "./raw.js";

/** What the glue is called with. It makes this object the module. */
interface GlueSettings {
  instantiateWasm(
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): object;
}

type Glue = (settings: GlueSettings) => Promise<RawModule & Record<string, unknown>>;

/** What threads have together. */
export interface Shared {
  memory: WebAssembly.Memory;
  /** Makes a waiting helper run a task, see glue.js. */
  wakeHelper(task: HelperTask): boolean;
}

/** Starts the module. The glue's own way never rejects when that fails. */
export const runGlue = (
  module: WebAssembly.Module,
  shared?: Shared,
): Promise<RawModule & Record<string, unknown>> =>
  new Promise((resolve, reject) => {
    (aloneGlue as Glue)({
      instantiateWasm(imports, done) {
        WebAssembly.instantiate(module, shared ? importsOf(imports, shared) : imports).then(
          (instance) => done(shared ? exportsOf(instance, shared) : instance, module),
          reject,
        );
        return {};
      },
    }).then(resolve, reject);
  });

/** What is here by the names that it has there. */
function renamed(pairs: string, from: 0 | 1, here: object): Record<string, never> {
  const named = pairs.split(",").map((pair) => {
    const names = pair.split(" ");
    return [names[1 - from], here[names[from] as never]];
  });
  return Object.fromEntries(named) as Record<string, never>;
}

function importsOf(imports: WebAssembly.Imports, { memory, wakeHelper }: Shared) {
  const [[space, functions]] = Object.entries(imports) as [[string, WebAssembly.ModuleImports]];
  return {
    [space]: {
      ...renamed(letters.imports, 0, functions),
      [letters.memory]: memory,
      [letters.wake]: (...task: HelperTask) => wakeHelper(task),
    },
  };
}

const exportsOf = ({ exports }: WebAssembly.Instance, { memory }: Shared) => ({
  exports: { ...renamed(letters.exports, 1, exports), [letters.exportedMemory]: memory },
});
