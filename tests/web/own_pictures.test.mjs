// Pictures of one's own from PNG files: what was read is shown before it is learned, and can be changed.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "../support/test.mjs";
import { strToU8, zipSync } from "fflate";
import { png } from "../support/pictures.mjs";
import { about, accuracy, bring, brought, file, open, problem } from "./own_data.mjs";
import { kinds, shapes } from "./shapes.mjs";
import { at, downloaded, rowsOf, waitForStatus } from "./support.mjs";

const small = "net=dense+16,+relu,+dense+classes&validation=0&lr=0.01";
const zip = (files, options) => Buffer.from(zipSync(files, options));
const give = (page, files) => at(page, "own-files").setInputFiles(files);
const read = async (page, sentence) => {
  await at(page, "own-read").filter({ hasText: sentence }).waitFor();
  return at(page, "own-preview");
};

test("an archive is shown with its classes, samples and what was left out, and learned when that is wished", async () => {
  const page = await open(`${small}&epochs=20&batch=10`);
  const before = await about(page).textContent();
  const given = [file("shapes.zip", zip({ ...shapes(100), "stripes/notes.txt": strToU8("none") }))];
  await give(page, given);
  const preview = await read(page, "PNG pictures: 100 pictures to learn from, 24 × 24 pixels, grey, 5 classes."); // prettier-ignore
  assert.equal(await preview.locator(".samples canvas").count(), 12);
  const named = await preview.locator(".samples span").allTextContents();
  assert.deepEqual([...new Set(named)], kinds);
  assert.deepEqual(
    await at(page, "own-classes").locator("tbody tr").allInnerTexts(),
    kinds.map((kind) => `${kind}\t20`),
  );
  assert.deepEqual(await preview.locator(".notes li").allTextContents(), [
    "1 file (notes.txt) beside the pictures was left out.",
  ]);
  // Another size, and turned; who leaves them meanwhile waits for nothing.
  const corner = () =>
    preview
      .locator(".samples canvas")
      .first()
      .evaluate((canvas) => {
        const { width, height } = canvas;
        return [width, height, ...canvas.getContext("2d").getImageData(0, 0, 1, 1).data];
      });
  const [wide, , light, , , alpha] = await corner();
  assert.deepEqual([wide, alpha], [24, 255]);
  assert.ok(light > 180, "paper is light, as a viewer shows it");
  await at(page, "own-height").fill("12");
  await at(page, "own-height").press("Tab");
  await read(page, "12 × 24 pixels");
  assert.match((await preview.locator(".notes li").allTextContents())[0], /^100 pictures were fitted to 12 × 24 with the ratio kept/); // prettier-ignore
  await at(page, "own-width").fill("12");
  await at(page, "own-width").press("Tab");
  await read(page, "12 × 12 pixels");
  await at(page, "own-turn").check();
  await at(page, "own-leave").click();
  assert.equal(await preview.count(), 0);
  assert.equal(await about(page).textContent(), before);

  await bring(page, given);
  await brought(
    page,
    "80 pictures to learn from and 20 for the test, 24\u00a0×\u00a024 pixels, 5 classes",
  );
  assert.equal(await page.getByLabel("What the classes are called").inputValue(), kinds.join(", "));
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  assert.ok((await accuracy(page)) > 40, "chance is 20 %");
  assert.match(await page.locator("#grid button").first().getAttribute("aria-label"), /^Test picture 1, (circle|cross|square|stripes|triangle), read as/); // prettier-ignore

  // What cannot be read changes nothing.
  const learned = await about(page).textContent();
  await bring(page, [file("broken.png", png(4, 4, () => 1, { type: 0 }).subarray(0, 50))]);
  assert.match(await problem(page).textContent(), /broken\.png holds 1 picture .* cannot decode.*as they were/); // prettier-ignore
  assert.equal(await about(page).textContent(), learned);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a folder is chosen; pictures without a class are answered once the net has learned", async () => {
  const folder = await mkdtemp(`${tmpdir()}/lanegrad-shapes-`);
  const files = {
    ...shapes(50, { folder: "train/" }),
    ...shapes(10, { folder: "test/", seed: 9 }),
    "test/10.png": shapes(1)["circle/0.png"],
    "test/9.png": shapes(2)["cross/1.png"],
  };
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  const page = await open(`${small}&epochs=3&batch=10`);
  await at(page, "own-folder").setInputFiles(folder);
  const sentence = await at(page, "own-read").textContent();
  assert.match(sentence, /50 pictures to learn from and 10 for the test/);
  assert.match(sentence, /2 pictures have no class: what the net answers can be saved once it has learned\.$/); // prettier-ignore
  await at(page, "own-learn").click();
  await brought(page, "50 pictures to learn from and 10 for the test");
  const save = at(page, "own-answers");
  assert.equal(await save.textContent(), "Save the answers to the 2 without a class");
  assert.ok(await save.isDisabled(), "nothing has been learned");
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  const { name, bytes } = await downloaded(page, save);
  assert.equal(name, "lanegrad-answers.csv");
  const [head, ...rows] = rowsOf(bytes);
  assert.deepEqual(head, ["name", "answer", "probability"]);
  assert.deepEqual(
    rows.map(([picture]) => picture),
    ["9.png", "10.png"],
  );
  assert.ok(rows.every(([, answer, share]) => kinds.includes(answer) && share > 0.2 && share <= 1));
  await page.getByRole("button", { name: "Back to MNIST" }).click();
  await brought(page, "In hand: MNIST");
  assert.ok(await save.isHidden());
  await rm(folder, { recursive: true });
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("single pictures get their classes on the page, which their names may suggest", async () => {
  const page = await open(`${small}&epochs=1`);
  const pictures = Object.entries(shapes(20));
  await give(
    page,
    pictures.map(([, bytes], i) => file(`IMG_${i}.png`, bytes)),
  );
  await read(page, "PNG pictures: 20 pictures without a class, 24 × 24 pixels, grey.");
  const fields = at(page, "own-fields").getByRole("combobox");
  assert.equal(await fields.count(), 20);
  assert.ok(await at(page, "own-learn").isDisabled());
  assert.equal(await at(page, "own-assigned").textContent(), "At least two classes are needed.");
  for (const [i, name] of ["round", "round", "round", "cornered", "cornered"].entries())
    await fields.nth(i).fill(name);
  assert.equal(await at(page, "own-assigned").textContent(), "2 classes: cornered 2, round 3.");
  await at(page, "own-learn").click();
  await brought(page, "3 pictures to learn from and 2 for the test");
  assert.equal(
    await page.getByLabel("What the classes are called").inputValue(),
    "cornered, round",
  );

  await give(
    page,
    pictures.map(([path, bytes]) => file(path.replace("/", "."), bytes)),
  );
  await read(page, "20 pictures without a class");
  assert.equal(await fields.first().inputValue(), "circle");
  assert.match(await at(page, "own-assigned").textContent(), /^5 classes: circle 4, cross 4/);
  await at(page, "own-learn").click();
  await brought(page, "15 pictures to learn from and 5 for the test");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a reading can be stopped, and nothing is lost", async (t) => {
  const page = await open(`${small}&epochs=1`);
  const before = await about(page).textContent();
  const many = {};
  const noise = png(128, 128, (x, y) => (x * x * y) % 251, { type: 0 });
  for (let i = 0; i < 3000; i++) many[`${i % 2}/${i}.png`] = noise;
  const folder = await mkdtemp(join(tmpdir(), "lanegrad-many-"));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "many.zip"), zip(many, { level: 0 }));
  await give(page, join(folder, "many.zip"));
  await page.waitForFunction(() => document.querySelector('[data-testid="own-bar"]')?.value > 0);
  await at(page, "own-stop").click();
  await at(page, "own-bar").waitFor({ state: "detached" });
  assert.equal(await at(page, "own-preview").count(), 0);
  assert.equal(await problem(page).count(), 0);
  assert.equal(await about(page).textContent(), before);
  await give(page, [file("a.zip", zip(shapes(10)))]);
  await read(page, "10 pictures to learn from");
  await page.context().close();
});
