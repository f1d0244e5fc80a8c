// MNIST's four files out of a folder of somebody's site, as they are or packed with gzip.
import { gunzipFile, isGzip, mostBytes } from "../data/gzip";
import { Failure } from "./failure";

/** The four files, unpacked. */
export interface MnistFiles {
  trainImages: Blob;
  trainLabels: Uint8Array<ArrayBuffer>;
  testImages: Uint8Array<ArrayBuffer>;
  testLabels: Uint8Array<ArrayBuffer>;
}

const names = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"];

/** Fetches the files; `onBytes` hears how many bytes have come. */
export async function fetchFolder(
  folder: string,
  base: string,
  signal: AbortSignal,
  onBytes: (received: number) => void,
): Promise<MnistFiles> {
  const address = addressOf(folder, base);
  const received = names.map(() => 0);
  // Where one file fails, the others are not waited for.
  const ended = new AbortController();
  const stop = () => ended.abort();
  signal.addEventListener("abort", stop);
  try {
    const [trainImages, ...others] = await Promise.all(
      names.map((name, i) =>
        obtain(`${name}-ubyte`, address, ended.signal, (bytes) => {
          received[i] = bytes;
          onBytes(received.reduce((a, b) => a + b));
        }),
      ),
    );
    const [trainLabels, testImages, testLabels] = await Promise.all(
      others.map(async (file) => new Uint8Array(await file.arrayBuffer())),
    );
    return {
      trainImages: trainImages!,
      trainLabels: trainLabels!,
      testImages: testImages!,
      testLabels: testLabels!,
    };
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

function addressOf(folder: string, base: string): string {
  if (folder === "")
    throw new Failure(
      "InvalidArgument",
      'data: nothing, expected the address of a folder that has MNIST’s four files, such as data="/mnist/"',
    );
  try {
    return new URL(folder.endsWith("/") ? folder : `${folder}/`, base).href;
  } catch {
    throw new Failure(
      "InvalidArgument",
      `data: “${folder}” is no address, expected that of a folder`,
    );
  }
}

// A file that is packed has the usual ending; a folder may have it without.
async function obtain(
  name: string,
  folder: string,
  signal: AbortSignal,
  onBytes: (received: number) => void,
): Promise<Blob> {
  const packed = await ask(`${folder}${name}.gz`, signal);
  const response = packed.ok ? packed : await ask(folder + name, signal);
  if (!response.ok) {
    const status = `${packed.status} ${packed.statusText}`.trim();
    throw failure(`${folder}${name}.gz`, `could not be fetched: the server answered ${status}`);
  }
  // Some servers answer with a page where there is no file.
  if (response.headers.get("Content-Type")?.startsWith("text/html"))
    throw failure(response.url, "is a page of HTML, expected a file of MNIST");
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = response.body!.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((error: Error) => {
      throw failure(response.url, `broke off after ${length} bytes (${error.message})`);
    });
    if (done) break;
    chunks.push(value);
    onBytes((length += value.length));
  }
  const file = new Blob(chunks);
  // Some servers declare the packing as an encoding, so that a file is unpacked on its way.
  if (!isGzip(new Uint8Array(await file.slice(0, 2).arrayBuffer()))) return file;
  return gunzipFile(file, () => mostBytes).catch((error: Error) => {
    throw failure(response.url, error.message);
  });
}

const ask = (url: string, signal: AbortSignal) =>
  fetch(url, { signal }).catch((error: Error) => {
    throw failure(url, `could not be fetched (${error.message})`);
  });

const failure = (url: string, what: string) => new Failure("LoadFailed", `data: ${url} ${what}`);
