// Calls functions of a worker by name, so that the page never waits: `serve` there, `connect` here.
// They return promises; LanegradErrors keep their code, sentence and details.
import { LanegradError, type ErrorCode, type ErrorDetails } from "lanegrad";

type Functions = Record<string, (...values: never[]) => unknown>;

// The worker's functions as the page sees them: each returns a promise. A function among the values,
// which must be the last one, hears what the worker calls it with.
export type Remote<T extends Functions> = {
  [K in keyof T]: (...values: Parameters<T[K]>) => Promise<Awaited<ReturnType<T[K]>>>;
};

interface Request {
  id: number;
  name: string;
  values: unknown[];
  listens: boolean;
}
type Answer =
  | { id: number; heard: unknown[] }
  | { id: number; value: unknown }
  | { id: number; error: Failure };

const transfers = new WeakMap<object, ArrayBuffer[]>();

// Has the buffers of a function's result handed over to the page instead of copied.
export function transferring<T extends object>(result: T, buffers: ArrayBuffer[]): T {
  transfers.set(result, buffers);
  return result;
}

// An error on its way between threads.
export interface Failure {
  code: ErrorCode;
  message: string;
  details: ErrorDetails;
}

export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof LanegradError) {
    const { code, message, details } = thrown;
    return { code, message, details };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: "Internal", message, details: {} };
}

export const errorOf = ({ code, message, details }: Failure) =>
  new LanegradError(code, message, { details });

// Serves the functions in the worker. A call begins when the one before it has ended.
export function serve(functions: Functions): void {
  let last: Promise<unknown> = Promise.resolve();
  self.onmessage = ({ data }: MessageEvent<Request>) => {
    const { id, name, values, listens } = data;
    const post = (answer: Answer, transfer: ArrayBuffer[] = []) =>
      self.postMessage(answer, { transfer });
    if (listens) values.push((...heard: unknown[]) => post({ id, heard }));
    last = last.then(async () => {
      try {
        const value = await functions[name]!(...(values as never[]));
        post({ id, value }, transfers.get(value as object));
      } catch (thrown) {
        post({ id, error: failureOf(thrown) });
      }
    });
  };
}

// Connects the page with a worker that was just made. Where the worker dies, all open calls and
// every later one reject with the error that `ended` makes of the browser's reason.
export function connect<T extends Functions>(
  worker: Worker,
  ended: (why: string) => LanegradError,
): Remote<T> {
  interface Call {
    resolve(value: never): void;
    reject(error: Error): void;
    listener: ((...heard: unknown[]) => void) | undefined;
  }
  const pending = new Map<number, Call>();
  let dead: LanegradError | undefined;
  let id = 0;
  worker.onmessage = ({ data }: MessageEvent<Answer>) => {
    const call = pending.get(data.id);
    if ("heard" in data) return call?.listener?.(...data.heard);
    pending.delete(data.id);
    if ("error" in data) call?.reject(errorOf(data.error));
    else call?.resolve(data.value as never);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    dead = ended(event.message || "the browser does not say why");
    for (const { reject } of pending.values()) reject(dead);
    pending.clear();
  };
  const call = (name: string, values: unknown[]) =>
    new Promise((resolve, reject) => {
      if (dead) return reject(dead);
      const listens = typeof values.at(-1) === "function";
      const listener = listens ? (values.pop() as Call["listener"]) : undefined;
      pending.set(++id, { resolve, reject, listener });
      worker.postMessage({ id, name, values, listens } satisfies Request);
    });
  return new Proxy({} as Remote<T>, {
    // A promise's `then` is no function of the worker.
    get: (_, name) =>
      name === "then" ? undefined : (...values: unknown[]) => call(String(name), values),
  });
}

// Connects with a lab's engine; where its worker dies, that is a crash.
export const connectEngine = <T extends Functions>(worker: Worker): Remote<T> =>
  connect<T>(worker, (why) => new LanegradError("Crashed", `lab: its worker has ended (${why})`));
