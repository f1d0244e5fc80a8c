// Runs a lab's engine in a worker, so that the page never waits: `serve` there, `connect` here.
// Functions of the worker are called by name and return promises; LanegradErrors keep their code
// and sentence.
import { LanegradError, type ErrorCode } from "lanegrad";

type Functions = Record<string, (...values: never[]) => unknown>;

// The worker's functions as the page sees them: each returns a promise.
export type Remote<T extends Functions> = {
  [K in keyof T]: (...values: Parameters<T[K]>) => Promise<Awaited<ReturnType<T[K]>>>;
};

interface Request {
  id: number;
  name: string;
  values: unknown[];
}
type Answer =
  { id: number; value: unknown } | { id: number; error: { code: ErrorCode; message: string } };

// Serves the functions in the worker. A call begins when the one before it has ended.
export function serve(functions: Functions): void {
  let last: Promise<unknown> = Promise.resolve();
  self.onmessage = ({ data }: MessageEvent<Request>) => {
    const { id, name, values } = data;
    last = last.then(async () => {
      try {
        const value = await functions[name]!(...(values as never[]));
        self.postMessage({ id, value } satisfies Answer);
      } catch (thrown) {
        const code = thrown instanceof LanegradError ? thrown.code : "Internal";
        const message = thrown instanceof Error ? thrown.message : String(thrown);
        self.postMessage({ id, error: { code, message } } satisfies Answer);
      }
    });
  };
}

// Connects the page with a worker that was just made. Where the worker dies, all open calls and
// every later one reject with `Crashed`.
export function connect<T extends Functions>(worker: Worker): Remote<T> {
  const pending = new Map<number, { resolve(value: never): void; reject(error: Error): void }>();
  let dead: LanegradError | undefined;
  let id = 0;
  worker.onmessage = ({ data }: MessageEvent<Answer>) => {
    const call = pending.get(data.id);
    pending.delete(data.id);
    if ("error" in data) call?.reject(new LanegradError(data.error.code, data.error.message));
    else call?.resolve(data.value as never);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    dead = new LanegradError(
      "Crashed",
      `lab: its worker has ended (${event.message || "no reason is given"})`,
    );
    for (const { reject } of pending.values()) reject(dead);
    pending.clear();
  };
  return new Proxy({} as Remote<T>, {
    // A promise's `then` is no function of the worker.
    get: (_, name) =>
      name === "then"
        ? undefined
        : (...values: unknown[]) =>
            new Promise((resolve, reject) => {
              if (dead) return reject(dead);
              pending.set(++id, { resolve, reject });
              worker.postMessage({ id, name: String(name), values } satisfies Request);
            }),
  });
}
