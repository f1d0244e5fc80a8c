// Classes that visitors collect by drawing or from the camera: learned in seconds, tried at once, kept, saved and opened.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { unzipSync } from "fflate";
import { axeFindings, withAxe } from "../support/axe.mjs";
import {
  addDrawings,
  collected,
  draw,
  drawingOf,
  nameClasses,
  names,
  openPanel,
  random,
  things,
  told,
} from "./collecting.mjs";
import {
  at,
  countKept,
  downloaded,
  launch,
  launchSite,
  openPage,
  openTab,
  waitForStatus,
} from "./support.mjs";

const { browser, site } = await launchSite();
const small = `${site.address}?data=small`;
const open = async (options) => {
  const page = await openPage(browser, small, { prepare: withAxe, ...options });
  await openPanel(page);
  return page;
};
const drawings = (name, count, chance) =>
  Array.from({ length: count }, () => drawingOf(things[name], chance));
const examples = (page) => at(page, "collect-example");

// A page with three pictures of each of two classes.
async function twoClasses() {
  const page = await open();
  const chance = random(3);
  await nameClasses(page, ["star", "fish"]);
  await addDrawings(page, 0, drawings("star", 3, chance));
  await addDrawings(page, 1, drawings("fish", 3, chance));
  return page;
}

test("five classes of ten drawings each are learned within 5 s, and 95 % of ten fresh ones are read", async () => {
  const page = await open();
  const chance = random(1);
  await nameClasses(page, names);
  for (const [i, name] of names.entries()) await addDrawings(page, i, drawings(name, 10, chance));
  assert.deepEqual(
    await collected(page),
    names.map((name) => [name, 10]),
  );

  await at(page, "collect-train").click();
  const sentence = await told(page, /^Learned from 40 pictures in/);
  const seconds = Number.parseFloat(/in ([\d.]+) s/.exec(sentence)[1]);
  assert.ok(seconds <= 5, sentence);
  assert.match(await at(page, "own-about").textContent(), /40 pictures to learn from and 10 for/);

  let right = 0;
  for (const name of names) {
    for (const lines of drawings(name, 10, chance)) {
      await at(page, "collect-clear").click();
      await draw(page, at(page, "collect-sheet"), lines);
      await page.waitForFunction(() =>
        /^It sees/.test(document.querySelector('[data-testid="collect-answer"]').textContent),
      );
      const answer = await at(page, "collect-answer").textContent();
      if (answer.startsWith(`It sees ${name},`)) right++;
    }
  }
  console.log(`${seconds} s, ${right} of 50 right`);
  assert.ok(right >= 0.95 * 50, `${right} of 50`);

  // The large pad hands a drawing over as the sheet does, and reads it alike.
  const [house] = drawings("house", 1, random(5));
  await at(page, "collect-clear").click();
  await draw(page, at(page, "collect-sheet"), house);
  await at(page, "draw-pad").scrollIntoViewIfNeeded();
  await draw(page, at(page, "draw-pad"), house);
  await page.waitForFunction(
    () => document.querySelector('[data-testid="prediction"]').textContent === "house",
  );
  const ink = (name) =>
    at(page, name).evaluate((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, 28, 28);
      return Array.from(data.filter((_, i) => i % 4 === 3));
    });
  const [here, there] = [await ink("collect-seen"), await ink("seen")];
  const apart = here.reduce((sum, value, i) => sum + Math.abs(value - there[i]), 0);
  assert.ok(apart < 0.2 * here.reduce((sum, value) => sum + value), `${apart}`);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("they are there after a reload, in other tabs at once, and each can be removed and renamed", async () => {
  const page = await twoClasses();
  await page.reload();
  await openPanel(page);
  await examples(page).nth(5).waitFor();
  assert.deepEqual(await collected(page), [
    ["star", 3],
    ["fish", 3],
  ]);

  const other = await openTab(page.context(), small);
  await openPanel(other);
  await examples(other).nth(5).waitFor();
  await addDrawings(other, 1, drawings("fish", 1, random(4)));
  await addDrawings(page, 0, drawings("star", 1, random(5)));
  for (const tab of [page, other]) {
    await examples(tab).nth(7).waitFor();
    assert.deepEqual(await collected(tab), [
      ["star", 4],
      ["fish", 4],
    ]);
  }

  // By keyboard: the focus goes to the next picture.
  await other.bringToFront();
  await examples(other).first().focus();
  await other.keyboard.press("Enter");
  assert.equal(
    await other.evaluate(() => document.activeElement.ariaLabel),
    "Remove picture 1 of “star”",
  );
  await at(other, "collect-name").first().fill("fish");
  await at(other, "collect-name").first().press("Enter");
  await other.getByText("“fish” is another class already.").waitFor();
  await at(other, "collect-undo").click();
  await examples(page).nth(7).waitFor();
  await examples(other).first().click();
  await nameClasses(other, ["sun"]);
  await page.bringToFront();
  await page.waitForFunction(
    () => document.querySelector('[data-testid="collect-name"]').value === "sun",
  );
  assert.deepEqual(await collected(page), [
    ["sun", 3],
    ["fish", 4],
  ]);
  assert.equal(await countKept(page, "example"), 7);
  await at(page, "collect-forget").click();
  assert.deepEqual(await collected(page), [
    ["class 1", 0],
    ["class 2", 0],
  ]);
  assert.match(await at(page, "collect-lacks").textContent(), /two classes at least/);
  await page.reload();
  await openPanel(page);
  assert.equal(await countKept(page, "example"), 0);
  assert.deepEqual([...page.complaints, ...other.complaints], []);
  await page.context().close();
});

test("a .zip of PNG pictures goes out and comes back to the same bytes, and a run on them goes on", async () => {
  const page = await twoClasses();
  const { name, bytes } = await downloaded(page, at(page, "collect-save"));
  assert.equal(name, "lanegrad-classes.zip");
  await at(page, "collect-train").click();
  await told(page, /^Learned from 4 pictures/);
  const accuracy = await at(page, "test-accuracy").textContent();

  // The browser keeps the run and its classes.
  await page.waitForTimeout(500);
  await page.reload();
  const kept = at(page, "kept");
  await kept.getByRole("button", { name: "Take the classes collected here" }).click();
  await waitForStatus(page, "finished");
  assert.equal(await at(page, "test-accuracy").textContent(), accuracy);
  assert.match(await at(page, "own-about").textContent(), /4 pictures to learn from and 2 for/);

  // Whoever begins anew is told of them, and they are gone.
  await page.goto(`${site.address}begin_anew.html`);
  await page.getByText("6 pictures of classes that were collected here").waitFor();
  await page.locator('[data-testid="forget"]:enabled').click();
  await page.locator("#digits h1").waitFor();
  await page.goto(small);
  await openPanel(page);
  assert.deepEqual(await collected(page), [
    ["class 1", 0],
    ["class 2", 0],
  ]);
  assert.deepEqual(page.complaints, []);
  await page.context().close();

  const fresh = await open();
  await at(fresh, "collect-file").setInputFiles({
    name: "mine.zip",
    mimeType: "application/zip",
    buffer: bytes,
  });
  assert.equal(await told(fresh, /added/), "6 pictures of 2 classes added.");
  assert.deepEqual(
    await collected(fresh),
    [
      ["fish", 3],
      ["star", 3],
    ].toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
  const again = await downloaded(fresh, at(fresh, "collect-save"));
  assert.ok(again.bytes.length > 500);
  const sorted = (archive) =>
    Object.entries(unzipSync(archive)).toSorted(([a], [b]) => (a < b ? -1 : 1));
  assert.deepEqual(sorted(again.bytes), sorted(bytes));

  // What is no such archive changes nothing.
  for (const [file, said] of [
    [Buffer.from("no archive"), /is no \.zip archive/],
    [bytes.subarray(0, 700), /cannot be unpacked/],
  ]) {
    const archive = { name: "other.zip", mimeType: "application/zip", buffer: file };
    await at(fresh, "collect-file").setInputFiles(archive);
    await fresh.locator(".collect .problem").waitFor();
    assert.match(await fresh.locator(".collect .problem").textContent(), said);
    await fresh.locator(".collect .problem button").click();
  }
  assert.equal(await examples(fresh).count(), 6);
  assert.deepEqual(fresh.complaints, []);
  await fresh.context().close();
});

test("pictures come from the camera when that is asked for, and a camera that is refused says so", async () => {
  const refused = await open();
  await at(refused, "collect-camera").click();
  const problem = refused.locator(".collect .problem");
  await problem.waitFor();
  assert.match(await problem.textContent(), /no camera|not allowed|does not start/);
  assert.ok(await at(refused, "collect-sheet").isVisible());
  await refused.context().close();

  const fake = await launch("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream");
  const page = await openPage(fake, small, { prepare: withAxe });
  await openPanel(page);
  await at(page, "collect-camera").click();
  await page.locator('[data-testid="collect-add"]:enabled').waitFor();
  assert.ok(await at(page, "collect-video").isVisible());
  for (const name of ["one", "two"]) {
    await nameClasses(page, name === "one" ? ["one"] : ["one", "two"]);
    const card = at(page, "collect-card").nth(name === "one" ? 0 : 1);
    await card.getByRole("radio").check();
    for (let i = 0; i < 3; i++) {
      await page.waitForTimeout(150);
      await at(page, "collect-add").click();
    }
  }
  assert.deepEqual(await collected(page), [
    ["one", 3],
    ["two", 3],
  ]);
  // Grey as it is, and not all of one brightness.
  const grey = await examples(page)
    .first()
    .locator("canvas")
    .evaluate((canvas) => [...canvas.getContext("2d").getImageData(0, 0, 28, 28).data]);
  assert.ok(new Set(grey.filter((_, i) => i % 4 === 0)).size > 3);
  assert.deepEqual(await axeFindings(page, "#own"), []);
  await at(page, "collect-camera").click();
  assert.equal(await at(page, "collect-video").evaluate((video) => video.srcObject), null);
  assert.ok(await at(page, "collect-sheet").isVisible());
  assert.deepEqual(page.complaints, []);
  await fake.close();
});

test("by keyboard alone, at every width, light and dark", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await open({ context: { colorScheme } });
    await at(page, "collect-sheet").focus();
    for (let i = 0; i < 2; i++) {
      await page.keyboard.press(" ");
      for (let step = 0; step < 6 + 2 * i; step++) await page.keyboard.press("ArrowDown");
      await page.keyboard.press(" ");
      await page.locator('[data-testid="collect-add"]:enabled').waitFor();
      await page.keyboard.press("Enter");
      assert.equal(
        await page.evaluate(() => document.activeElement.dataset.testid),
        "collect-sheet",
      );
    }
    assert.deepEqual(await collected(page), [
      ["class 1", 2],
      ["class 2", 0],
    ]);
    assert.deepEqual(await axeFindings(page, "#own"), []);
    for (const width of [320, 640, 1280]) {
      await page.setViewportSize({ width, height: 700 });
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width);
    }
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  }
});
