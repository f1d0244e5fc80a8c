// Runs compared, and curves and tables saved: the differences in words, what is kept, pictures and CSV.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { runnerImport } from "vite";
import { at, countKept, launchSite, openPage, root, waitForStatus } from "./support.mjs";

const load = async (path) =>
  (await runnerImport(`${root}web/${path}`, { configFile: false, logLevel: "error" })).module;
const { differences } = await load("labs/digits/settings/differences.ts");
const { results } = await load("labs/digits/compare/results.ts");
const { csv } = await load("ui/download.ts");
const { defaults } = await load("labs/digits/settings/digits_settings.ts");

// ---- Words ------------------------------------------------------------------

const run = (changes = {}, rates) => {
  const settings = { ...defaults, net: "dense 128, relu, dense classes", ...changes };
  const net = { mlp: "dense 128, relu, dense classes", fast: "conv 4 5x5, dense classes" }[
    settings.net
  ];
  return { settings, net: net ?? settings.net, rates: rates ?? [settings.lr], pictures: "mnist" };
};
const deep = (...widths) => `${widths.map((w) => `dense ${w}, relu, `).join("")}dense classes`;

test("the differences of settings are said in words", () => {
  for (const [is, was, words] of [
    [run(), run(), "all settings the same"],
    [run({ net: "mlp" }), run({ net: "dense 128 ,relu,  dense classes" }), "all settings the same"],
    [run({ seed: 2 }), run(), "only the seed: 2 instead of 1"],
    [
      run({ lr: 0.01, net: deep(128, 128) }),
      run(),
      "two layers of 128 instead of one; learning rate 0.01 instead of 0.001; seed the same",
    ],
    [run(), run({ net: deep(64) }), "one layer of 128 instead of one layer of 64; seed the same"],
    [
      run({ net: deep(64, 32, 16) }),
      run(),
      "layers of 64, 32 and 16 instead of one layer of 128; seed the same",
    ],
    [
      run({ net: deep() }),
      run({ seed: 3 }),
      "no hidden layer instead of one layer of 128; seed 1 instead of 3",
    ],
    [run({ net: "fast" }), run(), "the net fast instead of one layer of 128; seed the same"],
    [
      run(),
      run({ net: "pool 2, dense classes" }),
      "one layer of 128 instead of the net “pool 2, dense classes”; seed the same",
    ],
    [
      run({ optimizer: "sgd", momentum: 0.9 }),
      run({ weightDecay: 0.01 }),
      "SGD instead of Adam; no weight decay instead of 0.01; momentum 0.9 instead of none; seed the same",
    ],
    // Momentum and warm-up do nothing here.
    [run({ momentum: 0.9, warmUp: 0.1 }), run(), "all settings the same"],
    [
      run({ schedule: "one-cycle", warmUp: 0.1, epochs: 1, batch: 32, shift: 2 }),
      run({ validation: 5000, normalize: true }),
      "one-cycle schedule instead of constant; warm-up 0.1 instead of 0.3; batch size 32 instead of 64; " +
        "1 epoch instead of 5; no validation digits instead of 5000; shift 2 instead of none; " +
        "without normalisation; seed the same",
    ],
    [run({}, [0.1, 0.01]), run(), "learning rate 0.1, then 0.01 instead of 0.001; seed the same"],
    [run({}, [4, 3, 2, 1]), run(), "learning rate 4, …, 1 instead of 0.001; seed the same"],
    [{ ...run(), pictures: "others" }, run(), "other pictures; seed the same"],
  ]) {
    assert.equal(differences(is, was), words);
  }
});

test("what the settings have come to is said in words", () => {
  const ended = (...epochs) => ({
    epochs: epochs.map(([testAccuracy, testLoss, seconds], i) => {
      return { epoch: i + 1, testAccuracy, testLoss, seconds };
    }),
  });
  assert.equal(
    results(ended([0.5, 1, 1], [0.9765, 0.08, 2]), ended([0.9, 0.3, 1], [0.9721, 0.0925, 1])),
    " Its test accuracy is 0.44 points higher, its test loss 0.0125 lower; it took 1.0 s more.",
  );
  assert.equal(
    results(ended([0.9, 0.3, 2]), ended([0.9, 0.3, 1], [0.95, 0.3, 1])),
    " Its test accuracy is 5.00 points lower, its test loss the same after 1 against 2 epochs; it took the same time.",
  );
  assert.equal(results(ended(), ended([0.9, 0.3, 1])), "");
});

test("CSV quotes what needs it, and leaves cells empty where there is no number", () => {
  assert.equal(
    csv([
      ["a", 'b "c", d', "e\nf"],
      [0.1, NaN, undefined],
      [null, -1e-9, Infinity],
    ]),
    'a,"b ""c"", d","e\nf"\r\n0.1,,\r\n,-1e-9,\r\n',
  );
});

// ---- The page ---------------------------------------------------------------

const { browser, site } = await launchSite();

const net = "?net=dense+16,+relu,+dense+classes&lr=0.003&epochs=2&seed=2";

async function train(page) {
  await at(page, "start").click();
  await waitForStatus(page, "training");
  await waitForStatus(page, "finished");
}
async function set(page, id, value) {
  await page.locator(`#${id}`).fill(value);
  await page.locator(`#${id}`).press("Tab");
}
async function saved(page, name) {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator(`[data-testid="save-${name}"]`).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}
const rowsOf = (bytes) =>
  bytes
    .toString()
    .trimEnd()
    .split("\r\n")
    .map((line) => line.split(","));
const table = (page) =>
  at(page, "compared")
    .locator("tbody tr")
    .evaluateAll((rows) => rows.map((row) => [...row.cells].slice(0, 5).map((c) => c.textContent)));
const epochs = (page) =>
  at(page, "epoch-rows")
    .locator("tr")
    .evaluateAll((rows) => rows.map((row) => [...row.cells].map((c) => c.textContent)));
const said = (page) => at(page, "differences").locator("li").allTextContents();

test("a run is kept, drawn beside the next one, and outlives reset and reload", async () => {
  const page = await openPage(browser, `${site.address}${net}`);
  await waitForStatus(page, "idle");
  const keep = at(page, "keep-run");
  assert.ok(await keep.isDisabled(), "there is no run to keep yet");
  await train(page);
  const first = await epochs(page);
  await keep.click();
  const [, loss, accuracy, testLoss, testAccuracy] = first[1];
  const kept = ["A", "2", testAccuracy, testLoss, loss];
  assert.ok(accuracy);
  assert.deepEqual(await table(page), [["This run", ...kept.slice(1)], kept]);
  assert.match((await said(page))[0], /^This run, compared with A: all settings the same\. /);

  await at(page, "reset").click();
  await page.waitForFunction(() =>
    document.querySelector('[data-testid="differences"]').textContent.includes("not begun"),
  );
  assert.deepEqual(await table(page), [["This run", "–", "–", "–", "–"], kept]);
  const label = await page.locator("#loss-figure canvas").getAttribute("aria-label");
  assert.match(label, /^Loss: no training yet; kept run A: training 0\.\d+, test 0\.\d+\./);

  await set(page, "lr", "0.0003");
  await set(page, "net-text", "dense 16, relu, dense 16, relu, dense classes");
  await set(page, "epochs", "3");
  assert.match(page.url(), /lr=0\.0003&batch=64&epochs=3&seed=2$/, "the address is the run’s own");
  await train(page);
  const second = await epochs(page);
  const last = second[2];
  assert.deepEqual(await table(page), [["This run", "3", last[4], last[3], last[1]], kept]);
  const points = Math.abs(Number.parseFloat(last[4]) - Number.parseFloat(testAccuracy)).toFixed(2);
  const losses = (Number.parseFloat(last[3]) - Number.parseFloat(testLoss)).toFixed(3);
  const [sentence] = await said(page);
  assert.ok(
    sentence.startsWith(
      "This run, compared with A: two layers of 16 instead of one; learning rate 0.0003 instead of 0.003; " +
        "3 epochs instead of 2; seed the same. Its test accuracy is ",
    ),
    sentence,
  );
  assert.ok(sentence.includes(` ${points} points lower`), sentence);
  assert.ok(sentence.includes(`loss ${losses}`) || losses.startsWith("-"), sentence);

  // The key has the kept run's last values, and the CSV both curves.
  const key = await page.locator("#accuracy-figure .key.kept").textContent();
  assert.match(key, new RegExp(`^A ?\\s*\\d\\d\\.\\d\\d %\\s*${testAccuracy}`));
  const [head, ...rows] = rowsOf((await saved(page, "accuracy-csv")).bytes);
  const column = (name) => {
    const i = head.indexOf(name);
    assert.ok(i > 0, `${name} among ${head}`);
    return rows.flatMap((row) => (row[i] ? [[Number(row[0]), Number(row[i])]] : []));
  };
  const percents = (points) =>
    points.map(([epoch, share]) => [epoch, `${(100 * share).toFixed(2)} %`]);
  assert.deepEqual(
    percents(column("test")),
    second.map((row) => [Number(row[0]), row[4]]),
  );
  assert.deepEqual(
    percents(column("kept run A: test")),
    first.map((row) => [Number(row[0]), row[4]]),
  );
  assert.ok(column("kept run A: training").length > 500);

  // Up to three; forgetting makes room.
  await keep.click();
  await keep.click();
  assert.ok(await keep.isDisabled());
  assert.ok(await page.locator("#compare .full").isVisible());
  await page.getByRole("button", { name: "Forget B" }).click();
  assert.deepEqual(
    (await table(page)).map(([name]) => name),
    ["This run", "A", "C"],
  );
  assert.ok(await keep.isEnabled());

  // The browser has it after a reload.
  const before = await table(page);
  await page.reload();
  await waitForStatus(page, "idle");
  await at(page, "compared").waitFor();
  assert.deepEqual((await table(page)).slice(1), before.slice(1));
  for (const name of ["A", "C"]) await page.getByRole("button", { name: `Forget ${name}` }).click();
  assert.ok(await at(page, "compared").isHidden());
  await page.reload();
  await waitForStatus(page, "idle");
  assert.ok(await at(page, "compared").isHidden());
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("the letter of a kept run stands on its line, in both figures", async () => {
  const page = await openPage(browser, `${site.address}${net}`, {
    prepare: (page) =>
      page.addInitScript(() => {
        // The points of the paths that are drawn paler, and where letters are put.
        globalThis.drawn = { "loss-figure": {}, "accuracy-figure": {} };
        const { lineTo, fillText } = CanvasRenderingContext2D.prototype;
        const of = ({ canvas }) => globalThis.drawn[canvas.closest("figure")?.id] ?? {};
        CanvasRenderingContext2D.prototype.lineTo = function (x, y) {
          if (this.globalAlpha === 0.7) (of(this).points ??= []).push([x, y]);
          return lineTo.call(this, x, y);
        };
        CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
          if (text === "A") of(this).letter = [x, y];
          return fillText.call(this, text, x, y);
        };
      }),
  });
  await waitForStatus(page, "idle");
  await train(page);
  await at(page, "keep-run").click();
  await page.waitForFunction(() => Object.values(globalThis.drawn).every(({ letter }) => letter));
  const drawn = await page.evaluate(() => globalThis.drawn);
  for (const [figure, { points, letter }] of Object.entries(drawn)) {
    const distances = points.map(([x, y]) => Math.hypot(x - letter[0], y - letter[1]));
    assert.ok(Math.min(...distances) < 1, `${figure}: ${Math.min(...distances)} pixels away`);
  }
  await page.context().close();
});

test("whoever reloads in the moment of keeping or forgetting a run finds it done", async () => {
  const page = await openPage(browser, `${site.address}${net}`);
  const clickAndReload = async (button) => {
    await waitForStatus(page, "idle");
    await Promise.all([
      page.waitForEvent("load"),
      button.evaluate((button) => {
        button.click();
        location.reload();
      }),
    ]);
  };
  for (let round = 0; round < 3; round++) {
    await waitForStatus(page, "idle");
    await at(page, "step").click();
    await clickAndReload(page.locator('[data-testid="keep-run"]:enabled'));
    await clickAndReload(page.getByRole("button", { name: "Forget A" }));
    assert.equal(await countKept(page, "compared"), 0, `round ${round}`);
  }
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a rate that is changed on the way is told", async () => {
  const page = await openPage(browser, `${site.address}${net}&epochs=200`);
  await waitForStatus(page, "idle");
  await at(page, "step").click();
  await page.waitForFunction(() => !document.querySelector('[data-testid="keep-run"]').disabled);
  await at(page, "keep-run").click();
  await set(page, "lr", "0.001");
  await at(page, "step").click();
  await page.waitForFunction(() =>
    document.querySelector("#way-text").textContent.startsWith("Step 2 "),
  );
  await at(page, "keep-run").click();
  assert.match(
    (await said(page))[0],
    /learning rate 0\.003, then 0\.001 instead of 0\.003; seed the same/,
  );
  await page.context().close();
});

// Width and height as a PNG's header has them.
const sizeOf = (png) => {
  assert.equal(png.subarray(1, 4).toString(), "PNG");
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
};

for (const [colorScheme, deviceScaleFactor, paper] of [
  ["light", 1, [252, 251, 248]],
  ["dark", 2, [23, 24, 27]],
]) {
  test(`curves are saved as pictures on paper, ${colorScheme}, and tables as CSV`, async () => {
    const page = await openPage(browser, `${site.address}${net}&validation=6000`, {
      context: { colorScheme, deviceScaleFactor },
    });
    await waitForStatus(page, "idle");
    await train(page);
    for (const name of ["loss", "accuracy"]) {
      const file = await saved(page, `${name}-png`);
      assert.equal(file.name, `lanegrad-${name}.png`);
      assert.deepEqual(sizeOf(file.bytes), [1200, 800]);
      // Colours in it: paper at the corner, and lines of all three curves.
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
          lines: ["--train", "--test", "--validation"].map(count),
        };
      }, Array.from(file.bytes));
      assert.deepEqual(colours.corner, paper);
      for (const found of colours.lines) assert.ok(found > 200, `${colours.lines} pixels of lines`);
    }

    const shown = await epochs(page);
    await page.getByText("The epochs as a table").click();
    const [head, ...rows] = rowsOf((await saved(page, "epochs-csv")).bytes);
    assert.equal(head.length, 8);
    assert.deepEqual(
      rows
        .map((row) => row.map(Number))
        .map(([epoch, a, b, c, d, e, f, seconds]) => [
          String(epoch),
          a.toFixed(4),
          `${(100 * b).toFixed(2)} %`,
          c.toFixed(4),
          `${(100 * d).toFixed(2)} %`,
          e.toFixed(4),
          `${(100 * f).toFixed(2)} %`,
          seconds.toFixed(1),
        ]),
      shown,
    );

    const [names, ...points] = rowsOf((await saved(page, "loss-csv")).bytes);
    assert.deepEqual(names, ["epoch", "training at each step", "training", "validation", "test"]);
    const places = points.map((row) => Number(row[0]));
    assert.ok(places.every((place, i) => i === 0 || place > places[i - 1]));
    assert.deepEqual(
      points.flatMap((row) => (row[4] ? [Number(row[4]).toFixed(4)] : [])),
      shown.map((row) => row[5]),
    );
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

for (const [width, colorScheme] of [
  [1280, "light"],
  [320, "dark"],
]) {
  test(`axe finds nothing in compared runs at ${width} px, ${colorScheme}`, async () => {
    const page = await openPage(browser, `${site.address}${net}`, {
      context: { viewport: { width, height: 800 }, colorScheme },
      prepare: (page) => page.addInitScript({ path: `${root}node_modules/axe-core/axe.min.js` }),
    });
    await waitForStatus(page, "idle");
    await train(page);
    for (let i = 0; i < 3; i++) await at(page, "keep-run").click();
    const { violations } = await page.evaluate(
      (tags) => globalThis.axe.run(".curves", { runOnly: tags }),
      tags,
    );
    assert.deepEqual(
      violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 120)}`),
      [],
    );
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
