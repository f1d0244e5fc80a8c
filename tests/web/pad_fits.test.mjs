// The pad hands a drawing over as the pictures are that the net has learned: upright digits and letters are read by nets that
// learned them dark on light, thick, anywhere in larger pictures, or as EMNIST has them.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { gzipSync } from "node:zlib";
import { draw, drawingOf, random } from "./collecting.mjs";
import { header } from "./lines.mjs";
import {
  anywhere,
  digitLines,
  inverted,
  letter,
  letters,
  lying,
  tested,
  thick,
  training,
} from "./picture_sets.mjs";
import { at, bringPictures, launchSite, openPage, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();

const idx = (pictures, side) =>
  Buffer.concat([header(3, pictures.length, side, side), ...pictures.map(Buffer.from)]);
const files = (from, to, side) =>
  [from, to].flatMap(({ pictures, labels }, i) => {
    const name = i === 0 ? "train" : "test";
    return [
      { name: `${name}-images`, mimeType: "", buffer: idx(pictures, side) },
      {
        name: `${name}-labels`,
        mimeType: "",
        buffer: Buffer.concat([header(1, labels.length), Buffer.from(labels)]),
      },
    ];
  });

// A page with a net that has learned these files.
async function learned(chosen) {
  const net = "conv 8 5x5, pool 2, relu, dense 64, relu, dense classes";
  const query = new URLSearchParams({
    data: "small",
    net,
    epochs: 4,
    lr: 0.003,
    batch: 50,
    normalize: "on",
    validation: 0,
  });
  const page = await openPage(browser, `${site.address}?${query}`);
  await waitForStatus(page, "idle");
  await bringPictures(page, chosen);
  await page.waitForFunction(() =>
    document
      .querySelector('[data-testid="own-about"]')
      .textContent.includes("pictures to learn from"),
  );
  await waitForStatus(page, "idle");
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  return page;
}

// How many of ten drawings of these lines the page reads as `name`.
async function readAs(page, name, lines, seed) {
  const chance = random(seed);
  let right = 0;
  await at(page, "draw-pad").scrollIntoViewIfNeeded();
  for (let i = 0; i < 10; i++) {
    await page.locator("#clear").click();
    // With less of a shake than examples of classes have.
    const shaky = drawingOf(lines, () => 0.5 + 0.35 * (chance() - 0.5));
    await draw(page, at(page, "draw-pad"), shaky);
    await page.waitForFunction(
      () => document.querySelector('[data-testid="prediction"]').textContent !== "–",
    );
    if ((await at(page, "prediction").textContent()) === name) right++;
  }
  return right;
}

for (const [called, change, side] of [
  ["dark on light", inverted, 28],
  ["anywhere in 40 × 40", anywhere, 40],
  ["with thick strokes", thick, 28],
])
  test(`nets that learned digits ${called} read upright drawings`, async () => {
    const changed = ({ pictures, labels }) => ({ pictures: pictures.map(change), labels });
    const page = await learned(files(changed(training), changed(tested), side));
    for (const [name, lines] of Object.entries(digitLines)) {
      const right = await readAs(page, name, lines, 7);
      assert.ok(right >= 9, `${right} of 10 drawn ${name} are read`);
    }
    const how = await at(page, "seen-how").textContent();
    assert.match(how, side === 40 ? /about where you drew it/ : /centred as they are/);
    assert.match(how, called === "dark on light" ? /dark on light/ : /light on dark/);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });

// The files of a set as EMNIST's archive has them: packed, under its names, on their side.
const emnist = (set, train, test) =>
  [train, test].flatMap(({ pictures, labels }, i) => {
    const part = `emnist-${set}-${i === 0 ? "train" : "test"}`;
    const values = Buffer.concat([header(1, labels.length), Buffer.from(labels)]);
    return [
      [`${part}-images-idx3-ubyte.gz`, idx(pictures.map(lying), 28)],
      [`${part}-labels-idx1-ubyte.gz`, values],
    ].map(([name, bytes]) => ({ name, mimeType: "", buffer: gzipSync(bytes) }));
  });

test("a net that learned letters from files like EMNIST's reads an A as it is drawn", async () => {
  const chance = random(6);
  const names = Object.keys(letters);
  const made = (each) => {
    const of = Array.from({ length: each * names.length }, (_, i) => i % names.length);
    const pictures = of.map((label) => letter(letters[names[label]], chance));
    // They count from 1.
    return { labels: of.map((label) => label + 1), pictures };
  };
  const page = await learned(emnist("letters", made(90), made(10)));
  assert.equal(await page.getByLabel("What the classes are called").inputValue(), names.join(", "));
  for (const name of ["A", "H"]) {
    const right = await readAs(page, name, letters[name], 8);
    assert.ok(right >= 9, `${right} of 10 drawn ${name} are read`);
  }
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a net that learned digits from files like EMNIST's reads a 7 as it is drawn", async () => {
  const page = await learned(emnist("digits", training, tested));
  const right = await readAs(page, "7", digitLines[7], 7);
  assert.ok(right >= 9, `${right} of 10 drawn 7 are read`);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});
