// Serves the benchmark's pages, isolated as threads need it, from several folders.
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/**
 * @param {Record<string, string>} folders by the first part of the path
 * @returns {Promise<{ url: string, close: () => void }>}
 */
export async function serve(folders, firstPort) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const [, first, ...rest] = normalize(decodeURIComponent(pathname)).split("/");
    const path = join(folders[first] ?? "/nowhere", ...rest);
    const info = await stat(path).catch(() => undefined);
    if (!info?.isFile()) return response.writeHead(404).end();
    response.writeHead(200, {
      "Content-Type": types[extname(path)] ?? "application/octet-stream",
      "Content-Length": info.size,
      "Cross-Origin-Opener-Policy": "same-origin",
      "Cross-Origin-Embedder-Policy": "require-corp",
      "Cross-Origin-Resource-Policy": "same-origin",
    });
    createReadStream(path).pipe(response);
  });
  for (let port = firstPort; port < firstPort + 20; port++) {
    const listening = await new Promise((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => resolve(true));
    });
    if (listening) {
      return {
        url: `http://localhost:${port}`,
        close() {
          server.close();
          server.closeAllConnections();
        },
      };
    }
  }
  throw new Error(`no free port from ${firstPort} to ${firstPort + 19}`);
}
