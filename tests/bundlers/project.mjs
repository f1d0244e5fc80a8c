// A fresh project of one bundler: installed, built, opened in a browser.
import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isolation, serve } from "../package/browser.mjs";

/** Both ways to use the package, as its README and docs/package.md show them. */
const main = (entry) => `import { load, Trainer } from "${entry}";

export async function main() {
  const lg = await load();
  const inputs = Float32Array.from({ length: 400 }, (_, i) => Math.sin(i * i));
  const inside = (_, i) => Number(Math.hypot(inputs[2 * i], inputs[2 * i + 1]) < 0.7);
  const labels = Array.from({ length: 200 }, inside);
  const trainer = await Trainer.create({
    data: { train: { kind: "labels", inputs, shape: [200, 2], labels, classes: 2 } },
    net: "dense 32, relu, dense classes",
    optimizer: { name: "adam", learningRate: 0.01 },
    threads: 2,
  });
  await trainer.train({ epochs: 5 });
  const answers = await trainer.predict(Float32Array.of(0, 0, 1, 1), 2);
  const { variant } = trainer.info;
  trainer.dispose();
  return { sum: lg.tensor([1, 2]).sum().item(), answers: answers.length, variant };
}
if (typeof document !== "undefined") {
  main().then((result) => (window.result = result), (error) => (window.result = String(error)));
}
`;

const run = (folder, command, options) =>
  new Promise((resolve) => {
    const [file, ...words] = command;
    execFile(
      file,
      words,
      { cwd: folder, timeout: 300_000, killSignal: "SIGKILL", ...options },
      (error, stdout, stderr) => resolve(error ? `${stdout}${stderr}${error.message}` : undefined),
    );
  });

/** The environment without what npm has set for this process, and quiet. */
const env = {
  ...process.env,
  NO_COLOR: "1",
  CI: "1",
  NEXT_TELEMETRY_DISABLED: "1",
  PARCEL_WORKERS: "0",
  ASTRO_TELEMETRY_DISABLED: "1",
  NG_CLI_ANALYTICS: "false",
};

/** Makes the project, with the package of this tarball; the caller removes it. */
export async function makeProject(tool, tarball) {
  const folder = mkdtempSync(join(tmpdir(), "lanegrad-"));
  for (const [name, text] of Object.entries(tool.files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const words = [
    "install",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    "--prefer-offline",
    tarball,
    ...tool.packages,
  ];
  if (!tool.scripts) words.push("--ignore-scripts");
  const failed = await run(folder, ["npm", ...words], { env });
  if (failed) throw new Error(failed);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Writes the page's script for this entry and builds it; what went wrong, or undefined. */
export async function build(folder, tool, entry) {
  writeFileSync(join(folder, "main.js"), main(entry));
  if (!tool.build) return undefined;
  const [name, ...words] = tool.build;
  return run(folder, [join(folder, "node_modules/.bin", name), ...words], { env });
}

const wanted = (variant) => JSON.stringify({ sum: 3, answers: 4, variant });

/** Opens an address; "ok", or what came instead. */
async function look(browser, url, variant) {
  const tab = await browser.newPage();
  const errors = [];
  tab.on("pageerror", ({ message }) => errors.push(message));
  try {
    await tab.goto(url);
    await tab.waitForFunction(() => window.result !== undefined, undefined, { timeout: 60_000 });
    const result = await tab.evaluate(() => window.result);
    const said = JSON.stringify(result);
    return said === wanted(variant) ? "ok" : typeof result === "string" ? result : said;
  } catch (thrown) {
    return errors[0] ?? thrown.message;
  } finally {
    await tab.close();
  }
}

/** Opens what was built, on a server without headers and on one that isolates: "ok", or what was wrong. */
export async function openBuilt(browser, folder, { out }) {
  for (const [headers, variant] of [
    [{}, "relaxed"],
    [isolation, "relaxed-threads"],
  ]) {
    const server = await serve({ "/": join(folder, out) }, (_, answer) => {
      answer.headers = { "Content-Type": answer.headers["Content-Type"], ...headers };
    });
    try {
      const said = await look(browser, `${server.url}/index.html`, variant);
      if (said !== "ok") return said;
    } finally {
      server.close();
    }
  }
  return "ok";
}

/** Opens the page of the development server: "ok", or what was wrong. */
export async function openServed(browser, folder, tool, port) {
  const [name, ...words] = tool.serve(`${port}`);
  const server = spawn(join(folder, "node_modules/.bin", name), words, {
    cwd: folder,
    env,
    stdio: ["pipe", "ignore", "ignore"], // esbuild ends with its input
  });
  const ended = new Promise((resolve) => server.on("exit", resolve));
  try {
    const url = `http://127.0.0.1:${port}/`;
    for (let tries = 0; tries < 300; tries++) {
      if (
        await fetch(url).then(
          ({ ok }) => ok,
          () => false,
        )
      )
        break;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return await look(browser, url, "relaxed");
  } finally {
    server.kill();
    await ended;
  }
}
