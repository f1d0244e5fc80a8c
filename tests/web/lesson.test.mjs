// The page of the lesson: made of docs/lesson.md, its links lead to what they name, and it prints on two sheets.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "../support/test.mjs";
import { axeFindings, withAxe } from "../support/axe.mjs";
import { at, launchSite, openPage, openTab, root, waitForLab } from "./support.mjs";

const { browser, site } = await launchSite();
const open = (context) =>
  openPage(browser, `${site.address}lesson.html`, { context, prepare: withAxe });

test("it has all that docs/lesson.md has, with a folded answer for each task", async () => {
  const page = await open();
  const text = await readFile(`${root}docs/lesson.md`, "utf8");
  const titles = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) => title);
  assert.deepEqual(await page.locator("h1, h2, h3").allTextContents(), titles);
  const tasks = page.locator(".task");
  const count = [...text.matchAll(/^\d+\. \*\*/gm)].length;
  assert.equal(await tasks.count(), count);
  const plain = (text) => text.replace(/[\s*_`\[\]’'"]/g, "");
  const own = plain(text.replace(/\(http:[^)]*\)/g, ""));
  for (const task of await tasks.all()) {
    const question = await task.locator(".question").textContent();
    const answer = await task.locator("details p").textContent();
    assert.ok(own.includes(plain(question)), question);
    assert.ok(own.includes(plain(answer)) && answer.length > 20, answer);
    assert.equal(await task.locator("details p").isVisible(), false);
  }
  await at(page, "answers").click();
  assert.ok(await tasks.first().locator("details p").isVisible());
  assert.equal(await page.locator("details[open]").count(), count);
  assert.equal(await at(page, "answers").textContent(), "Hide all answers");
  await page.locator("summary").first().click();
  await page.getByRole("button", { name: "Show all answers" }).click();
  await page.getByRole("button", { name: "Hide all answers" }).click();
  assert.equal(await page.locator("details[open]").count(), 0);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("each link opens the page with the settings that it names, and without a complaint", async () => {
  const page = await open();
  const links = await page.locator("main a").evaluateAll((all) => all.map(({ href }) => href));
  assert.ok(links.length >= 15, links.join());
  const others = await page
    .locator("header a, footer a")
    .evaluateAll((all) => all.map(({ href }) => href));
  for (const href of others) assert.equal((await page.request.get(href)).status(), 200, href);
  for (const href of new Set(links)) {
    const url = new URL(href);
    assert.equal(url.pathname, "/", href);
    const tab = await openTab(page.context(), href);
    const lab = url.searchParams.get("lab") ?? "digits";
    await waitForLab(tab, lab);
    const now = () => new URL(tab.url()).searchParams;
    for (const [word, value] of url.searchParams) {
      // What is the usual value is left out of an address.
      if (now().has(word)) assert.equal(now().get(word), value, href);
      else assert.ok(["a", "b", "seed"].includes(word), `${href}: ${word} has gone`);
    }
    assert.deepEqual(await tab.locator(".problem").allTextContents(), [], href);
    const step = /#tour=?(\d*)$/.exec(url.hash)?.[1];
    if (step !== undefined)
      assert.equal(await tab.locator(".tour-place").textContent(), `Tour, ${step || 1} of 12`);
    assert.deepEqual(tab.complaints, []);
    await tab.close();
  }
  await page.context().close();
});

test("task 9: f and its gradients are as the answer says", async () => {
  const page = await open();
  await page.getByRole("link", { name: "open it" }).click();
  await waitForLab(page, "autograd");
  const graph = at(page, "graph");
  for (const number of ["18", "12", "9"])
    await graph.getByText(number, { exact: true }).first().waitFor();
  await page.context().close();
});

test("it prints on two sheets of A4 without the answers and with them, without what is pressed", async () => {
  const page = await open();
  const pages = async () =>
    (await page.pdf({ preferCSSPageSize: true })).toString("latin1").match(/\/Type\s*\/Page\b/g)
      .length;
  assert.ok((await pages()) <= 2, `${await pages()} sheets without answers`);
  await at(page, "answers").click();
  assert.ok((await pages()) <= 2, `${await pages()} sheets with answers`);
  await page.emulateMedia({ media: "print" });
  for (const gone of [".masthead", "footer", "summary"])
    assert.equal(await page.locator(gone).first().isVisible(), false, gone);
  await page.context().close();
});

test("it fits every width, and axe finds nothing, light and dark", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await open({ colorScheme });
    await at(page, "answers").click();
    for (const width of [320, 360, 640, 960, 1920]) {
      await page.setViewportSize({ width, height: 800 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `at ${width} px the page is ${wide} px wide`);
    }
    assert.deepEqual(await axeFindings(page), [], colorScheme);
    await page.context().close();
  }
});
