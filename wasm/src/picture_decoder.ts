// The worker in which a browser decodes pictures. It reads the files by itself, so that the page that
// asked has nothing to do meanwhile.
import type { FromDecoder, ToDecoder } from "./data/decoded_pictures.js";
import { Gatherer } from "./data/decoder/gather.js";
import { asLanegradError } from "./errors.js";

const post = (said: FromDecoder, transfer: ArrayBuffer[] = []): void =>
  self.postMessage(said, { transfer });

// More often than that nobody sees it.
const pause = 50;

async function answer({ files, wishes }: ToDecoder): Promise<void> {
  try {
    let [read, said] = [0, 0];
    const pictures = await new Gatherer(wishes).gather(files, (bytes) => {
      read += bytes;
      if (performance.now() - said < pause) return;
      said = performance.now();
      post({ kind: "progress", read });
    });
    const { train, test, unlabeled } = pictures;
    const arrays = [train.images, train.labels, test?.images, test?.labels, unlabeled?.images];
    const buffers = arrays.flatMap((array) => (array ? [array.buffer as ArrayBuffer] : []));
    post({ kind: "pictures", pictures }, buffers);
  } catch (thrown) {
    const { code, message, details, stack } = asLanegradError(thrown);
    post({ kind: "error", error: { code, message, details, stack } });
  }
}

self.addEventListener("message", (event) => void answer((event as MessageEvent<ToDecoder>).data));
