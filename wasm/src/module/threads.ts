// The workers that run the threads of a module besides the one that loads it.
import type { Shared } from "./glue.js";
import type { HelperStart } from "./helper.js";
import { helperFile, helperScript } from "./parts.js";
import { nodeThreads } from "./place.js";
import { addressOf, reasonOf, startScript, type Bridge } from "./script.js";
import { threadsMemory } from "./variants.js";

/** Helpers that have not started after this time are taken for ones that cannot. */
const helperSeconds = 10;

/** A worker of a browser or of Node; that of a page has no `unref`. */
interface Helper {
  postMessage(message: unknown): void;
  terminate(): unknown;
  unref?(): void;
}

/** What a helper says and what it dies of; `ready` is called once. */
interface Listener {
  ready(): void;
  died(why: unknown): void;
}

/**
 * The workers that run the other threads, and the memory that all share. They start with the
 * module, since a thread that waits for others cannot start any.
 */
export class Helpers {
  readonly shared: Shared;
  onDeath?: (cause: unknown) => void;
  readonly #workers: Helper[];
  readonly #ready: Promise<unknown>;

  /** Starts so many, with the script at this address where they are a browser's. */
  constructor(count: number, address: string | undefined) {
    const pages = threadsMemory / 2 ** 16;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const make = address === undefined ? nodeHelpers() : webHelpers(address);
    const died = (why: unknown): void => this.onDeath?.(why);
    const said: Promise<void>[] = [];
    this.#workers = Array.from({ length: count }, () => {
      let worker!: Helper;
      said.push(new Promise((ready) => (worker = make({ ready, died }))));
      return worker;
    });
    this.#ready = Promise.all(said);
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
    for (const worker of this.#workers) {
      worker.postMessage({ module, memory: this.shared.memory } satisfies HelperStart);
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    const dying = new Promise<never>((_, reject) => {
      this.onDeath = reject;
      const late = new Error(`no sign of life of its threads within ${helperSeconds} seconds`);
      timer = setTimeout(reject, helperSeconds * 1000, late);
    });
    await Promise.race([dying, this.#ready]).finally(() => clearTimeout(timer));
    // From now on they keep no process alive.
    for (const worker of this.#workers) worker.unref?.();
  }

  end(): void {
    for (const worker of this.#workers) void worker.terminate();
  }
}

/** The address of the helpers' script; undefined where they are Node's. */
export const helperAddress = async (bridge: Bridge): Promise<string | undefined> =>
  nodeThreads() ? undefined : addressOf(helperScript(), bridge);

function webHelpers(address: string): (listener: Listener) => Helper {
  const { url, options } = helperScript();
  return ({ ready, died }) => {
    const worker = startScript(address, options);
    worker.onmessage = ready;
    worker.onerror = (event) => {
      event.preventDefault();
      died(new Error(reasonOf(event) || `the worker of a thread could not be loaded: ${url}`));
    };
    return worker;
  };
}

function nodeHelpers(): (listener: Listener) => Helper {
  const { Worker: NodeWorker } = nodeThreads()!;
  const file = helperFile();
  return ({ ready, died }) => {
    const worker = new NodeWorker(file, { eval: typeof file === "string" });
    worker.on("message", ready);
    worker.on("error", died);
    return worker;
  };
}
