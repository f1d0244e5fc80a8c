// Debian's WebKitGTK by its driver, which starts a window that stores nothing on disk, with an empty page of localhost.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:http";

const folder = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1";
const port = 7790;

/** f gets a function that opens the page anew, and one that calls a function in it. */
export async function browse(f) {
  const server = createServer((_, answer) => {
    answer.setHeader("Content-Type", "text/html").end("<title>empty</title>");
  }).listen(port + 1, "127.0.0.1");
  const screen = spawn("/usr/bin/Xvfb", ["-displayfd", "1"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const display = await new Promise((resolve) => screen.stdout.once("data", resolve));
  const env = { ...process.env, DISPLAY: `:${String(display).trim()}` };
  const driver = spawn("/usr/bin/WebKitWebDriver", [`--port=${port}`], { env, stdio: "ignore" });
  const ask = async (path, body, method = "POST") => {
    const url = `http://127.0.0.1:${port}/${path}`;
    const response = await fetch(url, { method, body: body && JSON.stringify(body) });
    const { value } = await response.json();
    if (!response.ok) throw new Error(value.message);
    return value;
  };
  while (!(await fetch(`http://127.0.0.1:${port}/status`).catch(() => false)));
  const browserOptions = { binary: `${folder}/MiniBrowser`, args: ["--automation"] };
  const capabilities = { alwaysMatch: { "webkitgtk:browserOptions": browserOptions } };
  const { sessionId } = await ask("session", { capabilities });
  await f(
    () => ask(`session/${sessionId}/url`, { url: `http://localhost:${port + 1}/` }),
    (call) => {
      const script = `const done = arguments[0]; (${call})().then(done, (e) => done(String(e)));`;
      return ask(`session/${sessionId}/execute/async`, { script, args: [] });
    },
  );
  await ask(`session/${sessionId}`, undefined, "DELETE");
  for (const child of [driver, screen]) child.kill();
  server.close();
}

if (!existsSync(folder)) throw new Error("WebKitGTK 4.1 is not installed");
