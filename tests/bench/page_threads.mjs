// node tests/bench/page_threads.mjs [NET …]: what two threads gain over one where the built page trains, in headless
// Chromium: steps per second of whole epochs, evaluations included, in pages that take turns (A B A B …). Linux only,
// see processor_time.mjs.
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { ratios, summarize } from "../../web/bench/timing/slices.mjs";
import { shares } from "./processor_time.mjs";
import {
  at,
  hearWorker,
  launch,
  openPage,
  root,
  servePage,
  waitForStatus,
} from "../web/support.mjs";

// How many times as fast two threads are wanted to be.
const wanted = { fast: 1.25, convnet: 1.4 };
// Where other programs take more of a core than this, a gain that is too small says nothing.
const busy = 0.1;

// Lets the page's trainer have so many threads.
const giveThreads = (page, threads) =>
  page.addInitScript((threads) => {
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (message, ...others) {
      if (message?.method === "open") message.values[0].threads = threads;
      return postMessage.call(this, message, ...others);
    };
  }, threads);

async function open(browser, address, net, threads) {
  const page = await openPage(
    browser,
    `${address}?net=${net}&epochs=100000&validation=0&autostart=1`,
    {
      context: { viewport: { width: 1280, height: 800 } },
      async prepare(page) {
        await giveThreads(page, threads);
        await hearWorker(page);
      },
    },
  );
  await waitForStatus(page, "training");
  const engine = await page.locator("[data-part=engine-build]").textContent();
  if (!engine.includes(threads === 1 ? "one thread" : `${threads} threads`)) {
    throw new Error(`${engine}: expected ${threads} threads`);
  }
  await at(page, "pause").click();
  await waitForStatus(page, "paused");
  return page;
}

// Steps per second of so many epochs with their evaluations, from a pause to the next.
async function epochs(browser, page, count) {
  await page.bringToFront();
  await page.evaluate(() => (globalThis.heard.length = 0));
  const used = await shares(browser, async () => {
    await at(page, "pause").click();
    await page.waitForFunction(
      (count) => globalThis.heard.filter(({ epochsDone }) => epochsDone).length >= count,
      count,
      { timeout: 0, polling: 200 },
    );
  });
  await at(page, "pause").click();
  await waitForStatus(page, "paused");
  const rate = await page.evaluate(() => {
    const { heard } = globalThis;
    const last = heard.findLast(({ epochsDone }) => epochsDone);
    return (1000 * (last.step - heard[0].step)) / (last.when - heard[0].when);
  });
  return { rate, ...used };
}

async function measure(browser, address, net, { rounds, count }) {
  const pages = [await open(browser, address, net, 1), await open(browser, address, net, 2)];
  try {
    for (const page of pages) await epochs(browser, page, 1);
    const [one, two] = [[], []];
    for (let round = 0; round < rounds; round++) {
      one.push(await epochs(browser, pages[0], count));
      two.push(await epochs(browser, pages[1], count));
    }
    return { one, two };
  } finally {
    for (const page of pages) await page.context().close();
  }
}

function report(net, { one, two }) {
  const { median: gain, low, high } = ratios(two, one);
  const median = (values) => summarize(values).median;
  const [speed, before] = [two, one].map((all) => Math.round(median(all.map(({ rate }) => rate))));
  const of = (wanted) => {
    const sums = two.map(({ threads }) =>
      Object.entries(threads).reduce((sum, [name, share]) => sum + (wanted(name) ? share : 0), 0),
    );
    return median(sums).toFixed(2);
  };
  const isWorker = (name) => name.endsWith(" DedicatedWorker");
  const others = median(two.map((slice) => slice.others));
  const least = wanted[net];
  const short = least !== undefined && gain < least;
  if (short && others <= busy) process.exitCode = 1;
  const verdict = !short
    ? "ok"
    : others <= busy
      ? `FAILED: expected at least ${least}`
      : `not judged (expected ${least}): others took more than ${busy} of a core`;
  console.log(
    `${net}: ${gain.toFixed(2)} times (${low.toFixed(2)} to ${high.toFixed(2)}) as fast with two threads, ${speed} over ${before} steps a second; of the cores, with two threads: workers ${of(isWorker)}, the rest of the page ${of((name) => !isWorker(name))}, other programs ${others.toFixed(2)}: ${verdict}`,
  );
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: "string", default: "7" },
      epochs: { type: "string", default: "1" },
    },
  });
  if (!existsSync(`${root}build/web/index.html`)) {
    throw new Error("the page is not built: run `npm run build`");
  }
  const nets = positionals.length > 0 ? positionals : Object.keys(wanted);
  const [browser, site] = await Promise.all([launch(), servePage()]);
  try {
    for (const net of nets) {
      const [rounds, count] = [Number(values.rounds), Number(values.epochs)];
      report(net, await measure(browser, site.address, net, { rounds, count }));
    }
  } finally {
    await browser.close();
    site.close();
  }
}

main().catch((error) => {
  console.error(`page threads: ${error.message}`);
  process.exitCode = 1;
});
