// Functions at any width, and its plots as pictures.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "../support/test.mjs";
import { axeFindings, withAxe } from "../support/axe.mjs";
import { open } from "./functions.mjs";

test("plots are saved as pictures", async () => {
  const { page, lab, at, status } = await open({ steps: 20, pace: 0 });
  await at("start").click();
  await status("finished");
  for (const name of ["curve", "loss"]) {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      lab.locator(`[data-save="${name}-png"]`).click(),
    ]);
    assert.equal(download.suggestedFilename(), `${name}.png`);
    const bytes = await readFile(await download.path());
    assert.equal(bytes.subarray(1, 4).toString(), "PNG");
    const width = bytes.readUInt32BE(16);
    const box = await lab.locator(`[data-part="${name}-plot"] canvas`).boundingBox();
    assert.ok(Math.abs(width - box.width) <= 1, `${width} of ${box.width} pixels`);
  }
  await page.context().close();
});
for (const width of [1280, 320]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing at ${width} px, ${colorScheme}, and nothing scrolls sideways`, async () => {
      const { page, lab, at, status } = await open(
        {},
        {
          context: { viewport: { width, height: 800 }, colorScheme },
          prepare: withAxe,
        },
      );
      const sound = async (state) => {
        assert.deepEqual(await axeFindings(page), [], state);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= width, `${state}: ${wide} px wide at ${width}`);
        const small = await lab
          .locator("button, input, select, textarea, summary")
          .evaluateAll((all) =>
            all
              .filter((each) => each.checkVisibility())
              .map((each) => [each.textContent, each.getBoundingClientRect()])
              .filter(([, box]) => box.width < 24 || box.height < 24)
              .map(([text, box]) => `${text} ${box.width} × ${box.height}`),
          );
        assert.deepEqual(small, [], state);
      };
      await sound("idle");
      for (const task of ["surface", "spiral", "points", "curve"]) {
        await lab.getByLabel("What to learn").selectOption(task);
        await page.waitForTimeout(200);
        await status("idle");
        await sound(task);
      }
      await lab.getByLabel("Steps", { exact: true }).fill("1000000");
      await at("start").click();
      await status("training");
      await sound("training");
      await at("fn-landscape").click();
      await lab.getByText(/^At step/).waitFor();
      await sound("landscape");
      await at("stop").click();
      await status("idle");
      const net = lab.getByLabel("Its hidden layers");
      await net.fill("dense 8, tan");
      await net.blur();
      await lab.getByText("net: 'tan' at word 3").waitFor();
      await at("start").click();
      assert.ok(await net.evaluate((field) => field === document.activeElement));
      await sound("wrong");
      await lab.getByLabel("Network", { exact: true }).selectOption("dense 8, tanh");
      await lab.getByLabel("Optimizer").selectOption("sgd");
      await lab.getByLabel("Learning rate", { exact: true }).fill("1000000");
      await lab.getByLabel("Learning rate", { exact: true }).blur();
      await status("idle");
      await at("start").click();
      await lab.locator(".problem").waitFor();
      await sound("failed");
      await page.context().close();
    });
  }
}
