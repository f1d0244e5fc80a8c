// Fetches modules, in a browser or in Node.
import { fail } from "../check.js";
import { LanegradError, textOf } from "../errors.js";
import { base, builtin } from "./place.js";
import { watchPolicy } from "./policy.js";

/** An absolute URL. A relative one counts from the page or, in Node, from the working directory. */
export function resolveUrl(what: string, given: unknown): URL {
  if (given instanceof URL) return given;
  if (typeof given !== "string" || given === "") fail(what, given, "a URL");
  try {
    return new URL(given, base());
  } catch {
    return fail(what, given, "a URL");
  }
}

/** Compiles a module, which is fetched if it is given by its address. */
export async function compile(from: URL | BufferSource): Promise<WebAssembly.Module> {
  if (!(from instanceof URL)) return WebAssembly.compile(from);
  const url = from;
  const bytes = url.protocol === "file:" ? await readFile(url) : await fetchWasm(url);
  try {
    return await (bytes instanceof Response
      ? WebAssembly.compileStreaming(bytes)
      : WebAssembly.compile(bytes));
  } catch (thrown) {
    throw loadFailed(url, `is damaged or incomplete (${textOf(thrown)})`, thrown);
  }
}

async function readFile(url: URL): Promise<BufferSource> {
  const files = builtin("node:fs/promises");
  if (!files) throw loadFailed(url, "could not be fetched (a browser fetches no files)");
  try {
    return await files.readFile(url);
  } catch (thrown) {
    throw loadFailed(url, `could not be read (${textOf(thrown)})`, thrown);
  }
}

/** How a WebAssembly module begins: "\\0asm". */
const magic = "0,97,115,109";

/** The response itself where it can be compiled as it arrives, else its bytes. */
async function fetchWasm(url: URL): Promise<Response | BufferSource> {
  let response: Response;
  const policy = watchPolicy(/connect/);
  try {
    response = await fetch(url, { credentials: "same-origin" });
  } catch (thrown) {
    const why = (await policy.violated()) ?? textOf(thrown);
    throw loadFailed(url, `could not be fetched (${why})`, thrown);
  } finally {
    policy.end();
  }
  if (!response.ok) {
    throw loadFailed(url, `could not be fetched (the server answered ${response.status})`);
  }
  const type = response.headers.get("Content-Type") ?? "";
  if (/^application\/wasm\b/i.test(type)) return response;
  // Some static hosts do not know the file type; others answer a missing file with a page.
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (String(bytes.subarray(0, 4)) === magic) return bytes;
  throw loadFailed(url, `is ${type === "" ? "of no known type" : type}, expected application/wasm`);
}

function loadFailed(url: URL, what: string, cause?: unknown): LanegradError {
  return new LanegradError("LoadFailed", `engine: ${url} ${what}`, { cause });
}
