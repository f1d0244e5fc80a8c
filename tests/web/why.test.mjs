// "Why does it read that?": what is asked of the worker, what is shown of it, and when it is asked again.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { axeFindings, withAxe } from "../support/axe.mjs";
import { makeSet } from "./lines.mjs";
import { at, bringPictures, launchSite, openPage, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();
const net = (text) => `net=${encodeURIComponent(text)}&validation=0&seed=1`;
const mlp = net("dense 32, relu, dense classes");

async function open(query, options) {
  const page = await openPage(browser, `${site.address}?${query}`, {
    prepare: withAxe,
    ...options,
  });
  await waitForStatus(page, "idle", "training", "finished");
  return page;
}
const text = (page, name) => at(page, name).textContent();
const why = (page) => page.locator("#why");
const explained = (page) =>
  page.waitForFunction(() => {
    const why = document.querySelector("#why");
    return why.querySelector(".reasons:not([hidden])") && !why.ariaBusy;
  });
// What was explained becomes what is explained next.
const explainedAs = async (page, pattern) => {
  await at(page, "why-state").filter({ hasText: pattern }).waitFor();
  await explained(page);
};
const scripts = (page) =>
  page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .filter(({ name }) => /why_view|explanation/.test(name))
      .map(({ name }) => name),
  );

// How many pixels of a canvas are blue and orange, and how many have any ink.
const colors = (page, name) =>
  at(page, name).evaluate((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const all = Array.from({ length: data.length / 4 }, (_, p) => data.slice(4 * p, 4 * p + 4));
    const strong = all.filter(([, , , opacity]) => opacity > 100);
    return {
      size: [canvas.width, canvas.height],
      blue: strong.filter(([red, , blue]) => blue > red + 40).length,
      orange: strong.filter(([red, , blue]) => red > blue + 40).length,
      inked: all.filter(([, , , opacity]) => opacity > 0).length,
    };
  });

test("an answer is explained in four parts when somebody asks, and again for another picture", async () => {
  const page = await open(`${mlp}&epochs=1&autostart=1`);
  await waitForStatus(page, "finished");
  assert.equal((await why(page).locator("summary").innerText()).trim(), "Why does it read that?");
  await page.locator("#grid button").nth(2).click();
  const answer = page.getByTestId("prediction");
  await page.waitForFunction(() => /\d/.test(document.querySelector('[data-testid="prediction"]').textContent)); // prettier-ignore
  const read = await answer.textContent();
  assert.equal((await why(page).locator("summary").innerText()).trim(), `Why does it read ${read}?`); // prettier-ignore
  assert.deepEqual(await scripts(page), [], "nothing of it is loaded before");

  await why(page).locator("summary").click();
  await explained(page);
  assert.ok((await scripts(page)).length > 0);
  assert.match(await text(page, "why-state"), /^Test digit 3, a\s1: it reads 1, (over )?[\d.]+\u00a0% sure, after 938 steps\.$/); // prettier-ignore
  assert.match(await text(page, "why-evidence"), /^Ink .* speaks most for 1; .*\. Where there is no ink, /); // prettier-ignore
  assert.match(await text(page, "why-checked"), /^Asked to be sure: as it stands, 1 is .* times as likely as \d\. Without all ink /); // prettier-ignore
  for (const name of ["why-ink", "why-empty"]) {
    const { size, blue, orange } = await colors(page, name);
    assert.deepEqual(size, [28, 28]);
    assert.ok(blue > 0 && orange > 0, `${name}: ${blue} blue, ${orange} orange`);
  }
  const near = at(page, "why-nearest").locator("figure");
  assert.equal(await near.count(), 5);
  const cosines = (await near.locator("figcaption").allTextContents()).map((text) => Number(text.split(" ")[1])); // prettier-ignore
  assert.deepEqual(cosines, [...cosines].sort((a, b) => b - a)); // prettier-ignore
  assert.ok(cosines[0] <= 1 && cosines[4] > 0.8, `${cosines}`);
  assert.match(await text(page, "why-neighbors"), /nearest are 1s[.,]/);
  assert.match(await text(page, "why-compared"), /all 60,000 training digits by the 32 numbers/);
  const other = await at(page, "why-other").inputValue();
  assert.match(await text(page, "why-changed"), new RegExp(`the net reads ${other} \\(`));
  const change = await colors(page, "why-change");
  assert.ok(change.blue + change.orange > 0);
  assert.match(await text(page, "why-neuron"), /^Of the 32 neurons of its first layer, number \d+ has the largest sum for this digit: /); // prettier-ignore
  assert.deepEqual(await axeFindings(page, "#why"), []);

  // Two other answers, the second way round.
  await at(page, "why-other").selectOption("8");
  await explained(page);
  assert.match(await text(page, "why-checked"), /as likely as 8\. Without/);
  assert.match(await text(page, "why-changed"), /reads 8 /);
  await at(page, "why-this").selectOption("8");
  await explained(page);
  assert.equal(await at(page, "why-other").inputValue(), "1");

  // Another picture on the pad, which somebody draws.
  await page.getByRole("button", { name: "Clear" }).click();
  const pad = at(page, "draw-pad");
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  await page.mouse.move(box.x + 0.3 * box.width, box.y + 0.2 * box.height);
  await page.mouse.down();
  for (const [x, y] of [[0.7, 0.2], [0.4, 0.8]]) await page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 8 }); // prettier-ignore
  await page.mouse.up();
  await explainedAs(page, /^The digit you drew: it reads \d/);
  assert.notEqual(await at(page, "why-other").inputValue(), await at(page, "why-this").inputValue()); // prettier-ignore
  // What it is said to be, is what its answer is compared with.
  const [answered, compared] = [await at(page, "why-this").inputValue(), await at(page, "why-other").inputValue()]; // prettier-ignore
  const said = ["0", "1", "5"].find((label) => label !== answered && label !== compared);
  await page.locator("#open-step-label").selectOption(said);
  await page.waitForFunction((said) => document.querySelector('[data-testid="why-other"]').value === said, said); // prettier-ignore
  assert.equal(await at(page, "why-this").inputValue(), answered);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("an untrained net has its reasons, too; while it learns it is asked again only on demand", async () => {
  const page = await open(`${mlp}&epochs=50`, {
    context: { viewport: { width: 360, height: 740 } },
  });
  await why(page).locator("summary").click();
  await explainedAs(page, /before it has learned anything, so its reasons are chance/);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await at(page, "start").click();
  await why(page).getByText("It has learned since.").waitFor();
  const before = await text(page, "why-state");
  await page.waitForTimeout(1200);
  assert.equal(await text(page, "why-state"), before);
  await at(page, "why-again").click();
  await explainedAs(page, /after [\d,]+ steps?\./);
  // Once it rests, that is explained.
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await waitForStatus(page, "stopped");
  const steps = /tep ([\d,]+)/
    .exec(await page.locator("#way-text").textContent())[1]
    .replace(",", "");
  await page.waitForFunction(
    (steps) =>
      document.querySelector('[data-testid="why-state"]').textContent.replace(/^.*after |\D/g, "") === steps, // prettier-ignore
    steps,
  );
  assert.ok(await why(page).getByText("It has learned since.").isHidden());
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a filter slides over the digit by keys and by itself, and its products add up", async () => {
  const page = await open(`${net("conv 3 5x5 stride 2 pad 2, relu, dense classes")}&epochs=1`);
  await why(page).locator("summary").click();
  await explained(page);
  assert.match(await text(page, "why-filters"), /slides 3 filters of 5\u00a0×\u00a05 .* a map of 14\u00a0×\u00a014\. Beyond the edge it finds 0\./); // prettier-ignore
  const place = at(page, "why-place");
  const shown = async () => {
    const said = await text(page, "why-sum");
    const numbers = [...said.replaceAll("−", "-").matchAll(/-?\d[\d.]*(?:e-?\d+)?/g)].map(Number);
    const cells = await at(page, "why-window-products").locator("span").allTextContents();
    const sum = cells.reduce((sum, cell) => sum + Number(cell.replace("−", "-")), 0);
    return { said, count: numbers[0], total: numbers[1], sum, place: Number(await place.inputValue()) }; // prettier-ignore
  };
  await place.focus();
  const first = await shown();
  assert.equal(first.count, 25);
  assert.ok(Math.abs(first.total - first.sum) <= 0.13, `${first.total}, cells ${first.sum}`);
  await page.keyboard.press("ArrowLeft");
  const second = await shown();
  assert.equal(second.place, first.place - 1);
  assert.ok(Math.abs(second.total - second.sum) <= 0.13, `${second.total}, cells ${second.sum}`);
  assert.match(await place.evaluate((slider) => slider.ariaValueText), /^row \d+, column \d+: /);

  const whole = await colors(page, "why-map");
  await at(page, "why-play").click();
  await page.waitForFunction(() => Number(document.querySelector('[data-testid="why-place"]').value) > 3 && Number(document.querySelector('[data-testid="why-place"]').value) < 150); // prettier-ignore
  const filling = await colors(page, "why-map");
  assert.ok(filling.inked < whole.inked, "the map fills as it plays");
  assert.equal(await text(page, "why-play"), "Pause");
  await at(page, "why-play").click();
  const paused = await shown();
  await page.waitForTimeout(400);
  assert.deepEqual(await shown(), paused);
  await at(page, "why-filter").selectOption({ label: "3" });
  assert.match(await at(page, "why-map").evaluate((map) => map.ariaLabel), /filter 3$/);
  assert.deepEqual(await axeFindings(page, "#why"), []);
  assert.deepEqual(page.complaints, []);
  await page.context().close();

  const still = await open(net("conv 3 5x5, relu, dense classes"), {
    context: { reducedMotion: "reduce" },
  });
  await why(still).locator("summary").click();
  await explained(still);
  assert.ok(await at(still, "why-play").isHidden());
  await still.context().close();
});

test("own pictures of another size are called pictures, by their classes; without a hidden layer their pixels are compared", async () => {
  const page = await open(net("dense classes"));
  const [training, tested] = [makeSet(1200, 1), makeSet(200, 2)];
  await bringPictures(
    page,
    [
      ["train-images", training.images],
      ["train-labels", training.labels],
      ["t10k-images", tested.images],
      ["t10k-labels", tested.labels],
    ].map(([name, buffer]) => ({ name, mimeType: "", buffer })),
  );
  await at(page, "own-about").filter({ hasText: "1,200" }).waitFor();
  await waitForStatus(page, "idle");
  await page.locator("#grid button").first().click();
  await page.waitForFunction(() => document.querySelector('[data-testid="prediction"]').textContent !== "–"); // prettier-ignore
  assert.match(await why(page).locator("summary").innerText(), /^Why does it see \d\?$/);
  await why(page).locator("summary").click();
  await explained(page);
  assert.match(await text(page, "why-state"), /^Test picture 1, class\s\d: it sees class \d, /);
  assert.match(await text(page, "why-evidence"), /speaks? (most )?for class \d/);
  assert.match(await text(page, "why-neighbors"), /nearest (is|are) class \d/);
  assert.match(await text(page, "why-compared"), /all [\d,]+ training pictures by their [\d,]+ pixels, since this net has no hidden layer/); // prettier-ignore
  assert.match(await text(page, "why-changed"), /the net sees class \d/);
  assert.match(await text(page, "why-neuron"), /largest sum for this picture: /);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});
