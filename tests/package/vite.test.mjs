// The installed package in a Vite project without any configuration, built and in development: the same
// sources that a stranger would write, in Chromium; with the headers that threads need, and without.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { isolate, isolation, launch, serve } from "./browser.mjs";
import { installPackage, root } from "./support.mjs";

const { folder, remove } = installPackage();
const browser = await launch();
after(async () => {
  await browser.close();
  remove();
});

writeFileSync(
  join(folder, "index.html"),
  '<!doctype html><link rel="icon" href="data:," /><script type="module" src="./main.js"></script>',
);
writeFileSync(
  join(folder, "main.js"),
  `import { load, Trainer } from "lanegrad";

const lg = await load();
const inputs = Float32Array.from({ length: 64 }, (_, i) => (i % 2 === 0 ? 1 : -1));
const labels = Array.from({ length: 64 }, (_, i) => i % 2);
const data = { train: { kind: "labels", inputs, shape: [64, 1], labels, classes: 2 } };
const trainer = await Trainer.create({ data, optimizer: { name: "adam", learningRate: 0.1 } });
const { results } = await trainer.train({ epochs: 20 });
window.result = {
  sum: lg.tensor([1, 2]).sum().item(),
  accuracy: results.at(-1).trainAccuracy,
  variants: [lg.variant, trainer.variant],
};
`,
);
writeFileSync(
  join(folder, "isolated.config.js"),
  `export default { server: { headers: ${JSON.stringify(isolation)} } };`,
);
const expected = (trainer) => ({ sum: 3, accuracy: 1, variants: ["relaxed", trainer] });
const vite = join(root, "node_modules/vite/bin/vite.js");

/** Opens the page and returns what main.js computed, and what the console complained about. */
async function visit(url) {
  const tab = await browser.newPage();
  const complaints = [];
  const requests = [];
  tab.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  tab.on("pageerror", (error) => complaints.push(error.message));
  tab.on("request", (request) => requests.push(request.url()));
  await tab.goto(url);
  try {
    await tab.waitForFunction(() => window.result, undefined, { timeout: 30_000 });
  } catch {
    assert.fail(complaints.join("\n") || "the page is not done after 30 seconds");
  }
  const result = await tab.evaluate(() => window.result);
  await tab.close();
  return { result, complaints, requests };
}

test("built, in a subfolder, under a strict policy", async () => {
  const output = execFileSync("node", [vite, "build", "--base", "./"], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const assets = readdirSync(join(folder, "dist/assets"));
  const modules = assets.filter((name) => name.endsWith(".wasm"));
  const engines = modules.filter((name) => name.startsWith("engine"));
  assert.equal(engines.length, 4, `one engine.wasm per variant is enough: ${modules}\n${output}`);
  // Beside them the module of formats, which is fetched when somebody exports.
  assert.equal(modules.length, 5, `${modules}`);
  for (const [change, variant] of [
    [() => {}, "relaxed"],
    [isolate, "relaxed-threads"],
  ]) {
    const server = await serve({ "/some/where/": join(folder, "dist") }, change);
    const { result, complaints } = await visit(`${server.url}/some/where/index.html`);
    assert.deepEqual(result, expected(variant));
    assert.deepEqual(complaints, []);
    assert.ok(server.requests.every((path) => path.startsWith("/some/where/")));
    server.close();
  }
});

for (const [name, config, variant] of [
  ["in development", [], "relaxed"],
  ["in development, isolated", ["--config", "isolated.config.js"], "relaxed-threads"],
]) {
  test(name, async () => {
    const server = spawn("node", [vite, "--port", "8139", "--host", "127.0.0.1", ...config], {
      cwd: folder,
      env: { ...process.env, NO_COLOR: "1" },
    });
    const ended = new Promise((resolve) => server.on("exit", resolve));
    try {
      const url = await new Promise((resolve, reject) => {
        let text = "";
        const read = (piece) => {
          text += piece;
          const found = /http:\/\/127\.0\.0\.1:\d+/.exec(text);
          if (found) resolve(found[0]);
        };
        server.stdout.on("data", read);
        server.stderr.on("data", read);
        server.on("exit", () => reject(new Error(text)));
      });
      const { result, complaints, requests } = await visit(url);
      assert.deepEqual(result, expected(variant));
      assert.deepEqual(complaints, []);
      assert.ok(
        requests.every((request) => request.startsWith(url) || request.startsWith("data:")),
      );
    } finally {
      server.kill();
      await ended;
    }
  });
}
