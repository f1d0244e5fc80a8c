// Serves the built page: node web/serve.mjs [--port 8080] [--root build/web]. It takes the next
// free port where the wanted one is taken.
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, resolve, sep } from "node:path";
import { pipeline } from "node:stream";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import { headers as pageHeaders } from "./headers.mjs";

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".md": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
  ".gz": "application/gzip",
};

const headers = { ...pageHeaders, "Cache-Control": "no-cache" };

// Serves `root` on the first free port from `port` on; resolves to that port and a close().
export async function serve({ root, port }) {
  const folder = resolve(root);
  const listener = (request, response) => {
    answer(folder, request, response).catch((error) => {
      finish(response, 500, `The file could not be read: ${error.message}`);
    });
  };
  for (let candidate = port; candidate < port + 100; candidate++) {
    const servers = await listen(listener, candidate);
    if (servers) return { port: candidate, close: () => close(servers) };
  }
  throw new Error(`no free port from ${port} to ${port + 99}`);
}

async function answer(folder, request, response) {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return finish(response, 405, "Only GET and HEAD are answered here.");
  }
  const path = pathOf(folder, request.url);
  const found = path && (await fileAt(path));
  if (!found) return finish(response, 404, "There is no such file.");
  if (found.redirect) {
    const { pathname, search } = new URL(request.url, "http://localhost");
    const location = `${pathname.replace(/^\/+/, "/")}/${search}`;
    return response.writeHead(308, { ...headers, Location: location }).end();
  }

  const tag = `"${found.size.toString(36)}-${Math.round(found.mtimeMs).toString(36)}"`;
  const type = types[extname(found.path)] ?? "application/octet-stream";
  if (request.headers["if-none-match"] === tag) {
    return response.writeHead(304, { ...headers, ETag: tag }).end();
  }
  const own = { ...headers, "Content-Type": type, ETag: tag };
  if (compressed.has(extname(found.path))) own.Vary = "Accept-Encoding";
  if (own.Vary && /\bbr\b/.test(request.headers["accept-encoding"] ?? "")) {
    const body = await brotli(found.path, tag);
    response.writeHead(200, { ...own, "Content-Encoding": "br", "Content-Length": body.length });
    return response.end(request.method === "HEAD" ? undefined : body);
  }
  response.writeHead(200, { ...own, "Content-Length": found.size });
  if (request.method === "HEAD") return response.end();
  pipeline(createReadStream(found.path), response, () => {});
}

// The kinds of files that are compressed, each once, as hosts do it.
const compressed = new Set([".html", ".js", ".mjs", ".css", ".json", ".md", ".svg", ".wasm"]);
const kept = new Map();
function brotli(path, tag) {
  if (kept.get(path)?.tag !== tag) {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
    kept.set(path, { tag, body: readFile(path).then((bytes) => compress(bytes, { params })) });
  }
  return kept.get(path).body;
}
const compress = promisify(brotliCompress);

// The file that a URL means; undefined where it lies outside the folder.
function pathOf(folder, url) {
  try {
    const name = decodeURIComponent(new URL(url, "http://localhost").pathname);
    if (name.includes("\0")) return undefined;
    const path = join(folder, name);
    return path === folder || path.startsWith(folder + sep) ? path : undefined;
  } catch {
    return undefined;
  }
}

async function fileAt(path) {
  const info = await stat(path).catch(() => undefined);
  if (info?.isFile()) return { path, size: info.size, mtimeMs: info.mtimeMs };
  if (!info?.isDirectory()) return undefined;
  if (!path.endsWith(sep)) return { redirect: true };
  return fileAt(join(path, "index.html"));
}

function finish(response, status, text) {
  if (response.headersSent) return response.destroy();
  response.writeHead(status, { ...headers, "Content-Type": "text/plain; charset=utf-8" });
  response.end(`${status}. ${text}\n`);
}

// Listens on both addresses that "localhost" means, since browsers may try either; undefined if one
// is taken.
async function listen(listener, port) {
  const servers = [];
  for (const host of ["127.0.0.1", "::1"]) {
    const server = createServer(listener);
    const code = await new Promise((done) => {
      server.once("error", (error) => done(error.code));
      server.listen(port, host, () => done("listening"));
    });
    if (code === "listening") {
      servers.push(server);
    } else if (code === "EADDRINUSE") {
      close(servers);
      return undefined;
    } else if (host === "127.0.0.1") {
      throw new Error(`port ${port} cannot be opened (${code})`);
      // A machine without IPv6 serves the one address.
    }
  }
  return servers;
}

function close(servers) {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
}

async function main() {
  const { values } = parseArgs({
    options: { port: { type: "string", default: "8080" }, root: { type: "string" } },
  });
  const root = values.root ?? fileURLToPath(new URL("../build/web", import.meta.url));
  const wanted = Number(values.port);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > 65535) {
    throw new Error(`port: "${values.port}" is not a number from 1 to 65535`);
  }
  if (!(await fileAt(join(root, "index.html")))) {
    throw new Error(`there is no page in ${root}: \`npm start\` builds it`);
  }
  const { port } = await serve({ root, port: wanted });
  const taken = port === wanted ? "" : ` (port ${wanted} is taken)`;
  console.log(`The page is at http://localhost:${port}/${taken}. Ctrl+C ends it.`);
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main().catch((error) => {
    console.error(`serve: ${error.message}`);
    process.exitCode = 1;
  });
}
