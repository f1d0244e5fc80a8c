// Runs on pictures of one's own come back: with the pictures, which nobody has kept, asked for first.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { makeSet } from "./lines.mjs";
import { bring, brought, file, four, open } from "./own_data.mjs";
import { lastKept, open as openFile, shown, train, untilKept } from "./returning.mjs";
import { at, downloaded, learnBrought, waitForStatus } from "./support.mjs";

const query = "net=dense+16,+relu,+dense+classes&lr=0.01&batch=50";
const other = makeSet(1200, 7);
const others = [file("images", other.images), file("labels", other.labels)];

// Answers the page's dialogue for files, which the button opens.
async function choose(page, button, files) {
  const [dialogue] = await Promise.all([page.waitForEvent("filechooser"), button.click()]);
  await dialogue.setFiles(files);
  if (files.length > 0) await learnBrought(page);
}

// A page with a run on the four files' pictures, which the browser keeps.
async function keptRun(epochs) {
  const page = await open(`${query}&epochs=${epochs}`);
  await bring(page, four);
  await brought(page, "1,200 pictures");
  await train(page);
  await untilKept(page);
  return page;
}

test("the end of a fast run is kept", async () => {
  const page = await keptRun(20);
  await page.reload();
  assert.match(
    await at(page, "kept").textContent(),
    /Your own net on your own pictures, 20 of 20 epochs, validation accuracy/,
  );
  await page.context().close();
});

test("a reload asks for the pictures of the kept run, and goes on with it when they are there", async () => {
  const page = await open(`${query}&epochs=3`);
  await bring(page, four);
  await brought(page, "1,200 pictures");
  const names = page.getByLabel("What the classes are called");
  await names.fill("lying, standing, slanted, frame");
  await names.press("Tab");
  await train(page);
  await untilKept(page);
  const before = await shown(page);

  await page.reload();
  const kept = at(page, "kept");
  await kept.waitFor();
  assert.match(await kept.textContent(), /It learned other pictures: choose them first/);
  assert.equal(await kept.getByRole("button", { name: "Restore it" }).count(), 0);
  const button = (place) => place.getByRole("button", { name: "Choose its pictures" });
  // Other pictures of the same size are not its own.
  await choose(page, button(kept), others);
  const problem = at(page, "problem");
  await problem.waitFor();
  assert.match(await problem.textContent(), /^The kept run learned other pictures/);
  assert.match(
    await problem.textContent(),
    /It learned 1,200 pictures of 10\u00a0×\u00a012 pixels/,
  );
  await choose(page, button(problem), four);
  await waitForStatus(page, "finished");
  assert.deepEqual(await shown(page), before);
  assert.equal(await names.inputValue(), "lying, standing, slanted, frame");
  assert.equal(await at(page, "problem").count(), 0);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a file asks for its pictures, and for MNIST where it learned that, and brings its names", async () => {
  const page = await open(`${query}&epochs=2`);
  await train(page);
  const digits = { file: await downloaded(page, at(page, "save")), shown: await shown(page) };
  await bring(page, four);
  await brought(page, "1,200 pictures");
  const names = page.getByLabel("What the classes are called");
  await names.fill("lying, standing, slanted, frame");
  await names.press("Tab");
  await train(page);
  const lines = { file: await downloaded(page, at(page, "save")), shown: await shown(page) };

  const elsewhere = await open(query);
  await openFile(elsewhere, lines.file.name, lines.file.bytes);
  const problem = at(elsewhere, "problem");
  await problem.waitFor();
  assert.match(await problem.textContent(), /^lanegrad-.*safetensors learned other pictures/);
  assert.equal(await at(elsewhere, "status").textContent(), "idle", "the run in hand is as it was");
  const button = problem.getByRole("button", { name: "Choose its pictures" });
  await choose(elsewhere, button, four);
  await waitForStatus(elsewhere, "finished");
  assert.deepEqual(await shown(elsewhere), lines.shown);
  assert.equal(
    await elsewhere.getByLabel("What the classes are called").inputValue(),
    "lying, standing, slanted, frame",
  );
  await openFile(elsewhere, digits.file.name, digits.file.bytes);
  await problem.getByRole("button", { name: "Back to MNIST, and restore it" }).click();
  await elsewhere.waitForFunction(
    (way) => document.querySelector("#way-text").textContent === way,
    digits.shown.way,
  );
  await waitForStatus(elsewhere, "finished");
  assert.deepEqual(await shown(elsewhere), digits.shown);
  assert.deepEqual([...page.complaints, ...elsewhere.complaints], []);
  await page.context().close();
  await elsewhere.context().close();
});

test("whoever begins something else no longer waits for pictures", async () => {
  const page = await keptRun(2);
  await page.reload();
  await choose(page, at(page, "kept").getByRole("button", { name: "Choose its pictures" }), []);
  await at(page, "step").click();
  await page.waitForFunction(() =>
    /^Step 1 /.test(document.querySelector("#way-text").textContent),
  );
  await bring(page, four);
  await brought(page, "1,200 pictures");
  await page.waitForFunction(() =>
    /^Step 0 /.test(document.querySelector("#way-text").textContent),
  );
  assert.equal(await at(page, "status").textContent(), "idle");
  assert.equal((await lastKept(page)).step, 40, "it is still kept");
  await page.context().close();
});
