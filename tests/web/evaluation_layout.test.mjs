// The evaluation at any width, and of few or many classes.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { axeFindings, withAxe } from "../support/axe.mjs";
import { at, bringPictures, openPage, waitForStatus } from "./support.mjs";
import { browser, site, net, asked, saved, rowsOf, matrixOf, sum } from "./evaluating.mjs";

for (const width of [1280, 320]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing with everything open at ${width} px, ${colorScheme}`, async () => {
      const page = await openPage(browser, `${site.address}${net}&epochs=1&autostart=1`, {
        context: { viewport: { width, height: 800 }, colorScheme },
        prepare: withAxe,
      });
      await waitForStatus(page, "finished");
      await asked(page);
      await page.getByRole("button", { name: /^4 read as 9: / }).click();
      await page.evaluate(() => {
        for (const details of document.querySelectorAll("#evaluation details")) details.open = true;
      });
      assert.deepEqual(await axeFindings(page, "#evaluation"), []);
      assert.ok(
        await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
        "nothing is wider than the window",
      );
      const small = await page.locator("#evaluation button").evaluateAll((all) =>
        all
          .map((button) => ({
            name: button.ariaLabel ?? button.textContent,
            ...button.getBoundingClientRect().toJSON(),
          }))
          .filter(({ width, height }) => width > 0 && (width < 24 || height < 24))
          .map(({ name }) => name),
      );
      assert.deepEqual(small, [], "targets are 24 pixels or more");
      await page.context().close();
    });
  }
}

// Pictures have 9 × 7 pixels: a bright block, whose place is the class, and noise.

function otherSet(classes, count, seed) {
  let state = seed;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const header = (...extents) => {
    const bytes = Buffer.alloc(4 + 4 * extents.length);
    bytes.set([0, 0, 8, extents.length]);
    extents.forEach((extent, i) => bytes.writeUInt32BE(extent, 4 + 4 * i));
    return bytes;
  };
  const labels = Array.from({ length: count }, (_, i) => i % classes);
  const pixels = labels.flatMap((label) =>
    Array.from({ length: 63 }, (_, i) => Math.floor((i === label ? 150 : 0) + 100 * random())),
  );
  const file = (name, buffer) => ({ name, mimeType: "", buffer });
  return (name) => [
    file(`${name}-images`, Buffer.concat([header(count, 9, 7), Buffer.from(pixels)])),
    file(`${name}-labels`, Buffer.concat([header(count), Buffer.from(labels)])),
  ];
}

for (const [classes, shown] of [
  [26, 26],
  [60, 48],
]) {
  test(`a set of ${classes} classes has a matrix that scrolls in its own region`, async () => {
    const page = await openPage(browser, `${site.address}${net}&epochs=1`, {
      context: { viewport: { width: 320, height: 800 } },
      prepare: withAxe,
    });
    await waitForStatus(page, "idle");
    await bringPictures(page, [
      ...otherSet(classes, 40 * classes, 1)("train"),
      ...otherSet(classes, 5 * classes, 2)("t10k"),
    ]);
    await page.waitForFunction(
      (classes) =>
        document
          .querySelector('[data-testid="own-about"]')
          .textContent.includes(`${classes} classes`),
      classes,
    );
    await waitForStatus(page, "idle");
    await at(page, "start").click();
    await waitForStatus(page, "finished");
    const state = await asked(page);
    assert.match(state, new RegExp(`of ${5 * classes} are right`));

    // Without the classes that are left out, every row would be 5.
    const matrix = await matrixOf(page);
    assert.equal(matrix.length, shown);
    assert.ok(matrix.every((row) => row.length === shown));
    const [, ...rows] = rowsOf((await saved(page, "Matrix as CSV")).bytes);
    const counts = rows.map((row) => row.slice(1).map(Number));
    assert.deepEqual(counts.map(sum), Array(classes).fill(5));
    const mistakes = counts.map(
      (row, i) => 5 - row[i] + sum(counts.map((r) => r[i])) - counts[i][i],
    );
    const kept = (await at(page, "confusion").locator("tbody th").allTextContents()).map(Number);
    assert.deepEqual(
      matrix,
      kept.map((label) => kept.map((answer) => counts[label][answer])),
    );
    const left = mistakes.filter((_, i) => !kept.includes(i));
    assert.ok(left.every((each) => each <= Math.min(...kept.map((i) => mistakes[i]))));
    const note = await page.locator(".confusion > .note").textContent();
    assert.equal(
      note,
      shown < classes
        ? `Of ${classes} classes, the ${shown} with the most mistakes are shown.`
        : "",
    );

    await at(page, "confusion").locator("button").nth(1).click();
    assert.match(
      await at(page, "opened").locator("h3").textContent(),
      /^0 read as 1: .*pictures?$/,
    );
    const [inner, outer, page_] = await page.evaluate(() => {
      const region = document.querySelector(".matrix");
      return [region.scrollWidth, region.clientWidth, document.documentElement.scrollWidth];
    });
    assert.ok(inner > outer, "the matrix is wider than its region");
    assert.ok(page_ <= 320, "and the page no wider than the window");
    assert.deepEqual(await axeFindings(page, "#evaluation"), []);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}
