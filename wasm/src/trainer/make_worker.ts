// Makes the worker of a trainer: a browser's, or one of Node's.
import { fail, type Check } from "../check.js";
import { LanegradError } from "../errors.js";
import { resolveUrl } from "../module/fetch.js";
import { workerFile, workerScript } from "../module/parts.js";
import { nodeThreads, outlived } from "../module/place.js";
import { addressOf, startScript, type Bridge } from "../module/script.js";
import { loadWhyNot } from "./on_demand.js";
import type { Message, Request } from "../protocol/messages.js";

/** A worker to use, the URL of worker.js, or a function that makes a worker. */
export type WorkerSource = Worker | URL | string | (() => Worker);

const aWorker = "a Worker, the URL of worker.js, or a function that makes a Worker";

/** The option `worker` of a trainer. */
export const sourceOption: Check = (_, source) => {
  const url = isAddress(source);
  const worker = isWorker(source) || isNodeWorker(source);
  if (!url && typeof source !== "function" && !worker) fail("worker", source, aWorker);
  if (url) resolveUrl("worker", source);
  return source;
};

const isAddress = (source: unknown): source is URL | string =>
  source instanceof URL || typeof source === "string";

const isWorker = (value: unknown): value is Worker => {
  const { postMessage, addEventListener } = (value ?? {}) as Worker;
  return typeof postMessage === "function" && typeof addEventListener === "function";
};

type NodeWorker = import("node:worker_threads").Worker;

const isNodeWorker = (value: unknown): value is NodeWorker => {
  const { postMessage, on } = (value ?? {}) as NodeWorker;
  return typeof postMessage === "function" && typeof on === "function";
};

/** The part of a worker, the web's or Node's, that Host needs. */
export interface AnyWorker {
  postMessage(message: Request, transfer: ArrayBuffer[]): void;
  terminate(): void;
  /** Makes the worker keep the process alive; missing in a browser. */
  ref?(): void;
  unref?(): void;
}

interface Listener {
  /** Is told the address of the script, where there is one, before the worker is made. */
  starting(url: string): void;
  message(message: Message): void;
  error(thrown: unknown): void;
}

export async function makeWorker(
  source: WorkerSource | undefined,
  listener: Listener,
): Promise<AnyWorker> {
  const worker = await workerOf(source, listener);
  if (isNodeWorker(worker)) return nodeWorker(worker, listener);
  if (!isWorker(worker)) return fail("worker", worker, aWorker);
  worker.addEventListener("message", ({ data }) => listener.message(data as Message));
  worker.addEventListener("messageerror", () => listener.error("a message could not be read"));
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    listener.error(event.message || "no reason is given");
  });
  return worker;
}

async function workerOf(source: WorkerSource | undefined, listener: Listener): Promise<unknown> {
  if (typeof source === "function") return source();
  if (source !== undefined && !isAddress(source)) return source;
  const threads = nodeThreads();
  if (threads) {
    const file = source === undefined ? workerFile() : resolveUrl("worker", source);
    if (typeof file === "string") return new threads.Worker(file, { eval: true });
    listener.starting(String(file));
    return new threads.Worker(file);
  }
  if (typeof Worker !== "function") {
    throw new LanegradError(
      "Unsupported",
      "trainer: there are no workers here, where only load() runs",
    );
  }
  const script =
    source === undefined
      ? workerScript()
      : { url: resolveUrl("worker", source).href, options: { type: "module" as const } };
  listener.starting(script.url);
  const bridge: Bridge = async (elsewhere) => (await loadWhyNot()).bridge(elsewhere);
  return startScript(await addressOf(script, bridge), script.options);
}

function nodeWorker(worker: NodeWorker, listener: Listener): AnyWorker {
  worker.on("message", (message: Message) => listener.message(message));
  worker.on("messageerror", listener.error);
  worker.on("error", listener.error);
  worker.on("exit", (code) => listener.error(`it has ended with code ${code}`));
  return outlived() ? endedFromWithin(worker) : (worker as AnyWorker);
}

/** A worker that ends its threads before it is ended; one that does not answer is ended all the same. */
function endedFromWithin(worker: NodeWorker): AnyWorker {
  return {
    postMessage: (message, transfer) => worker.postMessage(message, transfer),
    ref: () => worker.ref(),
    unref: () => worker.unref(),
    terminate() {
      const end = () => {
        clearTimeout(timer);
        void worker.terminate();
      };
      const timer = setTimeout(end, 1000);
      worker.on("message", ({ id }: { id?: number }) => id === 0 && end());
      worker.postMessage({ id: 0, method: "end", values: [] } satisfies Request);
    },
  };
}
