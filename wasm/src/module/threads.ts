// The workers that run the threads of a module besides the one that loads it.
import type { Shared } from "./glue.js";
import type { HelperStart } from "./helper.js";
import { helperScript } from "./parts.js";
import { startScript } from "./script.js";
import { threadsMemory } from "./variants.js";

/** Helpers that have not started after this time are taken for ones that cannot. */
const helperSeconds = 10;

/**
 * The workers that run the other threads, and the memory that all share. They start with the
 * module, since a thread that waits for others cannot start any.
 */
export class Helpers {
  readonly shared: Shared;
  onDeath?: (cause: unknown) => void;
  readonly #workers: Worker[];

  constructor(count: number) {
    const pages = threadsMemory / 2 ** 16;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const script = helperScript();
    this.#workers = Array.from({ length: count }, () => startScript(script));
    for (const worker of this.#workers) {
      worker.onerror = (event) => {
        event.preventDefault();
        this.onDeath?.(
          new Error(event.message || `the worker of a thread could not be loaded: ${script.url}`),
        );
      };
    }
    const waiting = [...this.#workers];
    this.shared = {
      memory,
      wakeHelper(task) {
        const helper = waiting.pop();
        helper?.postMessage(task);
        return helper !== undefined;
      },
    };
  }

  /** Resolves when all have started; rejects when one dies before. */
  async ready(module: WebAssembly.Module): Promise<void> {
    const said = this.#workers.map((worker) => {
      worker.postMessage({ module, memory: this.shared.memory } satisfies HelperStart);
      return new Promise((resolve) => (worker.onmessage = resolve));
    });
    let timer: ReturnType<typeof setTimeout> | undefined;
    const dying = new Promise<never>((_, reject) => {
      this.onDeath = reject;
      const late = new Error(`no sign of life of its threads within ${helperSeconds} seconds`);
      timer = setTimeout(reject, helperSeconds * 1000, late);
    });
    await Promise.race([dying, Promise.all(said)]).finally(() => clearTimeout(timer));
  }

  end(): void {
    for (const worker of this.#workers) worker.terminate();
  }
}
