// npm run lighthouse: how the built page does in Lighthouse's mobile simulation, as served by web/serve.mjs.
// Medians of five runs; fails below the project's targets, which README.md here has.
import { createServer } from "node:net";
import { once } from "node:events";
import { parseArgs } from "node:util";
import lighthouse from "lighthouse";
import { launch } from "../support/chromium.mjs";
import { servePage } from "../web/support.mjs";

const targets = { performance: 95, accessibility: 100, "best-practices": 100 };

const { values } = parseArgs({
  options: { runs: { type: "string", default: "5" }, query: { type: "string", default: "" } },
});
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) {
  throw new Error(`lighthouse: --runs ${values.runs}, expected a whole number from 1`);
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

const { address, close } = await servePage();
const port = await freePort();
const browser = await launch(`--remote-debugging-port=${port}`);
const scores = Object.fromEntries(Object.keys(targets).map((name) => [name, []]));
const details = [];
try {
  for (let run = 1; run <= runs; run++) {
    const { lhr } = await lighthouse(address + values.query, {
      port,
      logLevel: "error",
      onlyCategories: Object.keys(targets),
    });
    if (lhr.runtimeError) throw new Error(`lighthouse: ${lhr.runtimeError.message}`);
    for (const [name, { score }] of Object.entries(lhr.categories)) scores[name].push(100 * score);
    const measures = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time"];
    const texts = [...measures, "cumulative-layout-shift", "speed-index"].map(
      (name) => `${name} ${lhr.audits[name].displayValue}`,
    );
    console.log(`run ${run}: ${texts.join(", ")}`);
    details.push(lhr);
  }
} finally {
  await browser.close();
  close();
}

let failed = false;
for (const [name, target] of Object.entries(targets)) {
  const value = Math.round(median(scores[name]));
  failed ||= value < target;
  console.log(
    `${name}: ${value}, at least ${target} is wanted (${scores[name].map(Math.round).join(" ")})`,
  );
}
// What costs points, in the last run.
for (const { id, title, score, displayValue = "", scoreDisplayMode } of Object.values(
  details.at(-1).audits,
)) {
  if (score !== null && score < 0.9 && scoreDisplayMode !== "informative") {
    console.log(`  ${id}: ${title} ${displayValue}`);
  }
}
process.exitCode = failed ? 1 : 0;
