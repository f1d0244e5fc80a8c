// node tests/bench/inspector.mjs [NET …]: what the opened inspector costs a training in the built page, in
// Chromium: speed with it open over speed with it closed, in slices that take turns (A B A B …).
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { summarize } from "../../web/bench/timing/slices.mjs";
import { hearWorker, launch, openPage, root, servePage, waitForStatus } from "../web/support.mjs";

const allowed = 0.95; // of the speed

// Steps per second of this slice's time; what passes without a step is evaluation, and does not count.
async function slice(page, open, milliseconds) {
  await page.evaluate((open) => (document.querySelector("#inspector").open = open), open);
  await page.waitForTimeout(300);
  await page.evaluate(() => (globalThis.heard.length = 0));
  await page.waitForTimeout(milliseconds);
  return page.evaluate(() => {
    let [steps, time] = [0, 0];
    globalThis.heard.slice(1).forEach(({ when, step }, i) => {
      const before = globalThis.heard[i];
      if (step === before.step) return;
      steps += step - before.step;
      time += when - before.when;
    });
    return (1000 * steps) / time;
  });
}

async function measure(browser, address, net, { rounds, milliseconds }) {
  const page = await openPage(
    browser,
    `${address}?net=${net}&epochs=100000&validation=0&autostart=1`,
    {
      prepare: hearWorker,
    },
  );
  try {
    await waitForStatus(page, "training");
    await page.locator("#inspector summary").click();
    await page.locator("#inspector .inside").waitFor();
    await page.locator("#inspector").evaluate((element) => element.scrollIntoView());
    await page.waitForTimeout(1000);
    let before = await slice(page, false, milliseconds);
    const ratios = [];
    for (let round = 0; round < rounds; round++) {
      const open = await slice(page, true, milliseconds);
      const after = await slice(page, false, milliseconds);
      ratios.push(open / ((before + after) / 2));
      before = after;
    }
    return { ...summarize(ratios), speed: before };
  } finally {
    await page.context().close();
  }
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: "string", default: "12" },
      slice: { type: "string", default: "1500" },
    },
  });
  if (!existsSync(`${root}build/web/index.html`)) {
    throw new Error("the page is not built: run `npm run build`");
  }
  const nets = positionals.length > 0 ? positionals : ["mlp", "convnet"];
  const [browser, site] = await Promise.all([launch(), servePage()]);
  try {
    for (const net of nets) {
      const { median, low, high, speed } = await measure(browser, site.address, net, {
        rounds: Number(values.rounds),
        milliseconds: Number(values.slice),
      });
      const share = (value) => `${(100 * value).toFixed(1)} %`;
      const verdict = median >= allowed ? "ok" : `FAILED: expected at least ${share(allowed)}`;
      if (verdict !== "ok") process.exitCode = 1;
      console.log(
        `${net}: ${share(median)} of the speed with the inspector open (${share(low)} to ${share(high)}), ${Math.round(speed)} steps a second without: ${verdict}`,
      );
    }
  } finally {
    await browser.close();
    site.close();
  }
}

main().catch((error) => {
  console.error(`inspector: ${error.message}`);
  process.exitCode = 1;
});
