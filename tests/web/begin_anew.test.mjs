// A computer that several people use: the page is as on a first visit afterwards, in all tabs.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "../support/test.mjs";
import { axeFindings, withAxe } from "../support/axe.mjs";
import {
  at,
  bringPictures,
  countKept,
  goToLab,
  launchSite,
  openPage,
  openTab,
  putKept,
  root,
  waitForStatus,
} from "./support.mjs";

const { browser, site } = await launchSite();
const trained = "?net=dense+8,+relu,+dense+classes&epochs=1&seed=7&lr=0.01";

// All that a visitor sees of Digits at first, and all that the browser keeps for it.
async function visit(page) {
  await page.locator("#digits h1").waitFor();
  await waitForStatus(page, "idle");
  await page.locator("#filters-figure").waitFor();
  await page.waitForTimeout(500); // what is drawn after all else
  return page.evaluate(async () => {
    const fields = [...document.querySelectorAll("#digits :is(input, select, textarea)")];
    return {
      address: location.pathname + location.search + location.hash,
      text: document.body.innerText,
      values: fields.map((field) => [
        field.id,
        field.type === "checkbox" ? field.checked : field.value,
      ]),
      keys: [...Object.keys(localStorage), ...Object.keys(sessionStorage)],
      databases: await indexedDB.databases(),
    };
  });
}

test("after it a reload shows what a first visit shows, in Digits and in the tab of another lab; the stored digits stay", async () => {
  const stranger = await openPage(browser, site.address);
  const first = await visit(stranger);
  await stranger.context().close();

  const page = await openPage(browser, site.address + trained, { prepare: withAxe });
  const context = page.context();
  await waitForStatus(page, "idle");
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  await at(page, "keep-run").click();
  await at(page, "compared").waitFor();
  await at(page, "start-tour").click();
  await page.getByRole("button", { name: "Skip this" }).click();
  await page.getByRole("button", { name: "Leave" }).click();
  const mnist = (name) => ({
    name: `${name}.gz`,
    mimeType: "application/gzip",
  });
  const give = async (name) => ({
    ...mnist(name),
    buffer: await readFile(`${root}build/web/mnist/${name}.gz`),
  });
  await bringPictures(page, [
    await give("t10k-images-idx3-ubyte"),
    await give("t10k-labels-idx1-ubyte"),
  ]);
  await page.getByLabel("What the classes are called").fill("o,a,b,c,d,e,f,g,h,i");
  await page.keyboard.press("Tab");
  await page.waitForFunction(() => Object.keys(localStorage).length === 2);

  const other = await openTab(context, `${site.address}?lab=functions&f=x`);
  await other.locator("#functions h1").waitFor();
  const training = await openTab(context, `${site.address}?epochs=500&seed=9`);
  await waitForStatus(training, "idle");
  await at(training, "start").click();
  await waitForStatus(training, "training");

  await putKept(training, { sweep: {}, board: [] });
  // It says what there is, and nothing happens before it is told to.
  await page.bringToFront();
  await page.getByRole("link", { name: "begin anew here" }).click();
  await page.locator('[data-testid="forget"]:enabled').waitFor();
  const list = await at(page, "forgotten").locator("li").allTextContents();
  for (const what of [
    /^the last run/,
    /^1 run kept to compare/,
    /^the last sweep/,
    /^the results of a class/,
    /guided tour/,
    /names of classes of 1 set/,
  ])
    assert.ok(
      list.some((line) => what.test(line.trim())),
      `${what}: ${list.join(" | ")}`,
    );
  assert.deepEqual(await axeFindings(page, "main"), []);
  assert.equal(await at(training, "status").textContent(), "training");
  await at(page, "forget").click();

  const fresh = await visit(page);
  for (const [part, value] of Object.entries(first)) assert.deepEqual(fresh[part], value, part);
  assert.equal(await page.evaluate(() => document.activeElement === document.body), true);
  assert.equal(await page.evaluate(() => scrollY), 0);
  for (const tab of [other, training]) {
    await tab.bringToFront();
    const shown = await visit(tab);
    assert.equal(shown.address, first.address);
    assert.deepEqual(shown.keys, []);
    assert.deepEqual(tab.complaints, []);
  }
  // Nobody has kept anything on the way out.
  await page.bringToFront();
  await page.reload();
  assert.deepEqual(await visit(page), first);
  const caches = await page.evaluate(() => globalThis.caches.keys());
  assert.equal(caches.filter((name) => name.startsWith("lanegrad-mnist-")).length, 1);
  assert.deepEqual(page.complaints, []);
  await context.close();
});

test("whoever does not want that goes back, and has all that was there", async () => {
  const page = await openPage(browser, `${site.address}?lab=functions&f=x^3`);
  await page.locator("#functions h1").waitFor();
  await page.evaluate(() => localStorage.setItem("lanegrad-tour", '{"at":3,"done":[]}'));
  await page.evaluate(() => localStorage.setItem("another-page", "of this host"));
  await page.goto(`${site.address}begin_anew.html`);
  await at(page, "keep").click();
  await page.locator("#functions h1").waitFor();
  assert.match(page.url(), /f=x(\^|%5E)3$/);
  assert.equal(await at(page, "start-tour").textContent(), "Continue the tour");
  await page.goto(`${site.address}begin_anew.html`);
  await at(page, "forget").click();
  await page.locator("#digits h1").waitFor();
  assert.equal(await at(page, "start-tour").textContent(), "Guided tour");
  // What another page of the same host keeps is none of ours.
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), ["another-page"]);
  await goToLab(page, "functions");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("begin_anew.html fits every width, light and dark, and says what stays", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await openPage(browser, `${site.address}begin_anew.html`, {
      context: { colorScheme },
      prepare: withAxe,
    });
    await page.locator('[data-testid="forget"]:enabled').waitFor();
    for (const width of [320, 640, 1280]) {
      await page.setViewportSize({ width, height: 700 });
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width);
    }
    assert.match(await page.locator("main").innerText(), /copy of the page and of MNIST/);
    assert.deepEqual(await axeFindings(page), []);
    await page.context().close();
  }
});
