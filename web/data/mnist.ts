// MNIST, fetched and unpacked by a worker of its own.
import { LanegradError, type ErrorCode } from "lanegrad";

export interface Mnist {
  trainImages: Uint8Array<ArrayBuffer>;
  trainLabels: Uint8Array<ArrayBuffer>;
  testImages: Uint8Array<ArrayBuffer>;
  testLabels: Uint8Array<ArrayBuffer>;
}

// Called with the bytes received; `total` is undefined until the server has said how many there
// will be.
export type OnBytes = (received: number, total: number | undefined) => void;

// What the worker sends.
export type MnistMessage =
  | { received: number; total: number | undefined }
  | { mnist: Mnist }
  | { error: { code: ErrorCode; message: string } };

export async function fetchMnist(onBytes: OnBytes): Promise<Mnist> {
  const worker = new Worker(new URL("./mnist_worker.ts", import.meta.url), { type: "module" });
  try {
    return await new Promise<Mnist>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<MnistMessage>) => {
        if ("mnist" in data) resolve(data.mnist);
        else if ("error" in data) reject(new LanegradError(data.error.code, data.error.message));
        else onBytes(data.received, data.total);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        const why = event.message || "the browser does not say why";
        reject(
          new LanegradError(
            "LoadFailed",
            `MNIST: the worker that fetches it did not start (${why})`,
          ),
        );
      };
      worker.postMessage(document.baseURI);
    });
  } finally {
    worker.terminate();
  }
}
