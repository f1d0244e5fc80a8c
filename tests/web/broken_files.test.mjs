// IDX files that are broken are refused in one sentence, and the run in hand stays.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { gzipSync } from "node:zlib";
import { at, waitForStatus } from "./support.mjs";
import {
  header,
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
} from "./own_data.mjs";

test("broken files are refused in one sentence, and the run in hand stays", async () => {
  const page = await open("net=dense+16,+relu,+dense+classes&epochs=2&lr=0.01&validation=0");
  await bring(page, four);
  await brought(page, "1,200 pictures");
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  const before = {
    about: await about(page).textContent(),
    accuracy: await accuracy(page),
    rows: await at(page, "epoch-rows").innerText(),
  };
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);
  const replaced = (name, buffer) =>
    four.map((each) => (each.name === name ? file(name, buffer) : each));
  const changed = (buffer, place, value) => {
    const copy = Buffer.from(buffer);
    copy[place] = value;
    return copy;
  };
  const packed = gzipSync(training.images);
  const wider = Buffer.concat([header(3, 200, 12, 10), tested.images.subarray(16)]);
  for (const [files, sentence] of [
    [
      replaced("train-images", changed(training.images, 0, 7)),
      /train-images starts with the bytes 7 0 8 3, expected IDX \(plain or \.gz\), \.npz/,
    ],
    [
      replaced("train-labels", changed(training.labels, 2, 13)),
      /train-labels is an IDX file that is cut short: 1208 bytes, expected 4808 for \[1200\]/,
    ],
    [
      replaced("t10k-images", png),
      /t10k-images, t10k-labels, train-images, … hold 1 picture \(t10k-images\) that the browser cannot decode/,
    ],
    [
      replaced("t10k-labels", Buffer.from([0, 0])),
      /t10k-labels starts with the bytes 0 0, expected IDX/,
    ],
    [
      // 120 pixels are a picture.
      replaced("train-images", training.images.subarray(0, training.images.length - 120)),
      /train-images is an IDX file that is cut short: 143896 bytes, expected 144016 for \[1200, 10, 12\]/,
    ],
    [
      replaced("t10k-labels", Buffer.concat([header(1, 200), Buffer.alloc(150)])),
      /t10k-labels is an IDX file that is cut short: 158 bytes, expected 208 for \[200\]/,
    ],
    [
      replaced("t10k-labels", Buffer.concat([header(1, 199), tested.labels.subarray(8, 207)])),
      /t10k-labels has 199 labels for the 200 pictures of t10k-images, expected one for each\./,
    ],
    [
      // Labels where images should be.
      replaced("train-images", training.labels),
      /train-images, train-labels have labels, expected the pictures for them in another file/,
    ],
    [
      replaced("t10k-images", wider),
      /t10k-images has pictures of 12 × 10, train-images of 10 × 12, expected one size/,
    ],
    [
      replaced("train-images", packed.subarray(0, 900)),
      /train-images is broken .*, expected a whole gzip file/,
    ],
    [
      replaced("train-images", gzipSync(Buffer.concat([training.images, Buffer.alloc(1)]))),
      /train-images is an IDX file that is too long: 144017 bytes, expected 144016/,
    ],
    [
      replaced("t10k-labels", gzipSync(Buffer.alloc(32 << 20))),
      /t10k-labels starts with the bytes 0 0 0 0, expected IDX/,
    ],
    [
      replaced("t10k-labels", gzipSync(Buffer.concat([header(1, 2 ** 31), Buffer.alloc(200)]))),
      /t10k-labels is an IDX file that is cut short: 208 bytes, expected 2/,
    ],
    [four.slice(0, 3), /t10k-labels has labels, expected the pictures for them in another file/],
    [[four[1]], /train-images has pictures without labels, expected labels in another file/],
    [
      [four[0], four[1]],
      /t10k-labels has 200 labels for the 1200 pictures of train-images, expected one for each/,
    ],
    [[four[0], four[2]], /t10k-labels, train-labels have labels, expected the pictures for them/],
    [
      [four[1], file("zeros", Buffer.concat([header(1, 1200), Buffer.alloc(1200)]))],
      /zeros has one class alone, expected at least two: every label is the same/,
    ],
  ]) {
    await bring(page, files);
    await page
      .waitForFunction(
        (source) => {
          const panels = document.querySelectorAll('#own [data-testid="problem"]');
          return panels.length === 1 && new RegExp(source).test(panels[0].textContent);
        },
        sentence.source,
        { timeout: 10_000 },
      )
      .catch(async () => {
        assert.match((await problem(page).allTextContents()).join(" | "), sentence);
      });
    assert.match(await problem(page).textContent(), /the run are as they were/);
    assert.equal(await about(page).textContent(), before.about, "the pictures in hand stay");
    assert.equal(await at(page, "status").textContent(), "finished");
    assert.equal(await accuracy(page), before.accuracy);
    assert.equal(await at(page, "epoch-rows").innerText(), before.rows);
  }
  // The net still answers, and learns on.
  await page.getByLabel("Epochs", { exact: true }).fill("3");
  await page.getByLabel("Epochs", { exact: true }).press("Tab");
  await at(page, "start").click();
  await page.waitForFunction(() => document.querySelectorAll("#epoch-rows tr").length === 3);
  await waitForStatus(page, "finished");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});
