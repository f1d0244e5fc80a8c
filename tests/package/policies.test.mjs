// The package from another origin under policies of the page, in Chromium: what they leave it, and the sentence that names
// what they forbid. Its worker and its helpers start by a blob there, which has the page's policy.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { isolation, launch, serve } from "./browser.mjs";
import { dist } from "./support.mjs";

const browser = await launch();
after(() => browser.close());

/** What a page makes of the package of another origin, "CDN", under this policy, in which it is known by that name. */
async function under(policy, headers) {
  const open = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
  };
  const other = await serve({ "/": dist }, (_, answer) => {
    answer.headers = { "Content-Type": answer.headers["Content-Type"], ...open };
  });
  const site = await serve({}, (path, answer) => {
    answer.headers = { "Content-Type": answer.headers["Content-Type"], ...headers };
    if (path !== "/index.html") return;
    answer.headers["Content-Security-Policy"] = policy.replaceAll("CDN", other.url);
    const body = `<!doctype html><link rel="icon" href="data:," /><script type="module" nonce="some">
      import { Trainer } from "${other.url}/index.js";
      const train = { kind: "labels", inputs: [-1, 1, -2, 2], shape: [4, 1], labels: [0, 1, 0, 1], classes: 2 };
      const make = async () => {
        const trainer = await Trainer.create({ data: { train }, net: "dense classes", threads: 2 });
        const { state } = await trainer.train({ epochs: 2 });
        const { variant, note } = trainer.info;
        trainer.dispose();
        return [state, variant, note ?? ""].join(", ");
      };
      window.result = await make().catch(String);
    </script>`;
    Object.assign(answer, { status: 200, body });
  });
  const tab = await browser.newPage();
  try {
    await tab.goto(`${site.url}/index.html`);
    await tab.waitForFunction(() => window.result !== undefined, undefined, { timeout: 60_000 });
    return (await tab.evaluate(() => window.result)).replaceAll(other.url, "CDN");
  } finally {
    await tab.close();
    site.close();
    other.close();
  }
}

const enough = "default-src 'none'; script-src 'nonce-some' CDN 'wasm-unsafe-eval'; worker-src blob:; connect-src CDN; img-src data:"; // prettier-ignore
const without = (part, instead = "") => {
  assert.ok(enough.includes(part));
  return enough.replace(part, instead);
};
const notStarted = (why) => `LanegradError: trainer: the worker CDN/worker.js did not start (the page's Content-Security-Policy forbids it: ${why})`; // prettier-ignore
const works = /^finished, (relaxed|simd)-threads, $/;

for (const [name, policy, expected] of [
  ["a policy that lists what it needs", enough, works],
  ["one whose script-src stands for worker-src", without("worker-src blob:; ").replace("CDN 'wasm", "CDN blob: 'wasm"), works], // prettier-ignore
  ["strict-dynamic", without("CDN 'wasm", "'strict-dynamic' 'wasm"), works],
  ["trusted types with its name", `${enough}; require-trusted-types-for 'script'; trusted-types lanegrad`, works], // prettier-ignore
  ["worker-src without blob:", without("worker-src blob:", "worker-src 'self' CDN"), notStarted("worker-src, which has to allow blob:")], // prettier-ignore
  ["script-src without blob:, and no worker-src", without("worker-src blob:; "), notStarted("worker-src, which has to allow blob:")], // prettier-ignore
  ["script-src with one script alone", without("CDN 'wasm", "CDN/index.js 'wasm"), notStarted("script-src-elem")], // prettier-ignore
  ["script-src with a nonce alone, and nothing to connect to", without("CDN 'wasm", "'wasm").replace("connect-src CDN", "connect-src 'self'"), notStarted("script-src-elem")], // prettier-ignore
  [
    "script-src without helper.js",
    without("CDN 'wasm", "CDN/index.js CDN/why_not.js CDN/worker.js CDN/explanation.js 'wasm"),
    /^finished, (relaxed|simd), One thread runs: engine: CDN\/engine\/(relaxed|simd)-threads\/engine\.wasm did not start \(the page's Content-Security-Policy forbids it: script-src-elem\)\.$/,
  ],
  [
    "connect-src without the other origin",
    without("connect-src CDN", "connect-src 'self'"),
    /^LanegradError: engine: CDN\/engine\/(relaxed|simd)\/engine\.wasm could not be fetched \(the page's Content-Security-Policy forbids it: connect-src\)$/,
  ],
  [
    "script-src without wasm-unsafe-eval",
    without(" 'wasm-unsafe-eval'"),
    "LanegradError: engine: WebAssembly is forbidden here, the Content-Security-Policy has to allow 'wasm-unsafe-eval' in script-src",
  ],
]) {
  test(`from another origin, under ${name}, it trains or says what is forbidden`, async () => {
    const said = await under(policy, isolation);
    if (typeof expected === "string") assert.equal(said, expected);
    else assert.match(said, expected);
    // What is forbidden is told, and not waited for: no sign of life would take 20 seconds.
    assert.ok(!said.includes("no sign of life"), said);
  });
}
