// <lanegrad-lab> on pages of a strict site, in Chromium: it trains, is used by mouse and keyboard, says what is wrong, and
// leaves nothing behind.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after } from "node:test";
import { axeFindings } from "../support/axe.mjs";
import { test } from "../support/test.mjs";
import { launch } from "./browser.mjs";
import { digitsFolder, openSite, waitFor } from "./element.mjs";
import { root } from "./support.mjs";

const browser = await launch();
const digits = digitsFolder(2000, (name) => !name.startsWith("t10k-labels"));
after(async () => {
  await browser.close();
  digits.remove();
});

const small = 'net="dense 16, relu, dense classes" epochs="2"';
const heardOf = (tab, name) =>
  tab.evaluate((name) => globalThis.heard.filter(({ type }) => type === `lanegrad-${name}`), name);
const problem = (tab) => tab.locator("lanegrad-lab .problem").first();

/** Waits until the page has so many workers; the browser tells of them late. */
async function workersOf(tab, count) {
  for (let tries = 0; tab.workers().length !== count; tries++) {
    assert.ok(tries < 400, `${tab.workers().length} workers, expected ${count}`);
    await tab.waitForTimeout(50);
  }
}

test("Digits loads the package when it starts, learns, tells, and reads what is drawn", async () => {
  const site = await openSite(browser, `<lanegrad-lab data="/mnist" ${small}></lanegrad-lab>`, {
    mnist: digits.folder,
  });
  const { tab } = site;
  await waitFor(tab, "idle");
  assert.deepEqual(
    site.requests.filter(
      (path) => !/^\/(?:index\.html|site\.css|package\/element\.js)$/.test(path),
    ),
    [],
  );
  const name = "Drawing pad";
  await tab.getByRole("button", { name: "Start", exact: true }).click();
  await waitFor(tab, "finished");
  const [done] = await heardOf(tab, "done");
  assert.equal(done.detail.epoch, 2);
  assert.equal(done.detail.step, 2 * Math.ceil(2000 / 64));
  assert.ok(done.detail.testAccuracy > 0.5, JSON.stringify(done));
  const progress = await heardOf(tab, "progress");
  assert.ok(progress[0].detail.loss > done.detail.loss);
  // What it shows is what the trainer says.
  const said = await tab.evaluate(async () => {
    const { trainer } = document.querySelector("lanegrad-lab");
    return { ...trainer.info, accuracy: (await trainer.evaluate()).accuracy };
  });
  assert.equal(said.settings.net, "dense 16, relu, dense classes");
  assert.equal(said.testSamples, 500);
  assert.ok(Math.abs(said.accuracy - done.detail.testAccuracy) < 1e-6);
  const percent = `${(100 * said.accuracy).toFixed(2)}\u00a0%`;
  assert.ok((await tab.locator("dl").textContent()).includes(percent));

  await tab.getByRole("button", { name: "A test digit" }).click();
  await tab.locator("li.best").waitFor();
  const shares = await tab.locator("li span").allTextContents();
  assert.equal(shares.length, 10);
  assert.match(await tab.locator("output").textContent(), /^\d$/);
  await tab.getByRole("button", { name: "Clear" }).click();
  assert.equal(await tab.locator("output").textContent(), "–");
  // A stroke downwards with keys alone.
  await tab.getByRole("application", { name }).focus();
  for (const key of ["ArrowUp", "ArrowUp", "ArrowUp", "Space", ...Array(8).fill("ArrowDown")])
    await tab.keyboard.press(key);
  await tab.locator("li.best").waitFor();
  assert.deepEqual(site.complaints, []);
  await site.close();
});

test("Functions is started, paused, stepped and reset by keyboard, and goes on from where it was", async () => {
  const html = '<lanegrad-lab lab="functions" data="moons" epochs="100000"></lanegrad-lab>';
  const site = await openSite(browser, html);
  const { tab } = site;
  await waitFor(tab, "idle");
  const press = async (label) => {
    await tab.getByRole("button", { name: label, exact: true }).focus();
    await tab.keyboard.press("Enter");
  };
  const last = () => tab.evaluate(() => globalThis.heard.at(-1)?.detail.step ?? 0);
  await press("One step");
  await waitFor(tab, "paused");
  assert.equal(await last(), 1);
  await press("Go on");
  await tab.waitForFunction(() => globalThis.heard.at(-1).detail.step > 20);
  await press("Pause");
  await waitFor(tab, "paused");
  const before = await last();
  await press("One step");
  await tab.waitForFunction((before) => globalThis.heard.at(-1).detail.step > before, before);
  await waitFor(tab, "paused");
  assert.equal(await last(), before + 1);
  assert.match(await tab.locator(".plane canvas").getAttribute("aria-label"), /in 2 classes, and/);
  await press("Reset");
  await waitFor(tab, "idle");
  assert.equal(await tab.evaluate(() => document.querySelector("lanegrad-lab").trainer), undefined);
  await workersOf(tab, 0);
  assert.deepEqual(site.complaints, []);
  await site.close();
});

test("a formula is learned, and a changed attribute begins anew", async () => {
  const html = '<lanegrad-lab lab="functions" data="x^2" epochs="30" autostart></lanegrad-lab>';
  const site = await openSite(browser, html);
  const { tab } = site;
  await waitFor(tab, "finished");
  const element = tab.locator("lanegrad-lab");
  await element.evaluate((lab) => {
    lab.setAttribute("data", "circles");
    lab.setAttribute("batch-size", "30");
    lab.setAttribute("optimizer", "sgd");
    lab.setAttribute("learning-rate", "0.2");
    lab.setAttribute("momentum", "0.5");
  });
  await tab.waitForFunction(
    () => globalThis.heard.filter(({ type }) => type === "lanegrad-done").length === 2,
  );
  const { settings, outputs } = await element.evaluate((lab) => lab.trainer.info);
  assert.equal(outputs, 2);
  assert.equal(settings.batchSize, 30);
  assert.deepEqual(
    [settings.optimizer.name, settings.optimizer.learningRate, settings.optimizer.momentum],
    ["sgd", 0.2, 0.5],
  );
  await workersOf(tab, 1);
  assert.deepEqual(site.complaints, []);
  await site.close();
});

test("what is wrong is told in a sentence, in the element and by an event", async () => {
  const site = await openSite(browser, "<div></div>", { mnist: digits.folder });
  const { tab } = site;
  const cases = [
    [
      "",
      'data: nothing, expected the address of a folder that has MNIST’s four files, such as data="/mnist/"',
    ],
    [
      'data="/none"',
      // Whichever of the four is answered first.
      /^data: http:\S+\/none\/(?:train|t10k)-\w+-idx\d-ubyte\.gz could not be fetched: the server answered 404 Not Found$/,
    ],
    ['data="http://["', "data: “http://[” is no address, expected that of a folder"],
    ['data="/mnist/" net="dens 3"', /^net: .*column 1.*dens/],
    [
      'data="/mnist/" batch-size="0" lr="3"',
      "batch-size: a whole number of at least 1, not “0”. lr: there is no such attribute, expected learning-rate.",
    ],
    ['lab="tables"', "lab: digits or functions, not “tables”."],
    ['threads="many"', "threads: a whole number of at least 1, not “many”."],
    [
      'lab="functions" data="sin("',
      /^data: .*; or one of the sets spiral, moons, circles, clouds$/,
    ],
    [
      'lab="functions" data="log(x)"',
      /^data: f: it has no value at x = .*log needs a number above 0/,
    ],
    ['lab="functions" momentum="0.5"', /momentum/],
  ];
  for (const [attributes, sentence] of cases) {
    await tab.evaluate((html) => {
      globalThis.heard.length = 0;
      document.querySelector("div").innerHTML = html;
    }, `<lanegrad-lab ${attributes} autostart></lanegrad-lab>`);
    await tab.waitForFunction(() => globalThis.heard.some(({ type }) => type === "lanegrad-error"));
    const text = await problem(tab).textContent();
    if (typeof sentence === "string") assert.equal(text, sentence);
    else assert.match(text, sentence);
    assert.ok(await problem(tab).isVisible());
    const [{ detail }] = await heardOf(tab, "error");
    assert.equal(detail.message, text);
    assert.match(detail.code, /^(?:InvalidArgument|LoadFailed|CorruptData|NotFound)$/);
    await workersOf(tab, 0);
  }
  assert.deepEqual(site.complaints, []);
  await site.close();
});

test("two on a page keep apart; one that is taken out ends, one that is only moved goes on", async () => {
  const long = 'lab="functions" epochs="100000" autostart';
  const html = `<div><lanegrad-lab id="a" ${long}></lanegrad-lab></div><p></p><lanegrad-lab id="b" ${long} data="spiral"></lanegrad-lab>`;
  const site = await openSite(browser, html);
  const { tab } = site;
  const steps = (id) =>
    tab.waitForFunction(
      (id) => globalThis.heard.filter((event) => event.id === id).at(-1)?.detail.step > 5,
      id,
    );
  await steps("a");
  await steps("b");
  assert.equal(tab.workers().length, 2);
  const isSame = await tab.evaluate(() => {
    const element = document.querySelector("#a");
    const { trainer } = element;
    globalThis.gone = element;
    document.querySelector("div").insertBefore(element, null);
    globalThis.heard.length = 0;
    return trainer === element.trainer;
  });
  assert.ok(isSame);
  await steps("a");
  await tab.evaluate(() => globalThis.gone.remove());
  await tab.waitForFunction(() => globalThis.gone.trainer === undefined);
  await workersOf(tab, 1);
  // Put back, it begins anew by itself.
  await tab.evaluate(() => {
    globalThis.heard.length = 0;
    document.querySelector("div").append(globalThis.gone);
  });
  await steps("a");
  await workersOf(tab, 2);
  assert.deepEqual((await heardOf(tab, "error")).length, 0);
  assert.deepEqual(site.complaints, []);
  await site.close();
});

test("it fits every width, axe finds nothing, and pages choose its colours", async () => {
  const html = `<lanegrad-lab data="/mnist/" ${small} autostart></lanegrad-lab><lanegrad-lab id="f" lab="functions" epochs="20" autostart></lanegrad-lab>
    <lanegrad-lab id="wrong" lr="1"></lanegrad-lab>`;
  const css =
    "#f { --lanegrad-background: rgb(240 250 240) } #f::part(status) { font-style: italic }";
  for (const colorScheme of ["light", "dark"]) {
    const options = { mnist: digits.folder, css, context: { colorScheme } };
    const site = await openSite(browser, html, options);
    const { tab } = site;
    await waitFor(tab, "finished", "lanegrad-lab:first-of-type");
    await waitFor(tab, "finished", "#f");
    await tab.getByRole("button", { name: "A test digit" }).first().click();
    for (const width of [320, 480, 800, 1280]) {
      await tab.setViewportSize({ width, height: 900 });
      const wide = await tab.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `at ${width} px the page is ${wide} px wide`);
    }
    const at = (selector, property) =>
      tab
        .locator(selector)
        .first()
        .evaluate((element, name) => getComputedStyle(element)[name], property);
    const paper = colorScheme === "light" ? "rgb(255, 255, 255)" : "rgb(31, 33, 37)";
    assert.equal(await at("lanegrad-lab .lab", "backgroundColor"), paper);
    assert.equal(await at("#f .lab", "backgroundColor"), "rgb(240, 250, 240)");
    assert.equal(await at("#f .status", "fontStyle"), "italic");
    await tab.locator("#f").evaluate((element) => element.remove()); // its paper is light in the dark
    assert.deepEqual(await axeFindings(tab), [], colorScheme);
    await tab
      .locator("lanegrad-lab")
      .first()
      .evaluate((element) => element.setAttribute("theme", "dark"));
    assert.equal(await at("lanegrad-lab .lab", "backgroundColor"), "rgb(31, 33, 37)");
    assert.deepEqual(site.complaints, []);
    await site.close();
  }
});

test("a document that isolates itself alone gives it threads, and one that does not says why", async () => {
  const html =
    '<lanegrad-lab lab="functions" data="moons" threads="2" epochs="3" autostart></lanegrad-lab>';
  for (const headers of [{}, { "Document-Isolation-Policy": "isolate-and-require-corp" }]) {
    const site = await openSite(browser, html, { headers });
    await waitFor(site.tab, "finished");
    const { threads, note } = await site.tab
      .locator("lanegrad-lab")
      .evaluate(({ trainer }) => trainer.info);
    const isIsolated = Object.keys(headers).length > 0;
    assert.equal(threads, isIsolated ? 2 : 1);
    if (isIsolated) assert.equal(note, undefined);
    else assert.match(note, /isolated/);
    await site.close();
  }
});

test("where there are no elements, as on a server, importing it does nothing", () => {
  const code = `import { LanegradLab } from "lanegrad/element"; console.log(typeof LanegradLab);`;
  const printed = execFileSync("node", ["--input-type=module", "-e", code], {
    cwd: root,
    encoding: "utf8",
  });
  assert.equal(printed, "function\n");
});
