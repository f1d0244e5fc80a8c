// Links to what is on screen: made in the dialog, and opened in another page.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after } from "node:test";
import { test } from "../support/test.mjs";
import jsQR from "jsqr";
import { axeFindings, withAxe } from "../support/axe.mjs";
import { at, goToLab, launchSite, openPage, waitForLab, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();
const pages = [];
after(() => {
  for (const page of pages) assert.deepEqual(page.complaints, []);
});

async function open(address, options) {
  const page = await openPage(browser, address, options);
  pages.push(page);
  return page;
}

const query = "?net=pool+7,+dense+classes&batch=6000&lr=0.05&epochs=1";

async function openDialog(page) {
  await at(page, "share").click();
  await at(page, "share-dialog").waitFor();
  return () => at(page, "share-link").inputValue();
}

const focused = (page) => page.evaluate(() => document.activeElement.textContent.trim());
const isInSight = (page, selector) =>
  page.locator(selector).evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return top >= -1 && top < innerHeight && bottom > 0;
  });

test("the link that is copied has the settings on screen and starts by itself where that was asked, and its QR code says the same", async () => {
  const context = { permissions: ["clipboard-read", "clipboard-write"] };
  const page = await open(site.address + query, { context });
  await waitForStatus(page, "idle");
  await page.locator("#seed").fill("7");
  await page.locator("#seed").press("Tab");
  const link = await openDialog(page);
  assert.equal(await link(), page.url());
  await at(page, "share-autostart").check();
  await at(page, "share-copy").click();
  const said = page.locator('[data-testid="share-said"]:not(:empty)');
  assert.equal(await said.textContent(), "The link is copied.");
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, `${page.url()}&autostart=1`);

  const code = await at(page, "share-code")
    .locator("svg")
    .evaluate(async (svg) => {
      const image = new Image(600, 600);
      const text = new XMLSerializer().serializeToString(svg);
      image.src = `data:image/svg+xml;base64,${btoa(text)}`;
      await image.decode();
      const canvas = new OffscreenCanvas(600, 600);
      const context = canvas.getContext("2d");
      context.drawImage(image, 0, 0, 600, 600);
      return [...context.getImageData(0, 0, 600, 600).data];
    });
  assert.equal(jsQR(new Uint8ClampedArray(code), 600, 600)?.data, copied);

  const other = await open(copied);
  await waitForStatus(other, "finished");
  assert.equal(await other.locator("#seed").inputValue(), "7");
  assert.equal(await at(other, "net-text").inputValue(), await at(page, "net-text").inputValue());
  // Who opens it can share it on, with that and without.
  const again = await openDialog(other);
  assert.equal(await again(), page.url());
  await other.context().close();
  await page.context().close();
});

test("the dialog is for the keyboard, too: Escape leaves the large code, then the dialog, and the focus goes back", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await open(site.address + query, { context: { colorScheme }, prepare: withAxe });
    await waitForStatus(page, "idle");
    await at(page, "share").focus();
    await page.keyboard.press("Enter");
    await at(page, "share-dialog").waitFor();
    assert.equal(await focused(page), "Copy link");
    assert.deepEqual(await axeFindings(page, ".share"), []);
    await at(page, "share-large").press("Enter");
    const large = await at(page, "share-code").locator("svg").boundingBox();
    assert.ok(large.width > 600, `${large.width} pixels`);
    assert.ok(large.y + large.height <= 900);
    await page.keyboard.press("Escape");
    assert.equal(await at(page, "share-large").textContent(), "Show large");
    await page.keyboard.press("Escape");
    await at(page, "share-dialog").waitFor({ state: "detached" });
    assert.equal(await focused(page), "Share");
    await page.context().close();
  }
});

test("a link opens at each section of each lab, and the focus is at its heading", async () => {
  for (const lab of ["digits", "functions", "autograd"]) {
    const page = await open(`${site.address}?lab=${lab}`);
    await waitForLab(page, lab);
    const link = await openDialog(page);
    const places = await at(page, "share-at")
      .locator('option[value^="at="]')
      .evaluateAll((options) => options.map(({ value }) => value));
    assert.ok(places.length >= 5, lab);
    const last = places.at(-1);
    for (const place of places) {
      await at(page, "share-at").selectOption(place);
      assert.ok((await link()).endsWith(`#${place}`));
      // The same page follows it as well.
      if (place !== "at=pad" && place !== last) continue;
      const other = await open(await link());
      await waitForLab(other, lab);
      const section = `#${lab} [data-section="${place.slice(3)}"]`;
      const heading = other.locator(`${section} :is(h2, h3)`).first();
      await other.waitForFunction(
        (section) => document.querySelector(section)?.contains(document.activeElement),
        section,
      );
      assert.ok(await heading.evaluate((element) => element === document.activeElement));
      await other.waitForTimeout(500);
      assert.ok(await isInSight(other, section), `${lab} ${place}`);
      await other.context().close();
    }
    await page.keyboard.press("Escape");
    await page.evaluate((place) => (location.hash = place), places[0]);
    const first = `#${lab} [data-section="${places[0].slice(3)}"]`;
    await page.waitForFunction(
      (section) => document.querySelector(section).contains(document.activeElement),
      first,
    );
    await page.context().close();
  }
});

test("a link opens the tour at a step, with what it carries, and nothing happens at a place that is not there", async () => {
  const page = await open(`${site.address}${query}#at=nowhere&what=ever`);
  await waitForStatus(page, "idle");
  await page.locator("#pick").click();
  const link = await openDialog(page);
  await at(page, "share-at").selectOption("tour=2");
  await at(page, "share-drawing").check();
  assert.match(await link(), /#tour=2&drawing=[\w-]{100,600}$/);
  const other = await open(await link());
  await at(other, "tour").getByText("Tour, 2 of 12").waitFor();
  await other.waitForFunction(
    () => document.querySelector('[data-testid="prediction"]').textContent !== "–",
  );
  assert.equal(await page.locator('[data-testid="problem"]').count(), 0);
  await other.context().close();
  await page.context().close();
});

// What the network sees of the pad, and what it answers.
const onPad = async (page) => ({
  seen: await at(page, "seen").evaluate((canvas) => [
    ...canvas.getContext("2d").getImageData(0, 0, 28, 28).data,
  ]),
  answer: await at(page, "prediction").textContent(),
  shares: await page.locator("#bars .share").allTextContents(),
});

async function draw(page) {
  const pad = at(page, "draw-pad");
  await pad.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await pad.boundingBox();
  await page.mouse.move(x + 0.3 * width, y + 0.25 * height);
  await page.mouse.down();
  await page.mouse.move(x + 0.7 * width, y + 0.25 * height, { steps: 5 });
  await page.mouse.move(x + 0.45 * width, y + 0.8 * height, { steps: 8 });
  await page.mouse.up();
  await page.waitForFunction(
    () => document.querySelector('[data-testid="prediction"]').textContent !== "–",
  );
}

test("a drawing comes back to the pixel, and with the same answer", async () => {
  const page = await open(site.address + query);
  await waitForStatus(page, "idle");
  let link = await openDialog(page);
  assert.ok(await at(page, "share-drawing").isDisabled(), "an empty pad has nothing to carry");
  await at(page, "share-close").click();
  await draw(page);
  link = await openDialog(page);
  await at(page, "share-drawing").check();
  const address = await link();
  assert.ok((await at(page, "share-code").locator("svg").count()) === 1, `${address.length}`);

  const other = await open(address);
  await waitForStatus(other, "idle");
  await other.waitForFunction(
    () => document.querySelector('[data-testid="prediction"]').textContent !== "–",
  );
  assert.deepEqual(await onPad(other), await onPad(page));
  await other.context().close();

  const cut = await open(address.slice(0, -9));
  await at(cut, "problem").waitFor();
  assert.match(
    await at(cut, "problem").textContent(),
    /^The drawing in this link cannot be openedThat part of the link was cut or changed on its way here\./,
  );
  await cut.context().close();
  await page.context().close();
});

test("in a frame of another site, which may not write to the clipboard, the link is selected", async () => {
  const host = createServer((_, response) => {
    response.setHeader("Content-Type", "text/html");
    response.end(`<iframe src="${site.address}${query}" width="1200" height="850"></iframe>`);
  }).listen(0, "127.0.0.1");
  try {
    await new Promise((resolve) => host.once("listening", resolve));
    const page = await open(`http://127.0.0.1:${host.address().port}/`);
    const frame = page.frameLocator("iframe");
    await frame.locator('[data-testid="status"][data-status="idle"]').waitFor();
    await frame.getByTestId("share").click();
    await frame.getByTestId("share-copy").click();
    await frame.getByTestId("share-said").getByText("The link is selected").waitFor();
    const selected = await frame.getByTestId("share-link").evaluate((field) => {
      const { selectionStart, selectionEnd, value } = field;
      return [document.activeElement === field, value.slice(selectionStart, selectionEnd)];
    });
    assert.equal(selected[0], true);
    assert.match(selected[1], /^http:\/\/localhost:\d+\/\?net=pool\+7/);
    await page.context().close();
  } finally {
    host.close();
  }
});

test("a lab without a run of its own shares its address", async () => {
  const page = await open(`${site.address}?lab=autograd&f=a*b`);
  await waitForLab(page, "autograd");
  await goToLab(page, "functions");
  await waitForLab(page, "functions");
  const link = await openDialog(page);
  assert.match(await link(), /\?lab=functions$/);
  assert.equal(await page.locator(".share fieldset").count(), 0);
  await page.context().close();
});
