// `npm run soak [-- BROWSER [MINUTES]]`: one run that trains for ten minutes in each browser while somebody pauses it,
// draws, looks inside, asks the test, visits the other labs and reloads. It says after each round how far the run is and
// what memory all of the browser's processes hold, and fails where something is wrong or the memory keeps growing.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { servePage } from "../web/support.mjs";
import { launch, missing } from "./browsers.mjs";
import { launchChromium } from "./chromium.mjs";

const id = (name) => `[data-testid="${name}"]`;
const asked = process.argv[2] ?? "all";
const minutes = Number(process.argv[3] ?? 10);
const names = ["chromium", "firefox", "webkit"].filter((name) => asked === "all" || asked === name);
if (names.length === 0 || !(minutes > 0))
  throw new Error(
    `soak: ${process.argv.slice(2)}, expected a browser (chromium, firefox, webkit, all) and minutes`,
  );

/** The megabytes that the processes below this one hold for themselves, by Linux's book-keeping. */
function memory() {
  const parents = new Map();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const [, , parent] = /^.*\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"));
      parents.set(Number(pid), Number(parent));
    } catch {
      // It has ended.
    }
  }
  const below = (pid) => pid === process.pid || (parents.has(pid) && below(parents.get(pid)));
  let sum = 0;
  for (const pid of parents.keys()) {
    if (pid === process.pid || !below(pid)) continue;
    try {
      const held = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8").matchAll(
        /^Private_\w+: +(\d+) kB/gm,
      );
      for (const [, kilobytes] of held) sum += Number(kilobytes) / 1024;
    } catch {
      // It has ended.
    }
  }
  return Math.round(sum);
}

const becomes = (browser, word) =>
  browser.until(
    `the status is ${word}`,
    (s, word) => document.querySelector(s)?.textContent === word,
    id("status"),
    word,
  );

async function round(browser, number) {
  const text = (selector) =>
    browser.run((s) => document.querySelector(s)?.textContent ?? "", selector);
  const status = (word) => becomes(browser, word);
  const step = async () => Number((await text("#way-text")).replaceAll(",", "").match(/\d+/)?.[0]);
  const before = await step();
  await browser.click(id("pause"));
  await status("paused");
  await browser.click(id("step"));
  await browser.click(id("pause"));
  await status("training");
  await browser.draw(id("draw-pad"), [[0.3, 0.25], [0.7, 0.25], [0.6, 0.5], [0.45, 0.8]]); // prettier-ignore
  await browser.until(
    "an answer",
    (s) => /\d/.test(document.querySelector(s).textContent),
    id("prediction"),
  );
  await browser.click("#inspector summary"); // opens it, or closes it again
  for (const lab of ["functions", "autograd", "tables", "digits"]) {
    await browser.run((lab) => document.querySelector(`.labs a[data-lab="${lab}"]`).click(), lab);
    await browser.until(
      `the lab ${lab}`,
      (lab) => document.querySelector(`#${lab}`)?.checkVisibility(),
      lab,
    );
    if (lab !== "functions") continue;
    await browser.click(`#functions ${id("start")}`);
    const over = (s) => ["finished", "training"].includes(document.querySelector(s)?.textContent);
    await browser.until("Functions learns", over, id("fn-status"));
  }
  if (number % 10 === 9) {
    await browser.reload();
    await browser.click(`${id("kept")} button`);
    await status("stopped");
    await browser.click(id("start"));
  }
  await status("training");
  await browser.until(
    "it gets on",
    (least) =>
      Number(document.querySelector("#way-text").textContent.replaceAll(",", "").match(/\d+/)) >
      least,
    number % 10 === 9 ? 0 : before,
  );
  return step();
}

for (const name of names) {
  const skip = name === "chromium" ? undefined : missing[name]();
  test(`${minutes} minutes in ${name}`, { skip, timeout: (minutes + 5) * 60_000 }, async () => {
    const site = await servePage();
    const browser = await (name === "chromium" ? launchChromium() : launch(name));
    browser.wrong = () =>
      document.querySelector('#page-problems > *, [data-testid="problem"]')?.textContent;
    try {
      // Without autostart, as after a reload the kept run shall be offered.
      await browser.go(`${site.address}?net=dense+32,+relu,+dense+classes&epochs=100000`);
      await becomes(browser, "idle");
      await browser.click(id("start"));
      await becomes(browser, "training");
      const held = [];
      for (const end = Date.now() + minutes * 60_000; Date.now() < end;) {
        const step = await round(browser, held.length);
        held.push(memory());
        console.log(`${name}, round ${held.length}: step ${step}, ${held.at(-1)} MB`);
      }
      // The least of several rounds, since a browser gives back what it no longer needs when it likes.
      const third = Math.floor(held.length / 3);
      if (third < 3) return;
      const [early, late] = [held.slice(third, 2 * third), held.slice(-third)].map((all) =>
        Math.min(...all),
      );
      assert.ok(late < 1.15 * early + 30, `${late} MB at the end, ${early} MB in the middle`);
    } finally {
      await browser.close();
      site.close();
    }
  });
}
