// IDX files that are broken are refused in one sentence, and the run in hand stays.
import assert from "node:assert/strict";
import { test } from "node:test";
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
      /train-images starts with the bytes 7 0 8 3, expected an IDX file: 0 0 8 3 for images/,
    ],
    [replaced("train-labels", changed(training.labels, 2, 13)), /train-labels starts .* 0 0 13 1/],
    [
      replaced("t10k-images", png),
      /t10k-images is a PNG picture: .* 137 80 78 71, expected an IDX/,
    ],
    [replaced("t10k-labels", Buffer.from([0, 0])), /t10k-labels has 2 bytes, expected an IDX file/],
    [
      // The engine's own sentence: 120 pixels are a picture.
      replaced("train-images", training.images.subarray(0, training.images.length - 120)),
      /train-images: idx: training images: truncated, 143880 values, expected 144000 for the extents \[1200, 10, 12\]/,
    ],
    [
      replaced("t10k-labels", Buffer.concat([header(1, 200), Buffer.alloc(150)])),
      /t10k-labels: idx: test labels: truncated, 150 values, expected 200/,
    ],
    [
      replaced("t10k-labels", Buffer.concat([header(1, 199), tested.labels.subarray(8, 207)])),
      /t10k-images, t10k-labels: image set: 200 test images and 199 labels, expected as many labels as images/,
    ],
    [
      // Labels where images should be: two files of each kind are expected.
      replaced("train-images", training.labels),
      /t10k-images of images and t10k-labels, train-images, train-labels of labels, expected as many of both/,
    ],
    [
      replaced("t10k-images", wider),
      /train-images, t10k-images: training: training data of samples .* expected the same/,
    ],
    [
      replaced("train-images", packed.subarray(0, 900)),
      /train-images is broken: its 900 bytes are no whole gzip file/,
    ],
    [
      replaced("train-images", gzipSync(Buffer.concat([training.images, Buffer.alloc(1)]))),
      /train-images is broken: it unpacks to more than the 144,016 bytes that it should have\./,
    ],
    [
      replaced("t10k-labels", gzipSync(Buffer.alloc(32 << 20))),
      /t10k-labels starts with the bytes 0 0 0 0, expected an IDX file/,
    ],
    [
      replaced("t10k-labels", gzipSync(Buffer.concat([header(1, 2 ** 31), Buffer.alloc(200)]))),
      /t10k-labels has 2,147,483,656 bytes, expected 1,073,741,824 at most\./,
    ],
    [four.slice(0, 3), /3 files \(t10k-labels, train-images, train-labels\), expected four/],
    [[four[1]], /1 file \(train-images\), expected four.*or two/],
    [
      [four[0], four[1]],
      /train-images, t10k-labels: image set: 1200 training images and 200 labels, expected/,
    ],
    [[four[0], four[2]], /no file of images and t10k-labels, train-labels of labels/],
    [
      [four[1], file("zeros", Buffer.concat([header(1, 1200), Buffer.alloc(1200)]))],
      /zeros: every label is 0, expected at least two classes/,
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
