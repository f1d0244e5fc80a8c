// The net as files of other programs: what the page saves is what the package writes for the same run.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { exportNet, zip } from "lanegrad/formats";
import { axeFindings, withAxe } from "../support/axe.mjs";
import { at, downloaded, launchSite, openPage, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();

const search =
  "net=conv+2+5x5,+pool+4,+batchnorm,+relu,+dense+classes&batch=6000&epochs=1&lr=0.05&validation=0";

async function openPanel(page) {
  await page.locator('[data-testid="take-out"] summary').click();
  await at(page, "take-out-onnx").waitFor();
}

test("every format is what the package makes of the saved run", async () => {
  const page = await openPage(browser, `${site.address}?${search}`);
  await waitForStatus(page, "idle");
  await openPanel(page);
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  const { bytes: checkpoint } = await downloaded(page, at(page, "save"));
  for (const format of ["onnx", "safetensors", "tfjs", "npz"]) {
    const { name, bytes } = await downloaded(page, at(page, `take-out-${format}`));
    const softmax = format === "onnx" || format === "tfjs";
    const files = await exportNet(new Uint8Array(checkpoint), format, {
      name: "lanegrad-own-net",
      softmax,
    });
    const entries = Object.entries(files);
    const [expectedName, expected] =
      entries.length === 1 ? entries[0] : [`lanegrad-own-net-${format}.zip`, await zip(files)];
    assert.equal(name, expectedName);
    assert.ok(bytes.equals(expected), `${format}: ${bytes.length} and ${expected.length} bytes`);
    await page.getByText(`${name}: ${Math.ceil(bytes.length / 1000)} kB.`).waitFor();
  }
  // Without probabilities the file is another one.
  await at(page, "take-out-softmax").uncheck();
  const { bytes } = await downloaded(page, at(page, "take-out-onnx"));
  const plain = await exportNet(new Uint8Array(checkpoint), "onnx", { name: "lanegrad-own-net" });
  assert.ok(bytes.equals(Object.values(plain)[0]));
  assert.deepEqual(page.complaints, []);
});

test("a page of its own is what the package needs to answer, small, and plain files", async () => {
  const page = await openPage(browser, `${site.address}?${search}`);
  await waitForStatus(page, "idle");
  await openPanel(page);
  const { name, bytes } = await downloaded(page, at(page, "take-out-page"));
  assert.equal(name, "lanegrad-own-net-page.zip");
  assert.ok(bytes.length < 150_000, `${bytes.length} bytes`);
  for (const file of ["index.html", "predict.js", "predict.wasm.gz", "net.safetensors.gz"])
    assert.ok(bytes.includes(file), file);
  assert.ok(!bytes.includes("sourceMappingURL"));
  assert.deepEqual(page.complaints, []);
});

test("a net from a file answers beside the one in hand, with the bits that it had when it was saved", async () => {
  const page = await openPage(browser, `${site.address}?${search}`);
  await waitForStatus(page, "idle");
  await openPanel(page);
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  const { bytes } = await downloaded(page, at(page, "save"));
  await page.locator('#evaluation [data-testid="ask"]').click();
  const asked = at(page, "test-accuracy");
  await asked.filter({ hasText: "%" }).waitFor();
  const accuracy = await asked.textContent();
  await page.locator("#net-name").selectOption("mlp");
  await at(page, "trial-file").setInputFiles({
    name: "mine.safetensors",
    mimeType: "",
    buffer: bytes,
  });
  await at(page, "trial-about")
    .filter({ hasText: "mine.safetensors: conv 2 5x5, pool 4" })
    .waitFor();
  await at(page, "trial-all").click();
  await at(page, "trial-score").filter({ hasText: accuracy }).waitFor();
  assert.match(
    await at(page, "trial-answer").textContent(),
    /^It reads test digit 1, a\s7 as a \d/,
  );
  // The same net from its ONNX file, whose size stands in the graph.
  const { "net.onnx": onnx } = await exportNet(new Uint8Array(bytes), "onnx");
  await at(page, "trial-file").setInputFiles({
    name: "net.onnx",
    mimeType: "",
    buffer: Buffer.from(onnx),
  });
  await at(page, "trial-about").filter({ hasText: "net.onnx: " }).waitFor();
  await at(page, "trial-all").click();
  await at(page, "trial-score").filter({ hasText: accuracy }).waitFor();
  // What is no net says so, and the one before stays.
  await at(page, "trial-file").setInputFiles({
    name: "wrong.safetensors",
    mimeType: "",
    buffer: bytes.subarray(0, 500),
  });
  await at(page, "problem").filter({ hasText: "safetensors: " }).waitFor();
  await at(page, "trial-about").filter({ hasText: "net.onnx" }).waitFor();
  assert.deepEqual(page.complaints, []);
});

test("the panel is loaded when it is opened, and the module when something is saved", async () => {
  const page = await openPage(browser, `${site.address}?${search}`);
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await waitForStatus(page, "idle");
  assert.ok(!asked.some((path) => /take_out|formats/.test(path)), String(asked));
  await openPanel(page);
  assert.ok(!asked.some((path) => /formats.*\.wasm/.test(path)), String(asked));
  await downloaded(page, at(page, "take-out-npz"));
  assert.ok(asked.some((path) => /formats.*\.wasm/.test(path)));
});

for (const width of [1280, 320]) {
  test(`it can be read and is accessible at ${width} px`, async () => {
    const page = await openPage(browser, `${site.address}?${search}`, {
      context: { viewport: { width, height: 740 } },
      prepare: withAxe,
    });
    await waitForStatus(page, "idle");
    await openPanel(page);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.equal(overflow, 0);
    assert.deepEqual(await axeFindings(page, ".take-out"), []);
  });
}
