// node tests/bench/engines.mjs [--against FOLDER] [NET …]: the built page in Chromium, Firefox and WebKit, in bursts of
// training that take turns: steps of the whole time, what the page says its speed is over that, and how long a pause is
// waited for. With a folder, WebKit also opens the page that was built there.
import { parseArgs } from "node:util";
import { quantile, ratios, summarize } from "../../web/bench/timing/slices.mjs";
import { launch, missing } from "../engines/browsers.mjs";
import { launchChromium } from "../engines/chromium.mjs";
import { root, servePage } from "../web/support.mjs";

const epochs = 100_000;
const wanted = { wallOverShown: 0.95, gain: 1.45, pause: 250, firefox: 0.95 };

const statusOf = () => document.querySelector('[data-testid="status"]').textContent;

async function open(name, folder, net) {
  const [browser, site] = await Promise.all([
    name === "chromium" ? launchChromium() : launch(name, { env: { LANG: "en_US.UTF-8" } }),
    servePage(`${folder}/build/web`),
  ]);
  const close = async () => {
    await browser.close();
    site.close();
  };
  await browser.go(`${site.address}?net=${net}&epochs=${epochs}&validation=0&autostart=1`);
  const is = `(word) => (${statusOf})() === word`;
  await browser.until("it trains", is, "training");
  await browser.run(() => document.querySelector('[data-testid="pause"]').click());
  await browser.until("it pauses", is, "paused");
  return { browser, close };
}

// Resumes, trains for so many milliseconds and pauses: all in the page, whose clock is read.
const burst = async (milliseconds) => {
  const status = document.querySelector('[data-testid="status"]');
  const pause = document.querySelector('[data-testid="pause"]');
  const text = (selector) => document.querySelector(selector).textContent;
  const numbers = () =>
    text("#way-text")
      .match(/\d[\d,]*/g)
      .map((word) => Number(word.replaceAll(",", "")));
  const step = () => numbers()[0];
  const [, allSteps] = numbers();
  const becomes = (word) =>
    new Promise((resolve) => {
      const look = () => status.textContent === word && (observer.disconnect(), resolve());
      const observer = new MutationObserver(look);
      observer.observe(status, { childList: true, characterData: true, subtree: true });
      look();
    });
  const label = [...document.querySelectorAll("dt, [x-readout], div")].find(
    (each) => each.childElementCount === 0 && each.textContent === "Digits per second",
  );
  const shown = () => Number(label.nextElementSibling.textContent.replaceAll(",", ""));
  const before = step();
  const begin = performance.now();
  pause.click();
  await becomes("training");
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  const speed = shown();
  const asked = performance.now();
  pause.click();
  await becomes("paused");
  const end = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 300));
  return {
    steps: step() - before,
    allSteps,
    seconds: (end - begin) / 1000,
    shown: speed,
    pause: end - asked,
  };
};

async function measure(net, { rounds, seconds, against }) {
  const subjects = {};
  try {
    for (const name of ["chromium", "firefox", "webkit"]) {
      if (missing[name]?.()) console.log(`${name} is left out: ${missing[name]()}`);
      else subjects[name] = await open(name, root, net);
    }
    if (against && subjects.webkit) subjects.before = await open("webkit", against, net);
    const all = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
    for (let round = -1; round < rounds; round++) {
      for (const [name, { browser }] of Object.entries(subjects)) {
        const found = await browser.run(burst, 1000 * seconds);
        if (round >= 0) all[name].push({ ...found, rate: found.steps / found.seconds });
      }
    }
    return all;
  } finally {
    for (const { close } of Object.values(subjects)) await close();
  }
}

function report(net, all) {
  const { allSteps } = Object.values(all)[0][0];
  const batch = Math.round((60_000 * epochs) / allSteps);
  const judge = (what, value, holds, expected) => {
    if (!holds) process.exitCode = 1;
    console.log(`  ${what}: ${value}${holds ? "" : `, expected ${expected}`}`);
  };
  console.log(`${net}:`);
  for (const [name, bursts] of Object.entries(all)) {
    const rate = summarize(bursts.map(({ rate }) => rate)).median;
    const pauses = bursts.map(({ pause }) => pause);
    const share = summarize(bursts.map((each) => (each.rate * batch) / each.shown)).median;
    console.log(
      `  ${name}: ${Math.round(rate * batch).toLocaleString("en")} digits a second, ${share.toFixed(2)} of what it shows; pause after ${Math.round(quantile(pauses, 0.5))} ms, at most ${Math.round(Math.max(...pauses))} ms`,
    );
    if (name === "webkit") {
      judge(
        "wall over shown",
        share.toFixed(2),
        share >= wanted.wallOverShown,
        wanted.wallOverShown,
      );
      const pause = quantile(pauses, 0.5);
      judge(
        "its pause",
        `${Math.round(pause)} ms`,
        pause <= wanted.pause,
        `at most ${wanted.pause} ms`,
      );
    }
  }
  const compare = (what, over, under, least) => {
    if (!all[over] || !all[under]) return;
    const { median, low, high } = ratios(all[over], all[under]);
    const value = `${median.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
    judge(what, value, median >= least, `at least ${least}`);
  };
  compare("Firefox over Chromium", "firefox", "chromium", wanted.firefox);
  compare("WebKit over the page before", "webkit", "before", wanted.gain);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    against: { type: "string" },
    rounds: { type: "string", default: "7" },
    seconds: { type: "string", default: "3" },
  },
});
const nets = positionals.length > 0 ? positionals : ["mlp"];
for (const net of nets) {
  const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
  report(net, await measure(net, { rounds, seconds, against: values.against }));
}
process.exit();
