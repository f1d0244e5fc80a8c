// The main paths of the page, for a browser by its name; each test goes on in the same window.
import assert from "node:assert/strict";
import { after, test as nodeTest } from "node:test";
import { test } from "../support/test.mjs";
import { countKeptHere, servePage } from "../web/support.mjs";
import { launch, missing } from "./browsers.mjs";

const id = (name) => `[data-testid="${name}"]`;
const small = "net=dense+32,+relu,+dense+classes&validation=0&seed=3";

/** Defines the tests; `variant` is what the page says of the module that runs there. */
export async function testPage(name, variant) {
  const skip = missing[name]();
  if (skip) return nodeTest(`the page in ${name}`, { skip }, () => {});

  let browser;
  const start = async (options) => {
    browser = await launch(name, options);
    browser.wrong = () =>
      document.querySelector('#page-problems > *, [data-testid="problem"]')?.textContent;
  };
  let site = await servePage();
  await start();
  after(async () => {
    await browser.close();
    site.close();
  });

  const text = (selector) => browser.run((s) => document.querySelector(s)?.textContent, selector);
  const sees = (...what) => browser.until(...what);
  const reads = async (selector, expected) => {
    const words = [expected].flat();
    const same = (s, words) => words.includes(document.querySelector(s)?.textContent);
    const what = `${selector} reads ${words}`;
    await sees(what, same, selector, words).catch(async (error) => {
      throw new Error(`${error.message}, but ${await text(selector)}`, { cause: error });
    });
  };
  const status = (...words) => reads(id("status"), words);
  const open = async (query) => browser.go(`${site.address}?${query}`);
  const step = async () =>
    Number((await text("#way-text")).match(/^Step ([\d,]+)/)[1].replaceAll(",", ""));

  test("a link trains a net, which reads a digit that is drawn", async () => {
    await open(`${small}&epochs=2&autostart=1`);
    await status("finished");
    assert.match(await text(id("variant")), variant);
    const accuracy = Number.parseFloat(await text(id("test-accuracy")));
    assert.ok(accuracy > 90 && accuracy < 99, `${accuracy} %`);
    const seven = [[0.3, 0.25], [0.7, 0.25], [0.6, 0.5], [0.45, 0.8]]; // prettier-ignore
    await browser.draw(id("draw-pad"), seven);
    await reads(id("prediction"), "7");
  });

  test("the inspector shows the layers and tensors of that net", async () => {
    await browser.click("#inspector summary");
    await sees("the inspector", () => document.querySelector("#inspector .inside"));
    await browser.run(() => document.querySelector("#inspector .inside").scrollIntoView());
    const counts = () => [
      document.querySelectorAll('[data-testid="layer-answers"] li').length,
      document.querySelectorAll('[data-testid="tensors"] tbody tr').length,
    ];
    await sees("the inspector is filled", `() => String((${counts})()) === "3,4"`);
    await reads(id("inspected-step"), "1,876");
  });

  test("after a reload the kept run is offered, and is restored", async () => {
    await open(small);
    await status("idle");
    await browser.click(`${id("kept")} button`);
    await sees("the run is back", () => document.querySelectorAll("#epoch-rows tr").length === 2);
    assert.equal(await step(), 1876);
  });

  test("pause, one step, resume and stop", async () => {
    await open(`${small}&epochs=1000&autostart=1`);
    await status("training");
    await sees(
      "it makes steps",
      () => !/^Step 0 /.test(document.querySelector("#way-text").textContent),
    );
    await browser.click(id("pause"));
    await status("paused");
    const paused = await step();
    await browser.click(id("step"));
    const after = (s) =>
      document.querySelector("#way-text").textContent.replaceAll(",", "").startsWith(`Step ${s} `);
    await sees("one step more", after, paused + 1);
    await browser.click(id("pause"));
    await status("training");
    const further = (s) =>
      Number(document.querySelector("#way-text").textContent.replaceAll(",", "").match(/\d+/)) > s;
    await sees("it goes on", further, paused + 1);
    await browser.click(id("stop"));
    await status("stopped");
    assert.ok((await step()) > paused + 1);
  });

  test("Functions learns f(x)", async () => {
    await open("lab=functions&f=x&net=dense+4,+tanh&steps=300&pace=0&seed=1");
    await browser.click(`#functions ${id("start")}`);
    await reads(id("fn-status"), "finished");
    assert.equal(await text(id("fn-step")), "300");
    const loss = Number(await text(id("fn-train-loss")));
    assert.ok(loss > 0 && loss < 0.2, `the loss is ${loss}`);
  });

  test("Autograd walks forward and backward", async () => {
    // f = (a·b + c)², a = 2, b = −3, c = 10: df/da = 2 · 4 · b = −24.
    await open("lab=autograd&at=0");
    const given = "These values are given. All others are computed from them.";
    await reads(`#autograd ${id("sentence")}`, given);
    for (const expected of ["mul: 2 × −3 = −6", "add: −6 + 10 = 4", "pow: 4^2 = 16"]) {
      await browser.click(`#autograd ${id("next")}`);
      await reads(`#autograd ${id("sentence")}`, expected);
    }
    for (let i = 0; i < 4; i++) await browser.click(`#autograd ${id("next")}`);
    const card = await text('#autograd [data-label="a"]');
    assert.match(card, /value2gradient−24$/);
    assert.ok(
      await browser.run((s) => document.querySelector(s).disabled, `#autograd ${id("next")}`),
    );
  });

  test("the tour sees that its first task is done", async () => {
    await open(small);
    await status("idle");
    await browser.click(id("start-tour"));
    await reads(".tour h2", "What goes in, and what comes out");
    await sees("the step's target", () => document.querySelector(".tour-target"));
    await browser.draw(id("draw-pad"), [[0.3, 0.25], [0.7, 0.25], [0.45, 0.8]]); // prettier-ignore
    await sees("✓ Done.", () =>
      document.querySelector(".tour-outcome").textContent.startsWith("✓ Done."),
    );
  });

  test("a run that was under way when the browser was killed is offered again", async () => {
    await open(`${small}&epochs=1000&autostart=1`);
    await sees("three epochs", () => document.querySelectorAll("#epoch-rows tr").length >= 3);
    await sees("it is kept", countKeptHere, "last");
    const { profile } = browser;
    await browser.close({ keep: true, kill: true });
    await start({ profile });
    await open(small);
    await browser.click(`${id("kept")} button`);
    await sees("the run is back", () => document.querySelectorAll("#epoch-rows tr").length >= 1);
    assert.ok((await step()) >= 938);
  });

  test("in a private window, which may not store anything, it trains each time", async () => {
    await browser.close();
    await start({ isPrivate: true });
    for (let visit = 0; visit < 2; visit++) {
      await open(`${small}&epochs=1&autostart=1`);
      await status("finished");
    }
  });

  test("without a connection all labs work, also in a browser that was closed meanwhile", async () => {
    await browser.close();
    site.close();
    site = await servePage();
    await start();
    await open(small);
    await reads(id("offline"), "Stored for use without a connection.");
    const { profile } = browser;
    await browser.close({ keep: true });
    site.close();
    await assert.rejects(fetch(site.address));
    await start({ profile });
    await open(`${small}&epochs=1&autostart=1`);
    await status("finished");
    assert.ok(await browser.run(() => crossOriginIsolated));
    await open("lab=autograd");
    await sees("the graph", () => document.querySelector('#autograd [data-testid="graph"] svg'));
    await open("lab=functions&f=x&steps=20&pace=0");
    await browser.click(`#functions ${id("start")}`);
    await reads(id("fn-status"), "finished");
    await open("lab=tables");
    await sees("Tables", () => document.querySelector('#tables [data-testid="start"]:enabled'));
  });
}
