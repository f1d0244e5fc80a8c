// Reads files that need no browser: a worker of their own takes them piece by piece and parses them,
// so that whoever asked is never blocked, and what was needed for it is freed at its end.
import { errorOf, LanegradError, textOf } from "../errors.js";
import { nodeThreads } from "../module/place.js";
import { bridge } from "../module/elsewhere.js";
import { addressOf, scriptOf, startScript } from "../module/script.js";
import type { ErrorMessage } from "../protocol/messages.js";
import type { Pictures, PicturesOptions } from "../protocol/pictures.js";
import { readSlice, type PictureFile } from "./picture_files.js";

/** What the worker is told. */
export type ToWorker =
  | { kind: "file"; name: string; size: number }
  | { kind: "piece"; bytes: Uint8Array }
  | { kind: "read"; turn: boolean | undefined; channels: 1 | 3 | undefined };

/** What it answers, once to everything that it is told. */
export type FromWorker =
  | { kind: "ready" }
  | { kind: "pictures"; pictures: Pictures }
  | { kind: "error"; error: ErrorMessage };

/** The bytes that are read at once. */
const piece = 2 ** 22;

/** The bytes that the files may have together: what they become has to fit beside them. */
const mostBytes = 2 ** 31 - 2 ** 28;

/** The pictures of these files. */
export async function readParsed(
  files: readonly PictureFile[],
  { turn, channels, size, signal, onProgress }: PicturesOptions,
): Promise<Pictures> {
  const total = files.reduce((sum, file) => sum + file.size, 0);
  if (total > mostBytes) throw tooLarge(files, total);
  const worker = startWorker(signal);
  try {
    let read = 0;
    for (const file of files) {
      const { name, size: length } = file;
      await worker.tell({ kind: "file", name, size: length });
      for (let at = 0; at < length; at += piece) {
        const bytes = await readSlice(file, at, at + piece).catch((thrown: unknown) => {
          const why = textOf(thrown);
          throw new LanegradError("NotFound", `pictures: ${name} cannot be read (${why})`);
        });
        await worker.tell({ kind: "piece", bytes }, [bytes.buffer]);
        read += bytes.length;
        onProgress?.({ read, total, what: `reading ${name}` });
      }
    }
    onProgress?.({ read: total, total, what: "sorting the pictures" });
    const answer = await worker.tell({ kind: "read", turn, channels });
    if (answer.kind !== "pictures") throw new Error("no pictures");
    const { pictures } = answer;
    if (size && (size[0] !== pictures.height || size[1] !== pictures.width)) {
      pictures.notes.push(
        `The pictures stay ${pictures.height} × ${pictures.width}, as their files have them.`,
      );
    }
    return pictures;
  } finally {
    worker.end();
  }
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MB`;

const tooLarge = (files: readonly PictureFile[], total: number): LanegradError =>
  new LanegradError(
    "OutOfMemory",
    `pictures: ${files.map(({ name }) => name).join(", ")} have ${megabytes(total)}, expected at most ${megabytes(mostBytes)}, since they are read in memory with what they become`,
  );

interface Worked {
  /** Tells the worker something, and waits for its answer. */
  tell(message: ToWorker, transfer?: ArrayBuffer[]): Promise<FromWorker>;
  end(): void;
}

/** The part of a worker, the web's or Node's, that is needed here. */
interface AnyWorker {
  postMessage(message: ToWorker, transfer: ArrayBuffer[]): void;
  terminate(): void;
}

function startWorker(signal: AbortSignal | undefined): Worked {
  let waiting: { resolve(answer: FromWorker): void; reject(reason: unknown): void } | undefined;
  let dead: unknown;
  const die = (reason: unknown): void => {
    dead ??= reason;
    waiting?.reject(dead);
    waiting = undefined;
  };
  const failed = (thrown: unknown): void =>
    die(
      new LanegradError("LoadFailed", `pictures: data_worker.js failed (${textOf(thrown)})`, {
        cause: thrown,
      }),
    );
  const worker = makeWorker((answer) => {
    if (answer.kind === "error") return die(errorOf(answer.error));
    waiting?.resolve(answer);
    waiting = undefined;
  }, failed);
  const abort = (): void => {
    die(signal?.reason);
    worker.terminate();
  };
  signal?.addEventListener("abort", abort);
  return {
    tell: (message, transfer = []) =>
      new Promise((resolve, reject) => {
        if (dead !== undefined) return reject(dead);
        waiting = { resolve, reject };
        worker.postMessage(message, transfer);
      }),
    end() {
      signal?.removeEventListener("abort", abort);
      dead ??= new LanegradError("InvalidState", "pictures: the reading has ended");
      worker.terminate();
    },
  };
}

function makeWorker(hear: (answer: FromWorker) => void, failed: (why: unknown) => void): AnyWorker {
  const threads = nodeThreads();
  if (threads) {
    // In a variable, since bundlers would otherwise copy the script once more.
    const here = import.meta.url;
    const worker = new threads.Worker(new URL("./data_worker.js", here));
    worker.on("message", hear);
    worker.on("error", failed);
    return worker as unknown as AnyWorker;
  }
  // Bundlers look for exactly this expression.
  const script = scriptOf(
    () => new Worker(new URL("./data_worker.js", import.meta.url), { type: "module" }),
  );
  const worker = startScript(addressOf(script, bridge), script.options);
  worker.addEventListener("message", ({ data }) => hear(data as FromWorker));
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    failed(event.message || "no reason is given");
  });
  return worker;
}
