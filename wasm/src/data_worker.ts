// The worker in which files of pictures are parsed. It runs as a module worker in a browser and on
// worker_threads in Node.
import { asLanegradError } from "./errors.js";
import type { FromWorker, ToWorker } from "./data/parsed_pictures.js";
import { PicturesModule } from "./data/pictures_module.js";
import { nodeThreads } from "./module/place.js";

interface Port {
  post(answer: FromWorker, transfer: ArrayBuffer[]): void;
  listen(handle: (message: ToWorker) => void): void;
}

function openPort(): Port {
  const parentPort = nodeThreads()?.parentPort;
  if (!parentPort) {
    return {
      post: (answer, transfer) => self.postMessage(answer, { transfer }),
      listen: (handle) =>
        self.addEventListener("message", (event) => handle((event as MessageEvent<ToWorker>).data)),
    };
  }
  return {
    post: (answer, transfer) => parentPort.postMessage(answer, transfer),
    listen: (handle) => parentPort.on("message", handle),
  };
}

const port = openPort();
const starting = PicturesModule.start();
// Whoever tells the worker something first hears of a failure.
starting.catch(() => undefined);

async function answerTo(message: ToWorker): Promise<FromWorker> {
  const module = await starting;
  if (message.kind === "file") module.add(message.name, message.size);
  else if (message.kind === "piece") module.fill(message.bytes);
  else return { kind: "pictures", pictures: module.read(message.turn, message.channels) };
  return { kind: "ready" };
}

async function answer(message: ToWorker): Promise<void> {
  try {
    const said = await answerTo(message);
    const parts = said.kind === "pictures" ? Object.values(said.pictures) : [];
    const arrays = parts.flatMap((part: unknown) =>
      typeof part === "object" && part !== null ? Object.values(part) : [],
    );
    const buffers = arrays.filter((array) => array instanceof Uint8Array).map((a) => a.buffer);
    port.post(said, buffers as ArrayBuffer[]);
  } catch (thrown) {
    const { code, message: text, details, stack } = asLanegradError(thrown);
    port.post({ kind: "error", error: { code, message: text, details, stack } }, []);
  }
}

port.listen((message) => void answer(message));
