// The page in a frame of another site: the chosen parts and a link to the whole, nothing else.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after } from "node:test";
import { test } from "../support/test.mjs";
import { runnerImport } from "vite";
import { axeFindings, withAxe } from "../support/axe.mjs";
import { at, launchSite, openPage, readLabs, root, waitForLab, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();
const options = { configFile: false, logLevel: "error" };
const { parts, wordsOf } = (await runnerImport(`${root}web/shell/embed/parts.ts`, options)).module;

const small = "net=dense+8,+relu,+dense+classes&epochs=1";

const open = async (search, { lab = "digits", viewport = { width: 800, height: 500 } } = {}) => {
  const page = await openPage(browser, site.address + search, {
    context: { viewport },
    prepare: withAxe,
  });
  await page.locator(`:root:not([data-embed=""]) .whole-page`).waitFor();
  await page.waitForFunction((lab) => !document.querySelector(`#${lab}`).hidden, lab);
  return page;
};

const size = (page) =>
  page.evaluate(() => {
    const { scrollWidth, scrollHeight } = document.documentElement;
    return { scrollWidth, scrollHeight };
  });

test("in a frame of another site, 800 × 500, Digits trains with curves and pad in sight, and nothing scrolls", async () => {
  const host = createServer((_, response) => {
    response.writeHead(200, { "Content-Type": "text/html" });
    const src = `${site.address}?embed=1&autostart=1&${small}`;
    response.end(`<!doctype html><title>School</title><body style="margin:0">
      <iframe src="${src}" width="800" height="500" style="border:0"></iframe>`);
  });
  await new Promise((done) => host.listen(0, "127.0.0.1", done));
  after(() => host.close());
  const page = await openPage(browser, `http://127.0.0.1:${host.address().port}/`);
  const frame = page.frames()[1];
  const status = frame.getByTestId("status").and(frame.locator(":text('finished')"));
  await status.waitFor({ timeout: 120_000 });
  await frame.getByRole("button", { name: "Pick a test digit" }).click();

  for (const name of [/^Loss over 1 epoch\b/, /^Accuracy over 1 epoch\b/])
    assert.ok(await frame.getByRole("img", { name }).isVisible(), String(name));
  for (const part of ["start", "draw-pad", "validation-accuracy", "prediction"])
    assert.ok(await frame.getByTestId(part).isVisible(), part);
  assert.match(await frame.getByTestId("prediction").textContent(), /^\d$/);
  for (const other of [
    ".masthead",
    ".opening",
    ".settings",
    ".net",
    ".examples",
    ".own",
    "figcaption",
  ])
    assert.deepEqual(
      await frame
        .locator(other)
        .evaluateAll(
          (all) => all.filter((each) => each.checkVisibility() && each.clientHeight > 1).length,
        ),
      0,
      other,
    );
  const { scrollWidth, scrollHeight } = await size(frame);
  assert.ok(scrollWidth <= 800 && scrollHeight <= 500, `${scrollWidth} × ${scrollHeight}`);

  // The link has the settings that the frame has by now, and opens a tab of its own.
  const [whole] = await Promise.all([
    page.context().waitForEvent("page"),
    frame.getByRole("link", { name: "lanegrad" }).click(),
  ]);
  await whole.locator(".masthead").waitFor();
  const { searchParams } = new URL(whole.url());
  assert.equal(searchParams.get("net"), "dense 8, relu, dense classes");
  for (const word of ["embed", "show", "autostart"]) assert.ok(!searchParams.has(word), word);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

// The elements of a lab that a visitor sees, of those that its table of parts names.
const seen = (page, lab) =>
  page.evaluate(
    ([lab, selectors]) =>
      selectors.map((selector) =>
        [...document.querySelectorAll(`#${lab} :is(${selector})`)].some((element) =>
          element.checkVisibility(),
        ),
      ),
    [lab, parts[lab].rows.map(([selector]) => selector)],
  );

for (const { name: lab } of await readLabs()) {
  test(`each part of ${lab} can be shown, and then it is all that is seen of the lab's parts`, async () => {
    const { rows } = parts[lab];
    const words = wordsOf(parts[lab]);
    const all = await open(`?lab=${lab}&embed=1&show=all`, { lab });
    await all.locator(`#${lab} .opening`).first().waitFor({ state: "attached" });
    await all.locator(`#${lab}`).evaluate((place) => {
      for (const details of place.querySelectorAll("details")) details.open = true;
    });
    // What is not seen even now only comes later, such as filters.
    const possible = await seen(all, lab);
    assert.ok(possible.filter(Boolean).length > rows.length * 0.7, possible.join());
    await all.context().close();
    for (const word of words.filter((word) => word !== "words")) {
      const page = await open(`?lab=${lab}&embed=1&show=${word}`, { lab });
      await page.locator(`#${lab} .opening`).first().waitFor({ state: "attached" });
      const found = await seen(page, lab);
      for (const [i, [selector, shownFor]] of rows.entries()) {
        if (!shownFor.split(" ").includes(word))
          assert.equal(found[i], false, `${word}: ${selector}`);
        else if (possible[i] && shownFor.split(" ").length === 1)
          assert.equal(found[i], true, `${word}: ${selector}`);
      }
      assert.deepEqual(page.complaints, []);
      await page.context().close();
    }
  });
}

test("an address keeps what it says of the frame, in each lab and where settings change; other names of parts do as well", async () => {
  const page = await open("?embed=1&show=Curves,network,form");
  await waitForStatus(page, "idle");
  await page.getByLabel("Seed", { exact: true }).fill("7");
  await page.keyboard.press("Tab");
  await page.waitForFunction(() => location.search.includes("seed=7"));
  assert.match(new URL(page.url()).search, /&embed=1&show=Curves,network,form$/);
  assert.ok(await page.locator(".settings").isVisible());
  assert.equal(await page.locator(".draw").isVisible(), false);
  await page.reload();
  await waitForStatus(page, "idle");
  assert.equal(await page.getByLabel("Seed", { exact: true }).inputValue(), "7");
  assert.equal(await page.locator(".masthead").isVisible(), false);
  await page.context().close();

  const autograd = await open("?embed=1&lab=autograd&show=formula,check&f=a*b", {
    lab: "autograd",
  });
  await autograd.getByTestId("formula").fill("a*a*b");
  await autograd.waitForFunction(() => location.search.includes("a*a*b"));
  const { searchParams } = new URL(autograd.url());
  assert.deepEqual(
    ["lab", "embed", "show"].map((word) => searchParams.get(word)),
    ["autograd", "1", "formula,check"],
  );
  await autograd.context().close();
});

test("a part that does not exist is told of, with those that do; embed=0 is the whole page", async () => {
  const page = await open("?embed=1&show=plots,filtres&lab=functions", { lab: "functions" });
  const told = await at(page, "notice").textContent();
  assert.match(
    told,
    /“filtres” in “show” is no part of Functions, which has: start, plots, loss, /,
  );
  const digits = await open("?embed=1&show=settngs");
  assert.match(await at(digits, "notice").textContent(), /Did you mean settings\?/);
  assert.ok(
    await at(digits, "start").isVisible(),
    "nothing that exists was asked: the usual is shown",
  );
  const whole = await openPage(browser, `${site.address}?embed=0`);
  await waitForStatus(whole, "idle");
  assert.ok(await whole.locator(".masthead").isVisible());
  assert.ok(await whole.locator(".lead").isVisible());
  for (const each of [page, digits, whole]) {
    assert.deepEqual(each.complaints, []);
    await each.context().close();
  }
});

test("a frame of any width has no part beyond its edge, and axe finds nothing", async () => {
  const labs = await readLabs();
  for (const { name: lab } of labs) {
    for (const colorScheme of ["light", "dark"]) {
      const page = await open(`?lab=${lab}&embed=1`, { lab });
      await page.emulateMedia({ colorScheme });
      await waitForLab(page, lab);
      for (const width of [320, 480, 640, 800, 1280]) {
        await page.setViewportSize({ width, height: 500 });
        const { scrollWidth } = await size(page);
        assert.ok(scrollWidth <= width, `${lab} at ${width} px is ${scrollWidth} px wide`);
      }
      assert.deepEqual(await axeFindings(page), [], `${lab} ${colorScheme}`);
      await page.context().close();
    }
  }
});
