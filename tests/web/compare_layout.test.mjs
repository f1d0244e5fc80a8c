// How kept runs look: their curves in both colour schemes and on paper, and their table at any width.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { axeFindings, withAxe } from "../support/axe.mjs";
import { at, openPage, waitForStatus } from "./support.mjs";
import { browser, site, net, train, saved, rowsOf, epochs, sizeOf } from "./comparing.mjs";

const heldBack = net.replace("validation=0", "validation=6000");

for (const [colorScheme, deviceScaleFactor, paper] of [
  ["light", 1, [252, 251, 248]],
  ["dark", 2, [23, 24, 27]],
]) {
  test(`curves are saved as pictures on paper, ${colorScheme}, and tables as CSV`, async () => {
    const page = await openPage(browser, `${site.address}${heldBack}`, {
      context: { colorScheme, deviceScaleFactor },
    });
    await waitForStatus(page, "idle");
    await train(page);
    for (const name of ["loss", "accuracy"]) {
      const file = await saved(page, `${name}-png`);
      assert.equal(file.name, `lanegrad-${name}.png`);
      assert.deepEqual(sizeOf(file.bytes), [1200, 800]);
      // Colours in it: paper at the corner, and lines of both curves. The test was not asked.
      const colours = await page.evaluate(async (bytes) => {
        const image = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
        const canvas = document.createElement("canvas");
        canvas.width = image.width;
        canvas.height = image.height;
        const context = canvas.getContext("2d");
        context.drawImage(image, 0, 0);
        const { data } = context.getImageData(0, 160, canvas.width, canvas.height - 160);
        const style = getComputedStyle(document.documentElement);
        const count = (name) => {
          const hex = style.getPropertyValue(name).trim();
          const [r, g, b] = [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16));
          let found = 0;
          for (let i = 0; i < data.length; i += 4) {
            if (data[i] === r && data[i + 1] === g && data[i + 2] === b) found++;
          }
          return found;
        };
        return {
          corner: Array.from(context.getImageData(2, 2, 1, 1).data.slice(0, 3)),
          lines: ["--train", "--validation"].map(count),
          test: count("--test"),
        };
      }, Array.from(file.bytes));
      assert.deepEqual(colours.corner, paper);
      for (const found of colours.lines) assert.ok(found > 200, `${colours.lines} pixels of lines`);
      assert.equal(colours.test, 0);
    }

    const shown = await epochs(page);
    await page.getByText("The epochs as a table").click();
    const [head, ...rows] = rowsOf((await saved(page, "epochs-csv")).bytes);
    assert.deepEqual(head.slice(3, 5), ["validation loss", "validation accuracy"]);
    assert.equal(head.length, 6);
    assert.deepEqual(
      rows
        .map((row) => row.map(Number))
        .map(([epoch, a, b, c, d, seconds]) => [
          String(epoch),
          a.toFixed(4),
          `${(100 * b).toFixed(2)}\u00a0%`,
          c.toFixed(4),
          `${(100 * d).toFixed(2)}\u00a0%`,
          seconds.toFixed(1),
        ]),
      shown,
    );

    const [names, ...points] = rowsOf((await saved(page, "loss-csv")).bytes);
    assert.deepEqual(names, ["epoch", "training at each step", "training", "validation", "test"]);
    const places = points.map((row) => Number(row[0]));
    assert.ok(places.every((place, i) => i === 0 || place > places[i - 1]));
    assert.deepEqual(
      points.flatMap((row) => (row[3] ? [Number(row[3]).toFixed(4)] : [])),
      shown.map((row) => row[3]),
    );
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}

for (const [width, colorScheme] of [
  [1280, "light"],
  [320, "dark"],
]) {
  test(`axe finds nothing in compared runs at ${width} px, ${colorScheme}`, async () => {
    const page = await openPage(browser, `${site.address}${net}`, {
      context: { viewport: { width, height: 800 }, colorScheme },
      prepare: withAxe,
    });
    await waitForStatus(page, "idle");
    await train(page);
    for (let i = 0; i < 3; i++) await at(page, "keep-run").click();
    assert.deepEqual(await axeFindings(page, ".curves"), []);
    assert.ok(
      await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
      "nothing is wider than the window",
    );
    const small = await page
      .locator(".curves button")
      .evaluateAll((all) =>
        all
          .filter((button) => button.checkVisibility() && button.offsetHeight < 24)
          .map((b) => b.textContent),
      );
    assert.deepEqual(small, []);
    await page.context().close();
  });
}
