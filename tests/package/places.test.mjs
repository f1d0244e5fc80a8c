// Where the package can be: on another origin, twice in a page, under Trusted Types, in one file that is opened from the
// disk or runs in a sandboxed frame, and in a Node where others have left globals of browsers.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { rolldown } from "rolldown";
import { isolation, launch, serve } from "./browser.mjs";
import { bestVariant, dist } from "./support.mjs";

const folder = mkdtempSync(join(tmpdir(), "lanegrad-"));
const browser = await launch();
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What a page does with the package that it has imported: both APIs, a tensor and a training. */
const useIt = `async ({ load, Trainer }) => {
  const lg = await load();
  const data = { kind: "labels", inputs: [-1, 1, -2, 2], shape: [4, 1], labels: [0, 1, 0, 1], classes: 2 };
  const trainer = await Trainer.create({ data: { train: data }, net: "dense classes", threads: 2 });
  const { state } = await trainer.train({ epochs: 2 });
  const { variant } = trainer.info;
  trainer.dispose();
  return { sum: lg.tensor([1, 2]).sum().item(), state, variant };
}`;
const works = { sum: 3, state: "finished" };

const page = (script) =>
  `<!doctype html><link rel="icon" href="data:," /><script type="module">
  ${script}
  window.result = await (async () => { ${"return await run();"} })().catch(String);
  </script>`;

/** Serves a page, with the package beside it, and says what came of it. */
async function open(script, { headers = {}, change = () => {}, packageHeaders } = {}) {
  const other = await serve({ "/": dist }, (_, answer) => {
    answer.headers = { "Content-Type": answer.headers["Content-Type"], ...packageHeaders };
  });
  const site = await serve({ "/package/": dist, "/copy/": dist, "/": folder }, (path, answer) => {
    answer.headers = { "Content-Type": answer.headers["Content-Type"], ...headers };
    if (path === "/index.html") {
      Object.assign(answer, { status: 200, body: page(script.replaceAll("OTHER", other.url)) });
    }
    change(path, answer);
  });
  const tab = await browser.newPage();
  const complaints = [];
  tab.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  try {
    await tab.goto(`${site.url}/index.html`);
    await tab.waitForFunction(() => window.result !== undefined, undefined, { timeout: 60_000 });
    return { result: await tab.evaluate(() => window.result), complaints };
  } finally {
    await tab.close();
    site.close();
    other.close();
  }
}

const fromElsewhere = `
  import * as lanegrad from "OTHER/index.js";
  const run = () => (${useIt})(lanegrad);`;
const cors = { "Access-Control-Allow-Origin": "*" };

test("from another origin it trains, in a page that is isolated with threads", async () => {
  const plain = await open(fromElsewhere, { packageHeaders: cors });
  assert.deepEqual(plain.result, { ...works, variant: "relaxed" });
  const isolated = await open(fromElsewhere, { packageHeaders: cors, headers: isolation });
  assert.deepEqual(isolated.result, { ...works, variant: "relaxed-threads" });
  assert.deepEqual([...plain.complaints, ...isolated.complaints], []);
});

test("lanegrad/inline does so from another origin, too", async () => {
  const script = fromElsewhere.replace("index.js", "inline.js");
  const { result } = await open(script, { packageHeaders: cors, headers: isolation });
  assert.deepEqual(result, { ...works, variant: "relaxed-threads" });
});

test("where trusted types are required it makes its own policy, with threads", async () => {
  const script = `
    import * as lanegrad from "/package/index.js";
    const run = () => (${useIt})(lanegrad);`;
  const headers = {
    ...isolation,
    "Content-Security-Policy": "require-trusted-types-for 'script'; trusted-types lanegrad",
  };
  const { result, complaints } = await open(script, { headers });
  assert.deepEqual(result, { ...works, variant: "relaxed-threads" });
  assert.deepEqual(complaints, []);
  const refused = await open(script, {
    headers: {
      "Content-Security-Policy": "require-trusted-types-for 'script'; trusted-types other",
    },
  });
  assert.match(
    refused.result,
    /^LanegradError: trainer: the worker http\S+\/worker\.js did not start \(/,
  );
  assert.match(refused.result, /trusted-types/);
});

for (const [name, packageHeaders, headers, why] of [
  ["without a header", {}, {}, "Access-Control-Allow-Origin"],
  [
    "in an isolated page",
    {},
    isolation,
    "Access-Control-Allow-Origin, in an isolated page with Cross-Origin-Resource-Policy: cross-origin, or it cannot be reached",
  ],
  [
    "in an isolated page that may embed it",
    { "Cross-Origin-Resource-Policy": "cross-origin" },
    isolation,
    "Access-Control-Allow-Origin",
  ],
]) {
  test(`a worker of another origin ${name} is told of what it lacks`, async () => {
    const script = `
      import { Trainer } from "/package/index.js";
      const data = { kind: "labels", inputs: [-1, 1], shape: [2, 1], labels: [0, 1], classes: 2 };
      const run = () => Trainer.create({ data: { train: data }, net: "dense classes", worker: "OTHER/worker.js" });`;
    const { result } = await open(script, { packageHeaders, headers });
    assert.equal(
      result.replace(/http\S+\/worker/, "URL/worker"),
      `LanegradError: trainer: the worker URL/worker.js did not start (another origin's server has to allow it by ${why})`,
    );
  });
}

/** The package as another version: other names, and engines of other bytes, with a section that says nothing. */
const older = join(folder, "older");
cpSync(dist, older, { recursive: true });
for (const name of readdirSync(join(older, "engine"), { recursive: true })) {
  if (!name.endsWith(".wasm")) continue;
  const file = join(older, "engine", name);
  writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.from("\x00\x05\x04old!")]));
}
for (const name of ["index.js", "worker.js", "helper.js", "inline.js"]) {
  writeFileSync(join(older, name), `globalThis.older = true;\n${readFileSync(join(older, name))}`);
}

test("two copies of it and another version train beside each other in a page, with threads of their own", async () => {
  const script = `
    import * as one from "/package/index.js";
    import * as other from "/copy/index.js";
    import * as older from "/older/index.js";
    import * as inline from "/older/inline.js";
    const run = () => Promise.all([one, other, older, inline].map(${useIt}));`;
  const { result, complaints } = await open(script, { headers: isolation });
  assert.deepEqual(result, Array(4).fill({ ...works, variant: "relaxed-threads" }));
  assert.deepEqual(complaints, []);
});

test("two copies of it and another version train beside each other in one process", () => {
  const addresses = [dist, `${folder}/older/`].flatMap((path) =>
    ["index.js", "inline.js"].map((name) => pathToFileURL(join(path, name)).href),
  );
  writeFileSync(
    join(folder, "copies.mjs"),
    `const use = ${useIt};
     const copies = await Promise.all(${JSON.stringify(addresses)}.map((address) => import(address)));
     console.log(JSON.stringify(await Promise.all(copies.map(use))));
     // An object of one is no object of another, and an error of any has the name of all.
     const [one, , older] = await Promise.all(copies.map(({ load }) => load({ threads: 2 })));
     try {
       older.ones([1]).add(one.ones([1]));
     } catch (error) {
       console.log(error.name, error.code, error instanceof copies[0].LanegradError);
     }`,
  );
  const output = execFileSync("node", [join(folder, "copies.mjs")], { encoding: "utf8" });
  const [results, refusal] = output.trim().split("\n");
  const variant = `${bestVariant}-threads`;
  assert.deepEqual(JSON.parse(results), Array(4).fill({ ...works, variant }));
  assert.equal(refusal, "LanegradError InvalidArgument true");
});

/** What both APIs say in a worker that pages share, and in a service worker. */
const inHosts = (name) => `
  const channel = new MessageChannel();
  const answer = new Promise((resolve) => (channel.port1.onmessage = ({ data }) => resolve(data)));
  const run = async () => {
    if ("${name}" === "shared") {
      new SharedWorker("/host.js", { type: "module" }).port.postMessage(0, [channel.port2]);
    } else {
      const { active, installing } = await navigator.serviceWorker.register("/host.js", { type: "module" });
      const worker = active ?? installing;
      worker.postMessage(0, [channel.port2]);
    }
    return answer;
  };`;
const host = (file) => `
  import { load, Trainer } from "/package/${file}";
  const both = async () => {
    const sum = await load().then((lg) => lg.tensor([1, 2]).sum().item(), String);
    const data = { kind: "labels", inputs: [-1, 1], shape: [2, 1], labels: [0, 1], classes: 2 };
    const trainer = await Trainer.create({ data: { train: data } }).then(() => "it trains", String);
    return { sum, trainer };
  };
  self.onconnect = ({ ports: [port] }) => {
    port.onmessage = async ({ ports: [back] }) => back.postMessage(await both());
  };
  self.onmessage = ({ ports: [back] }) => both().then((said) => back.postMessage(said));`;

for (const [name, file, sum] of [
  ["shared", "index.js", 3],
  [
    "service",
    "index.js",
    /api\.js could not .*import\(\) is disallowed .* or lanegrad\/inline, which holds it$/,
  ],
  ["service", "inline.js", 3],
]) {
  test(`in a ${name} worker, ${file} computes, or says what does`, async () => {
    const { result } = await open(inHosts(name), {
      change(path, answer) {
        if (path !== "/host.js") return;
        const headers = { "Content-Type": "text/javascript" };
        Object.assign(answer, { status: 200, body: host(file), headers });
      },
    });
    if (typeof sum === "number") assert.equal(result.sum, sum);
    else assert.match(result.sum, sum);
    assert.match(result.trainer, /there are no workers here, where only load\(\) runs/);
  });
}

/** The one file as a classic script, as a bundler makes it that knows nothing of the package. */
async function classicScript() {
  writeFileSync(
    join(folder, "main.js"),
    `import * as lanegrad from ${JSON.stringify(join(dist, "inline.js"))};
     (${useIt})(lanegrad).then((result) => parent.postMessage((window.result = result), "*"), (error) => (window.result = String(error)));`,
  );
  const bundle = await rolldown({ input: join(folder, "main.js"), platform: "browser" });
  const { output } = await bundle.generate({ format: "iife" });
  assert.equal(output.length, 1);
  writeFileSync(join(folder, "bundle.js"), output[0].code);
  writeFileSync(
    join(folder, "file.html"),
    '<!doctype html><link rel="icon" href="data:," /><script src="bundle.js"></script>',
  );
}

test("in one file it trains in a page that is opened from the disk, and in a sandboxed frame", async () => {
  await classicScript();
  const tab = await browser.newPage();
  await tab.goto(pathToFileURL(join(folder, "file.html")).href);
  await tab.waitForFunction(() => window.result !== undefined, undefined, { timeout: 60_000 });
  const result = await tab.evaluate(() => window.result);
  assert.deepEqual(result, { ...works, variant: "relaxed" });
  await tab.close();
  const framed = await open(
    `const run = () => new Promise((resolve) => {
       onmessage = ({ data }) => resolve(data);
       const frame = document.createElement("iframe");
       frame.sandbox = "allow-scripts";
       frame.src = "/file.html";
       document.body.append(frame);
     });`,
  );
  assert.deepEqual(framed.result, { ...works, variant: "relaxed" });
});

test("Node is Node, whatever others have left there", () => {
  writeFileSync(
    join(folder, "node.mjs"),
    `import { Worker } from "node:worker_threads";
     Object.assign(globalThis, { Worker, self: globalThis, document: { baseURI: "http://localhost/" } });
     const use = ${useIt};
     for (const name of ["index.js", "inline.js"]) {
       const lanegrad = await import(${JSON.stringify(pathToFileURL(dist).href)} + name);
       console.log(JSON.stringify(await use(lanegrad)));
     }`,
  );
  const output = execFileSync("node", [join(folder, "node.mjs")], { encoding: "utf8" });
  const results = output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  for (const { sum, state } of results) assert.deepEqual({ sum, state }, works);
  assert.equal(results.length, 2);
  assert.ok(!readFileSync(join(dist, "inline.js"), "utf8").includes("import.meta"));
});
