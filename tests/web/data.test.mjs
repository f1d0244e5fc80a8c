// Digits with pictures of one's own, from IDX files: what is learned from them, and how they are told apart.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { gzipSync } from "node:zlib";
import { readFile } from "node:fs/promises";
import { at, waitForStatus } from "./support.mjs";
import {
  makeSet,
  training,
  tested,
  file,
  four,
  about,
  accuracy,
  bring,
  problem,
  brought,
  open,
  shownAnswers,
} from "./own_data.mjs";

test("four files are learned: the shown accuracy is right answers by all, counted from the answers", async () => {
  const page = await open("net=dense+32,+relu,+dense+classes&epochs=6&lr=0.01&validation=0");
  await bring(page, four);
  await brought(
    page,
    "1,200 pictures to learn from and 200 for the test, 10\u00a0×\u00a012 pixels, 4 classes",
  );
  assert.match(await at(page, "layers").textContent(), /input1 × 10 × 12the picture’s pixels/);
  assert.match(await at(page, "layers").textContent(), /dense classes4/);
  assert.match(await page.locator(".lead").textContent(), /^\s*1,200 pictures of yours/);
  assert.match(await page.locator("#settings").textContent(), /do not travel with the link/);
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  const shown = await accuracy(page);
  assert.ok(shown > 60, `chance is 25 %, it reads ${shown} %`);
  await shownAnswers(page, 200); // the first page's may be those of a moment before the end
  const answers = await shownAnswers(page, 200);
  assert.equal(answers.size, 200);
  let right = 0;
  for (const [number, { label, answer, verdict }] of answers) {
    assert.equal(label, String(tested.labels[8 + number - 1]), "the label of the file");
    assert.equal(verdict, label === answer ? "right" : "wrong");
    if (label === answer) right++;
  }
  assert.equal(shown.toFixed(2), ((100 * right) / 200).toFixed(2));
  // The first layer's weights are pictures of 10 × 12.
  const filters = await at(page, "filters").evaluate(({ width, height }) => [width, height]);
  assert.deepEqual(filters, [8 * 13 - 1, 4 * 11 - 1]);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("packed or not, in any order, and whatever the names: the content says what is what", async () => {
  const page = await open("net=dense+8,+relu,+dense+classes&epochs=1&validation=0");
  const expected = "1,200 pictures to learn from and 200 for the test";
  for (const files of [
    four.map(({ name, buffer }) => file(`${name}.gz`, gzipSync(buffer))),
    [3, 1, 0, 2].map((i) => file(`file-${i}`, four[i].buffer)), // the larger pair is to learn from
  ]) {
    await bring(page, files);
    await brought(page, expected);
    await page.getByRole("button", { name: "Back to MNIST" }).click();
    await brought(page, "In hand: MNIST");
  }
  // The names say which pair is the test where it is the larger one.
  await bring(page, [
    file("test-images", training.images),
    file("test-labels", training.labels),
    file("train-images", tested.images),
    file("train-labels", tested.labels),
  ]);
  await brought(page, "200 pictures to learn from and 1,200 for the test");
  // Where all four are of one length, only names can tell.
  const other = makeSet(200, 3);
  const equal = (names) =>
    [other.images, other.labels, tested.images, tested.labels].map((bytes, i) =>
      file(names[i], bytes),
    );
  await bring(page, equal(["a", "b", "c", "d"]));
  assert.match(
    await problem(page).textContent(),
    /a, c have 200 pictures each, expected “train” and “test” in the names of all files, to tell them apart\./,
  );
  await bring(page, equal(["train-a", "train-b", "test-c", "test-d"]));
  await brought(page, "200 pictures to learn from and 200 for the test");
  const first = await page.locator("#grid button").first().getAttribute("aria-label");
  assert.match(first, /^Test picture 1, class 0/);
  await page.context().close();
});

test("of two files a fifth of each class is held back, the same each time", async () => {
  // 101 of class 0, 50 of class 1, 2 of class 2, 1 of class 3: 20 + 10 + 1 + 0 are held back.
  const counts = [101, 50, 2, 1];
  const labels = counts.flatMap((count, label) => Array(count).fill(label));
  const uneven = makeSet(labels.length, 4, (i) => labels[i]);
  const page = await open("net=dense+8,+relu,+dense+classes&epochs=1&validation=0");
  const files = [file("y.gz", gzipSync(uneven.labels)), file("x", uneven.images)];
  const sight = async () => {
    await bring(page, files);
    await brought(page, "123 pictures to learn from and 31 for the test");
    assert.match(await about(page).textContent(), /a fifth of each class was taken out by chance/);
    await page.locator("#grid button").nth(30).waitFor();
    return page
      .locator("#grid canvas")
      .evaluateAll((all) => all.map((canvas) => canvas.toDataURL()).join());
  };
  const first = await sight();
  const found = await page
    .locator("#grid button")
    .evaluateAll((all) =>
      all.map((button) => /^Test picture \d+, class (\d)/.exec(button.ariaLabel)[1]),
    );
  assert.deepEqual(
    counts.map((_, label) => found.filter((name) => name === String(label)).length),
    [20, 10, 1, 0],
  );
  await page.getByRole("button", { name: "Back to MNIST" }).click();
  await brought(page, "In hand: MNIST");
  assert.equal(await sight(), first);
  await page.context().close();
});

test("a run of other pictures is refused by its checksum, and a net that does not fit gives way", async () => {
  const page = await open("net=dense+8,+relu,+dense+classes&epochs=1&validation=0");
  const [download] = await Promise.all([page.waitForEvent("download"), at(page, "save").click()]);
  const bytes = await readFile(await download.path());
  await at(page, "net-text").fill("conv 4 11x11, relu, dense classes");
  await at(page, "net-text").press("Tab");
  await bring(page, four);
  await brought(page, "1,200 pictures");
  const notice = at(page, "notice");
  assert.match(await notice.textContent(), /kernel larger than its input of 10x12/);
  assert.match(await notice.textContent(), /The net .* is here instead/);
  await page.locator("#file").setInputFiles(file("mnist.safetensors", bytes));
  await at(page, "problem").first().waitFor();
  assert.match(
    await at(page, "problem").first().textContent(),
    /^mnist\.safetensors learned other pictures.*It learned all of MNIST, which is not in hand\..*Back to MNIST, and restore it/,
  );
  assert.equal(await at(page, "status").textContent(), "idle");
  await at(page, "start").click();
  await waitForStatus(page, "training", "finished");
  await page.context().close();
});
