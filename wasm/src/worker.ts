// The worker's side of Trainer: takes requests, answers them, and reports errors. It runs as a
// module worker in a browser and on worker_threads in Node.
import { asLanegradError, type LanegradError } from "./errors.js";
import { nodeThreads } from "./module/place.js";
import { TrainerService } from "./worker/service.js";
import type { ErrorMessage, Message, Request } from "./protocol/messages.js";

type MessagePort = import("node:worker_threads").MessagePort;

interface Port {
  postMessage(message: Message, transfer?: ArrayBuffer[]): void;
  listen(handle: (request: Request) => void): void;
  /** Passes on errors that nobody caught. */
  watch(handle: (thrown: unknown) => void): void;
}

function browserPort(): Port {
  return {
    postMessage: (message, transfer = []) => self.postMessage(message, { transfer }),
    listen: (handle) =>
      self.addEventListener("message", (event) => handle((event as MessageEvent<Request>).data)),
    watch(handle) {
      self.addEventListener("error", ({ error, message }) => handle(error ?? message));
      self.addEventListener("unhandledrejection", ({ reason }) => handle(reason));
    },
  };
}

function nodePort(parentPort: MessagePort): Port {
  const { process } = globalThis;
  return {
    postMessage: (message, transfer = []) => parentPort.postMessage(message, transfer),
    listen: (handle) => parentPort.on("message", handle),
    watch(handle) {
      process.on("uncaughtException", handle);
      process.on("unhandledRejection", handle);
    },
  };
}

const parentPort = nodeThreads()?.parentPort;
const port = parentPort ? nodePort(parentPort) : browserPort();
// A process hears of the end of its threads, and to wait for a lock would keep Deno's.
const lock = parentPort ? Promise.resolve(null) : holdLock();
const service = new TrainerService(
  () => lock,
  (progress) => port.postMessage({ kind: "progress", progress }),
  (pull) => port.postMessage({ kind: "pull", pull }),
);

function crash(error: LanegradError): void {
  port.postMessage({ kind: "crash", error: errorMessage(error) });
}

async function answer({ id, method, values }: Request): Promise<void> {
  try {
    const call = service[method] as (...values: unknown[]) => unknown;
    const value = await call.apply(service, values);
    port.postMessage({ kind: "answer", id, value }, buffersOf(value));
  } catch (thrown) {
    const error = asLanegradError(thrown);
    if (error.code === "Crashed") crash(error);
    else port.postMessage({ kind: "refusal", id, error: errorMessage(error) });
  }
}

/**
 * The buffers that can be handed over with an answer, since the worker does not need them any more.
 */
function buffersOf(value: unknown): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) return [value.buffer as ArrayBuffer];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(buffersOf);
}

function errorMessage({ code, message, details, stack }: LanegradError): ErrorMessage {
  return { code, message, details, stack };
}

/**
 * Holds a lock that is free again as soon as this worker is gone, in whatever way. Returns its
 * name, or null where there are no locks.
 */
async function holdLock(): Promise<string | null> {
  const locks = (globalThis as { navigator?: { locks?: LockManager } }).navigator?.locks;
  if (!locks) return null;
  const name = `lanegrad-worker-${crypto.randomUUID()}`;
  return new Promise((resolve) => {
    locks
      .request(name, () => {
        resolve(name);
        return new Promise(() => {});
      })
      .catch(() => resolve(null));
  });
}

port.watch((thrown) => crash(asLanegradError(thrown)));
port.listen((request) => void answer(request));
