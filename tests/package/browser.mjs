// For the tests in a browser: Chromium, and a static server with the headers of a strict site.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

export { launch } from "../chromium.mjs";

export const strictPolicy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; " +
  "img-src 'self' data: blob:; style-src 'self'";

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/**
 * Serves `folders` (URL prefix → folder) under the strict policy. `change(path, answer)` may alter an
 * answer { status, headers, body } before it goes out. `requests` lists the paths that were asked for.
 */
export async function serve(folders, change = () => {}) {
  const requests = [];
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    requests.push(path);
    const answer = {
      status: 404,
      headers: { "Content-Security-Policy": strictPolicy, "Cache-Control": "no-store" },
      body: "not found",
    };
    const prefix = Object.keys(folders).find((candidate) => path.startsWith(candidate));
    if (prefix !== undefined) {
      try {
        answer.body = await readFile(join(folders[prefix], normalize(path.slice(prefix.length))));
        answer.status = 200;
        answer.headers["Content-Type"] = types[extname(path)] ?? "application/octet-stream";
      } catch {
        // stays 404
      }
    }
    change(path, answer);
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    requests,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
