// Fetches MNIST, all or the small one: counts the bytes on the way, unpacks, checks the SHA-256, and keeps it in the
// browser's cache. It is a worker, since unpacking 50 MB would hold up the page.
import { LanegradError } from "lanegrad";
import { gunzip, isGzip, joined } from "./gzip";
import { serve, transferring } from "../run/remote";
import { files as full } from "./mnist_files.mjs";

export interface Mnist {
  trainImages: Uint8Array<ArrayBuffer>;
  trainLabels: Uint8Array<ArrayBuffer>;
  testImages: Uint8Array<ArrayBuffer>;
  testLabels: Uint8Array<ArrayBuffer>;
}

// Called with the bytes received; `total` is undefined until the server has said how many there
// will be.
export type OnBytes = (received: number, total: number | undefined) => void;

type Bytes = Uint8Array<ArrayBuffer>;
type File = (typeof full)[number];

// Fetches the four files, whose addresses begin with `base`.
async function fetchMnist(base: string, isSmall: boolean, onBytes: OnBytes): Promise<Mnist> {
  const files = isSmall ? (await import("./small_mnist_files.mjs")).files : full;
  const counts = files.map(() => ({ received: 0, total: undefined as number | undefined }));
  // Where one file fails, the others are not waited for.
  const ended = new AbortController();
  let soon = false;
  const report = () => {
    soon = false;
    if (ended.signal.aborted) return;
    const totals = counts.map((count) => count.total);
    const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
    onBytes(
      sum(counts.map((count) => count.received)),
      totals.every((total) => total !== undefined) ? sum(totals) : undefined,
    );
  };
  try {
    const all = await Promise.all(
      files.map((file, i) =>
        obtain(file, base, ended.signal, (received, total) => {
          counts[i] = { received, total };
          // More often than that cannot be seen.
          if (!soon) setTimeout(report, 50);
          soon = true;
        }),
      ),
    );
    const [trainImages, trainLabels, testImages, testLabels] = all as [Bytes, Bytes, Bytes, Bytes];
    const mnist: Mnist = { trainImages, trainLabels, testImages, testLabels };
    return transferring(
      mnist,
      all.map(({ buffer }) => buffer),
    );
  } finally {
    ended.abort();
  }
}

async function obtain(
  file: File,
  base: string,
  signal: AbortSignal,
  onBytes: OnBytes,
): Promise<Bytes> {
  const url = new URL(`mnist/${file.name}.gz`, base).href;
  const kept = await stored(file, url, onBytes);
  if (kept) return kept;

  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch (error) {
    // A browser may fail to read what it has stored, and read it the next time.
    const found = signal.aborted ? undefined : await stored(file, url, onBytes);
    if (found) return found;
    throw failure("LoadFailed", file, `could not be fetched (${(error as Error).message})`);
  }
  if (!response.ok) {
    const status = `${response.status} ${response.statusText}`.trim();
    throw failure("LoadFailed", file, `could not be fetched: the server answered ${status}`);
  }
  const { packed, unpacked } = await check(file, await receive(file, response, onBytes));
  // Without room in the cache the page works all the same.
  const cache = await openCache();
  await cache?.put(url, new Response(packed)).catch(() => {});
  return unpacked;
}

// The file in the browser's cache, checked. Undefined where there is none, or where it could not be read; a broken one
// is deleted.
async function stored(file: File, url: string, onBytes: OnBytes): Promise<Bytes | undefined> {
  const cache = await openCache();
  try {
    const kept = await cache?.match(url);
    return kept && (await check(file, await receive(file, kept, onBytes))).unpacked;
  } catch (error) {
    if ((error as LanegradError).code === "CorruptData") await cache?.delete(url);
    return undefined;
  }
}

async function receive(file: File, response: Response, onBytes: OnBytes) {
  const announced = Number(response.headers.get("Content-Length")) || undefined;
  const chunks: Bytes[] = [];
  let received = 0;
  let total: number | undefined;
  const reader = response.body!.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((error: Error) => {
      throw failure("LoadFailed", file, `broke off after ${received} bytes (${error.message})`);
    });
    if (done) break;
    // Some servers declare the file's gzip as an encoding, so that it is unpacked on the way. Then
    // the announced length counts other bytes than those that arrive.
    if (received === 0) total = isGzip(value) ? announced : file.bytes;
    chunks.push(value);
    received += value.length;
    onBytes(received, total === undefined ? undefined : Math.max(total, received));
  }
  return joined(chunks);
}

async function check(file: File, packed: Uint8Array<ArrayBuffer>) {
  const unpacked = isGzip(packed) ? await unpack(file, packed) : packed;
  // crypto.subtle exists only for https and localhost. Elsewhere only the engine's parser checks
  // the files.
  if (globalThis.crypto?.subtle) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", unpacked));
    const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
    if (found !== file.sha256) {
      const [is, should] = [found.slice(0, 12), file.sha256.slice(0, 12)];
      throw failure("CorruptData", file, `has the SHA-256 ${is}…, expected ${should}…`);
    }
  }
  return { packed, unpacked };
}

async function unpack(file: File, packed: Uint8Array<ArrayBuffer>) {
  try {
    return await gunzip(packed, () => file.bytes);
  } catch (error) {
    throw failure("CorruptData", file, (error as Error).message);
  }
}

function failure(code: "LoadFailed" | "CorruptData", file: File, what: string) {
  return new LanegradError(code, `MNIST: ${file.name}.gz ${what}.`);
}

// The browser's cache for the data, whose files are checked each time that they are read. Undefined where the browser
// has none (plain http, private windows).
async function openCache(): Promise<Cache | undefined> {
  try {
    return await caches.open("lanegrad-mnist-ba8965a50fa7ff7b");
  } catch {
    return undefined;
  }
}

const functions = { fetchMnist };
export type MnistFunctions = typeof functions;
serve(functions);
