// The pad: mouse, finger, keyboard; what the net sees of it, and what it answers.
import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { at, launchSite, openPage, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();
const page = await openPage(
  browser,
  `${site.address}?net=dense+128,+relu,+dense+classes&epochs=1&validation=0&autostart=1`,
  {
    context: { hasTouch: true },
  },
);
await waitForStatus(page, "finished");
after(() => assert.deepEqual(page.complaints, []));
beforeEach(() => page.getByRole("button", { name: "Clear" }).click());

// The 28 × 28 numbers that the net is shown, with their extent and centre of mass.
async function seen() {
  const ink = await at(page, "seen").evaluate((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, 28, 28);
    return Array.from({ length: 784 }, (_, i) => data[4 * i + 3]);
  });
  const inked = ink.flatMap((value, i) =>
    value > 0 ? [{ value, x: i % 28, y: Math.floor(i / 28) }] : [],
  );
  const mass = inked.reduce((sum, { value }) => sum + value, 0);
  const mean = (axis) =>
    inked.reduce((sum, pixel) => sum + pixel.value * (pixel[axis] + 0.5), 0) / mass;
  const extent = (axis) => {
    const places = inked.map((pixel) => pixel[axis]);
    return Math.max(...places) - Math.min(...places) + 1;
  };
  return {
    empty: inked.length === 0,
    centre: [mean("x"), mean("y")],
    size: inked.length && [extent("x"), extent("y")],
    darkest: Math.max(...ink),
  };
}

async function stroke(points) {
  const pad = at(page, "draw-pad");
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  const [first, ...rest] = points.map(([x, y]) => [box.x + x * box.width, box.y + y * box.height]);
  await page.mouse.move(...first);
  await page.mouse.down();
  for (const point of rest) await page.mouse.move(...point, { steps: 6 });
  await page.mouse.up();
}

const prediction = (text) =>
  page.waitForFunction(
    (text) => document.querySelector('[data-testid="prediction"]').textContent === text,
    text,
    { timeout: 10_000 },
  );

test("an empty sheet gets no answer", async () => {
  assert.equal(await at(page, "prediction").textContent(), "–");
  assert.ok((await seen()).empty);
});

test("a one drawn small in a corner is seen in MNIST's size and place, and read", async () => {
  await stroke([
    [0.12, 0.1],
    [0.1, 0.4],
  ]);
  await prediction("1");
  const { centre, size, darkest } = await seen();
  assert.equal(size[1], 20, "the longer side is 20 pixels");
  assert.ok(size[0] < 12);
  assert.ok(
    Math.abs(centre[0] - 14.5) <= 0.5 && Math.abs(centre[1] - 14.5) <= 0.5,
    `centre ${centre}`,
  );
  assert.ok(darkest > 240);
  const shares = await page.locator("#bars .share").allTextContents();
  const sum = shares.map(Number.parseFloat).reduce((a, b) => a + b, 0);
  assert.ok(Math.abs(sum - 100) < 0.6, `the ten shares add up to ${sum}`);
});

test("a seven is a seven, and more ink changes the answer's shares", async () => {
  await stroke([
    [0.3, 0.25],
    [0.7, 0.25],
    [0.6, 0.5],
    [0.45, 0.8],
  ]);
  await prediction("7");
  const shares = await page.locator("#bars").textContent();
  await stroke([
    [0.3, 0.55],
    [0.75, 0.55],
  ]);
  await page.waitForFunction((old) => document.querySelector("#bars").textContent !== old, shares);
});

test("the keyboard draws, announces and clears", async () => {
  const pad = at(page, "draw-pad");
  await pad.focus();
  await page.keyboard.press("ArrowUp");
  assert.ok(await page.locator("#pen").isVisible(), "the pen shows where it is");
  for (let i = 0; i < 8; i++) await page.keyboard.press("ArrowUp");
  assert.ok((await seen()).empty, "a lifted pen leaves no ink");
  await page.keyboard.press(" ");
  assert.match(
    await page.locator("#pad-announcements").textContent(),
    /Pen down at row 5, column 14/,
  );
  for (let i = 0; i < 18; i++) await page.keyboard.press("ArrowDown");
  await page.keyboard.press(" ");
  await prediction("1");
  const { centre } = await seen();
  assert.ok(Math.abs(centre[0] - 14.5) <= 0.5 && Math.abs(centre[1] - 14.5) <= 0.5);
  await page.keyboard.press("Delete");
  await prediction("–");
  assert.ok((await seen()).empty);
});

test("a finger draws and does not scroll the page", async () => {
  const pad = at(page, "draw-pad");
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  const scrolled = await page.evaluate(() => scrollY);
  const touch = await page.context().newCDPSession(page);
  const point = (y) => ({ x: box.x + box.width / 2, y: box.y + y * box.height });
  await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [point(0.8)] });
  for (let y = 0.75; y >= 0.2; y -= 0.05) {
    await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [point(y)] });
  }
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await prediction("1");
  assert.equal(await page.evaluate(() => scrollY), scrolled);
});

test("the hint speaks of fingers where these draw, and of keys elsewhere", async () => {
  for (const [hasTouch, said] of [
    [true, /^A finger draws, and the page stays where it is meanwhile\.$/],
    [false, /^Arrow keys move the pen, Space lowers or lifts it, Delete clears\.$/],
  ]) {
    const visit = await openPage(browser, site.address, { context: { hasTouch } });
    const coarse = await visit.evaluate(() => matchMedia("(pointer: coarse)").matches);
    assert.equal(coarse, hasTouch);
    assert.match(await visit.locator("#pad-help").innerText(), said);
    const described = visit.getByRole("application", { description: said });
    assert.equal(await described.count(), 1, "a screen reader says the same");
    await visit.context().close();
  }
});

test("a test digit can be picked, and is seen as it is", async () => {
  await page.locator("#grid button").first().click();
  await prediction("7"); // The first digit of MNIST's test set.
  const { size } = await seen();
  assert.deepEqual(size, [16, 20]);
  // One stop for Tab; arrows walk.
  await page.keyboard.press("ArrowRight");
  assert.match(await page.evaluate(() => document.activeElement.ariaLabel), /^Test digit 2, a 2/);
  await page.keyboard.press("Enter");
  await prediction("2");
  // Home and End go to the ends of the row, with Control to the very ends, as in every grid here.
  const goes = async (keys, to) => {
    await page.keyboard.press(keys);
    assert.equal(
      await page.evaluate(() =>
        [...document.querySelectorAll("#grid button")].indexOf(document.activeElement),
      ),
      to,
      keys,
    );
  };
  const columns = await page.evaluate(
    () => getComputedStyle(document.querySelector("#grid")).gridTemplateColumns.split(" ").length,
  );
  assert.ok(columns > 1 && columns < 40);
  await goes("End", columns - 1);
  await goes("ArrowRight", columns);
  await goes("Home", columns);
  await goes("Control+End", 39);
  await goes("Control+Home", 0);
  assert.equal(await page.locator('#grid button[tabindex="0"]').count(), 1);
});

test("a drawing takes the place of a picked digit, and its next stroke is added", async () => {
  const inked = () =>
    at(page, "draw-pad").evaluate((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return data.filter((value, i) => i % 4 === 3 && value > 128).length;
    });
  const pick = async () => {
    await page.locator("#grid button").first().click();
    await prediction("7");
    assert.deepEqual((await seen()).size, [16, 20], "all of the picked digit is there");
  };
  const one = [
    [0.5, 0.2],
    [0.5, 0.8],
  ];
  const left = one.map(([, y]) => [0.2, y]);

  await stroke(one);
  const alone = await inked();
  await pick();
  await stroke(one);
  await prediction("1");
  const near = (is, should) => Math.abs(is - should) < 0.05 * alone;
  assert.ok(near(await inked(), alone), "nothing of the picked digit is left");
  await stroke(left);
  assert.ok(near(await inked(), 2 * alone), "both strokes are there");

  // The keyboard's pen does the same.
  await pick();
  const pad = at(page, "draw-pad");
  await pad.focus();
  await page.keyboard.press("ArrowLeft");
  assert.deepEqual((await seen()).size, [16, 20], "a lifted pen changes nothing");
  await page.keyboard.press(" ");
  for (let i = 0; i < 12; i++) await page.keyboard.press("ArrowUp");
  await page.keyboard.press(" ");
  await prediction("1");
  assert.ok((await inked()) < alone, "a short stroke is all there is");
});

test("right and wrong answers differ in more than colour", async () => {
  await page.getByRole("button", { name: "Other digits" }).click();
  await page.waitForFunction(
    () => document.querySelectorAll(".cell.right, .cell.wrong").length === 40,
  );
  const cells = await page.locator("#grid button").evaluateAll((buttons) =>
    buttons.map((button) => ({
      wrong: button.classList.contains("wrong"),
      text: button.textContent,
      label: button.ariaLabel,
      frame: getComputedStyle(button).borderTopStyle,
    })),
  );
  for (const { wrong, text, label, frame } of cells) {
    assert.match(text, wrong ? /^\d ✗$/ : /^\d ✓$/);
    assert.match(label, wrong ? /, wrong$/ : /, right$/);
    assert.equal(frame, wrong ? "dashed" : "solid");
  }
});
