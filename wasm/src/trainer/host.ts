// Starts a worker and talks to it: the same in a browser and in Node.
import { fail, type Check } from "../check.js";
import { errorOf, LanegradError, textOf } from "../errors.js";
import { resolveUrl } from "../module/fetch.js";
import { Parcel } from "./parcel.js";
import type { Progress } from "../protocol/results.js";
import type { ErrorCode, Message, Remote, Request, WorkerApi } from "../protocol/messages.js";

/** A worker to use, the URL of worker.js, or a function that makes a worker. */
export type WorkerSource = Worker | URL | string | (() => Worker);

const aWorker = "a Worker, the URL of worker.js, or a function that makes a Worker";

/** The option `worker` of a trainer. */
export const sourceOption: Check = (_, source) => {
  const url = source instanceof URL || typeof source === "string";
  if (!url && typeof source !== "function" && !isWorker(source)) fail("worker", source, aWorker);
  if (url) resolveUrl("worker", source);
  return source;
};

const isWorker = (value: unknown): value is Worker => {
  const { postMessage, addEventListener } = (value ?? {}) as Worker;
  return typeof postMessage === "function" && typeof addEventListener === "function";
};

/** The part of a worker, the web's or Node's, that Host needs. */
interface AnyWorker {
  postMessage(message: Request, transfer: ArrayBuffer[]): void;
  terminate(): void;
  /** Makes the worker keep the process alive; missing in a browser. */
  ref?(): void;
  unref?(): void;
}

interface Pending {
  resolve(value: never): void;
  reject(error: LanegradError): void;
}

/** A worker that has sent no message after this time is taken for one that cannot start. */
const startMilliseconds = 20_000;

/** One running worker. Every promise that it gave is settled, even if the worker dies. */
export class Host {
  /** The worker's functions, which return promises. Their arguments are copied at the call. */
  readonly remote: Remote<WorkerApi>;
  onProgress?: (progress: Progress) => void;
  onCrash?: (error: LanegradError) => void;
  readonly #worker: AnyWorker;
  readonly #pending = new Map<number, Pending>();
  readonly #watch = new AbortController();
  #dead: LanegradError | null = null;
  #id = 0;

  private constructor(worker: AnyWorker) {
    this.#worker = worker;
    this.remote = new Proxy({} as Remote<WorkerApi>, {
      get:
        (_, method) =>
        (...values: unknown[]) => {
          const parcel = new Parcel();
          return this.send(method as keyof WorkerApi, parcel.copied(values), parcel.buffers);
        },
    });
  }

  /** Starts the worker; rejects with `LoadFailed` where that does not work. */
  static async start(source: WorkerSource | undefined): Promise<Host> {
    const url = source instanceof URL || typeof source === "string" ? source : undefined;
    const name = url === undefined ? "worker.js" : String(url);
    const policy = watchPolicy();
    let host: Host | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      return await new Promise<Host>((resolve, reject) => {
        timer = setTimeout(
          () => reject(new Error(`no sign of life within ${startMilliseconds / 1000} seconds`)),
          startMilliseconds,
        );
        const worker = makeWorker(source, {
          message(message) {
            if (host) host.#take(message);
          },
          error(thrown) {
            reject(thrown);
            host?.die(crashed(textOf(thrown)));
          },
        });
        const made = (host = new Host(worker));
        made.remote.hello().then((lock) => {
          made.#watchLock(lock);
          resolve(made);
        }, reject);
      });
    } catch (thrown) {
      host?.die(null);
      // The browser reports a violated policy a moment after the failure.
      await new Promise((resolve) => setTimeout(resolve, 50));
      const why = policy.violated() ?? (await notThere(url)) ?? textOf(thrown);
      throw new LanegradError("LoadFailed", `trainer: the worker ${name} did not start (${why})`, {
        cause: thrown,
      });
    } finally {
      clearTimeout(timer);
      policy.end();
    }
  }

  /** Ends the worker. An error says that it has crashed; null, that its owner ends it. */
  die(error: LanegradError | null): void {
    if (this.#dead) return;
    const disposed = (code: ErrorCode) => error ?? new LanegradError(code, "trainer: this trainer was disposed"); // prettier-ignore
    this.#dead = disposed("InvalidState");
    this.#watch.abort();
    this.#worker.terminate();
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(disposed("Aborted"));
    if (error) this.onCrash?.(error);
  }

  /** Sends the worker a request. The buffers are handed over rather than copied. */
  send(method: keyof WorkerApi, values: unknown[], buffers: ArrayBuffer[]): Promise<unknown> {
    if (this.#dead) return Promise.reject(this.#dead);
    const id = ++this.#id;
    return new Promise((resolve, reject) => {
      this.#worker.postMessage({ id, method, values }, buffers);
      this.#pending.set(id, { resolve, reject });
      this.#worker.ref?.();
    });
  }

  #take(message: Message): void {
    if (message.kind === "crash") {
      const { error } = message;
      this.die(error.code === "Crashed" ? errorOf(error) : crashed(error.message));
    } else if (message.kind === "answer" || message.kind === "refusal") {
      const pending = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      this.#rest();
      if (message.kind === "answer") pending?.resolve(message.value as never);
      else pending?.reject(errorOf(message.error));
    } else {
      this.onProgress?.(message.progress);
    }
  }

  /** A worker that nothing is expected from does not keep a Node process alive. */
  #rest(): void {
    if (this.#pending.size === 0) this.#worker.unref?.();
  }

  /** Waits for the lock that the worker holds as long as it lives. */
  #watchLock(name: string | null): void {
    const locks = (globalThis as { navigator?: Navigator }).navigator?.locks;
    if (name === null || !locks) return;
    locks
      .request(name, { signal: this.#watch.signal }, () => this.die(crashed("it is gone")))
      .catch(() => {});
  }
}

function crashed(why: string): LanegradError {
  return new LanegradError("Crashed", `trainer: the worker has crashed (${why})`);
}

// ---- Making a worker --------------------------------------------------------

interface Listener {
  message(message: Message): void;
  error(thrown: unknown): void;
}

function makeWorker(source: WorkerSource | undefined, listener: Listener): AnyWorker {
  if (typeof Worker === "undefined" && typeof source !== "function") {
    return nodeWorker(source, listener);
  }
  let worker: Worker;
  if (source === undefined) {
    // Bundlers look for exactly this expression.
    worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  } else if (source instanceof URL || typeof source === "string") {
    worker = new Worker(resolveUrl("worker", source), { type: "module" });
  } else {
    worker = typeof source === "function" ? source() : source;
  }
  if (!isWorker(worker)) fail("worker", worker, aWorker);
  worker.addEventListener("message", ({ data }) => listener.message(data as Message));
  worker.addEventListener("messageerror", () => listener.error("a message could not be read"));
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    listener.error(event.message || "no reason is given");
  });
  return worker;
}

function nodeWorker(source: Exclude<WorkerSource, () => Worker> | undefined, listener: Listener) {
  const threads = globalThis.process?.getBuiltinModule?.("node:worker_threads");
  if (!threads) {
    throw new LanegradError("Unsupported", "trainer: there are no workers here");
  }
  const worker = new threads.Worker(scriptOf(source));
  worker.on("message", (message: Message) => listener.message(message));
  worker.on("messageerror", listener.error);
  worker.on("error", listener.error);
  worker.on("exit", (code) => listener.error(`it has ended with code ${code}`));
  return worker as AnyWorker;
}

/** Where the script of the worker is. */
function scriptOf(source: unknown): URL {
  // In a variable, since bundlers would otherwise copy worker.js once more.
  const here = import.meta.url;
  return source === undefined ? new URL("./worker.js", here) : resolveUrl("worker", source);
}

/** Watches whether the page's Content-Security-Policy forbids something. */
function watchPolicy(): { violated(): string | undefined; end(): void } {
  const { document } = globalThis as { document?: Document };
  let violated: string | undefined;
  const listen = ({ effectiveDirective }: SecurityPolicyViolationEvent): void => {
    violated = `the page's Content-Security-Policy forbids it: ${effectiveDirective}`;
  };
  document?.addEventListener("securitypolicyviolation", listen);
  return {
    violated: () => violated,
    end: () => document?.removeEventListener("securitypolicyviolation", listen),
  };
}

/** What the server says about a script that could not be started. */
async function notThere(source: URL | string | undefined): Promise<string | undefined> {
  if (typeof document === "undefined") return undefined;
  try {
    const { ok, status } = await fetch(scriptOf(source), { method: "HEAD" });
    return ok ? undefined : `the server answered ${status}`;
  } catch (thrown) {
    return `it could not be fetched: ${textOf(thrown)}`;
  }
}
