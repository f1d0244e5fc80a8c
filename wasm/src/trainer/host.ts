// Starts a worker and talks to it: the same in a browser and in Node.
import { errorOf, LanegradError, textOf } from "../errors.js";
import { watchPolicy } from "../module/policy.js";
import { makeWorker, type AnyWorker, type WorkerSource } from "./make_worker.js";
import { Parcel } from "./parcel.js";
import { loadWhyNot } from "./on_demand.js";
import type { Pull } from "../protocol/batches.js";
import type { Progress } from "../protocol/results.js";
import type { ErrorCode, Message, Remote, WorkerApi } from "../protocol/messages.js";

/** Gives the worker the batches that it asks for. */
export interface Source {
  /** Sends the next batch of a pass. */
  pull(pull: Pull): void;
  /** What the caller's function has thrown, where that is the reason of this error; else the error. */
  causeOf(error: LanegradError): unknown;
  /** Ends the pass under way. */
  end(): void;
}

interface Pending {
  resolve(value: never): void;
  reject(error: unknown): void;
}

/** A worker that has sent no message after this time is taken for one that cannot start. */
const startMilliseconds = 20_000;

/** One running worker. Every promise that it gave is settled, even if the worker dies. */
export class Host {
  /** Where the training data come in batches, what gives them. */
  source?: Source;
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
    let url: string | undefined;
    const policy = watchPolicy(/worker|script|trusted/);
    let host: Host | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      return await new Promise<Host>((resolve, reject) => {
        timer = setTimeout(
          () => reject(new Error(`no sign of life within ${startMilliseconds / 1000} seconds`)),
          startMilliseconds,
        );
        const making = makeWorker(source, {
          starting: (address) => (url = address),
          message(message) {
            if (host) host.#take(message);
          },
          error(thrown) {
            reject(thrown);
            host?.die(crashed(textOf(thrown)));
          },
        });
        const start = async (): Promise<void> => {
          const made = (host = new Host(await making));
          made.#watchLock((await made.remote.hello()) as string | null);
          resolve(made);
        };
        start().catch(reject);
      });
    } catch (thrown) {
      host?.die(null);
      const said = (await policy.violated()) ?? textOf(thrown);
      const why = await loadWhyNot().then(
        ({ whyNot }) => whyNot(url, said),
        () => said,
      );
      const named = url === undefined ? "the worker" : `the worker ${url}`;
      throw new LanegradError("LoadFailed", `trainer: ${named} did not start (${why})`, {
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
    this.source?.end();
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
      else {
        const error = errorOf(message.error);
        pending?.reject(this.source ? this.source.causeOf(error) : error);
      }
    } else if (message.kind === "pull") {
      this.source?.pull(message.pull);
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
