// Whatever is loaded on demand: where it does not come, that is said, nothing else is lost, and trying again helps
// once the connection is back.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { at, launchSite, openPage, readLabs, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();
const labs = await readLabs();

const small = "net=pool+7,+dense+classes&batch=6000&epochs=2&lr=0.05&validation=0";
const diverging = "net=dense+16,+relu,+dense+classes&batch=6000&optimizer=sgd&lr=1e30&validation=0";
const trained = async (page) => {
  await waitForStatus(page, "idle");
  await at(page, "start").click();
  await waitForStatus(page, "finished");
};
const tryAgain = (page, label = "Try again") => page.getByRole("button", { name: label }).click();

// A training that has diverged, whose cause the page looks for.
const consulted = {
  search: diverging,
  want: (page) => at(page, "start").click(),
  says: [/The training diverged/, /step \d/, /What caused it could not be found out/],
  label: "Look for the cause again",
  worked: (page) => at(page, "doctor-tensor").waitFor(),
};

for (const { chunk, of = "", search = small, want, says = [], label, worked } of [
  {
    chunk: /diagnosis-.*\.js/,
    ...consulted,
  },
  {
    chunk: /findings-.*\.js/,
    search: diverging,
    want: (page) => at(page, "start").click(),
    says: [/The training diverged/, /step \d/],
    label: "Look for the cause again",
    worked: (page) => at(page, "doctor-tensor").waitFor(),
  },
  {
    chunk: /findings-.*\.css/,
    search: diverging,
    want: (page) => at(page, "start").click(),
    says: [/The training diverged/, /step \d/],
    label: "Look for the cause again",
    worked: async (page) => {
      await at(page, "doctor-tensor").waitFor();
      const sheets = await page.evaluate(() => [...document.styleSheets].map(({ href }) => href));
      assert.ok(
        sheets.some((href) => /findings-/.test(href)),
        "its stylesheet is there, too",
      );
    },
  },
  {
    chunk: /inspector_view-.*\.js/,
    want: (page) => page.locator("#inspector summary").click(),
    worked: (page) => page.locator("#inspector canvas").first().waitFor(),
  },
  {
    chunk: /inspector_view-.*\.css/,
    want: (page) => page.locator("#inspector summary").click(),
    worked: (page) => page.locator("#inspector canvas").first().waitFor(),
  },
  {
    chunk: /why_view-.*\.js/,
    want: (page) => page.locator("#why summary").click(),
    worked: (page) => at(page, "why-changed").waitFor(),
  },
  {
    chunk: /explanation-.*\.js/,
    want: (page) => page.locator("#why summary").click(),
    says: [/explanation\.js could not be loaded/],
    worked: (page) => at(page, "why-changed").waitFor(),
  },
  {
    chunk: /evaluation_view-.*\.js/,
    want: (page) => page.locator('#evaluation [data-testid="ask"]').click(),
    worked: (page) => page.locator("#evaluation table").first().waitFor(),
  },
  {
    chunk: /sweep_view-.*\.js/,
    want: (page) => page.locator('[data-testid="sweep"] summary').click(),
    worked: (page) => at(page, "sweep-start").waitFor(),
  },
  {
    chunk: /board_view-.*\.js/,
    want: (page) => page.locator('[data-testid="board"] summary').click(),
    worked: (page) => at(page, "board-add").waitFor(),
  },
  {
    chunk: /take_out_view-.*\.js/,
    want: (page) => page.locator('[data-testid="take-out"] summary').click(),
    worked: (page) => at(page, "take-out-onnx").waitFor(),
  },
  {
    chunk: /formats-.*\.wasm/,
    want: async (page) => {
      await page.locator('[data-testid="take-out"] summary').click();
      await at(page, "take-out-npz").click();
    },
    says: [/formats-.*\.wasm could not be fetched/],
    worked: (page) => at(page, "take-out-said").filter({ hasText: "npz" }).waitFor(),
  },
  {
    chunk: /comparison-.*\.js/,
    want: trained,
    worked: (page) => page.locator('[data-testid="keep-run"]:enabled').waitFor(),
  },
  {
    chunk: /consultation-.*\.js/,
    ...consulted,
  },
  {
    chunk: /sentences-.*\.js/,
    search: "",
    want: (page) => page.locator("#net-name").selectOption("lenet"),
    worked: (page) =>
      page.locator('[data-says="loss"]').filter({ hasText: "harder on purpose" }).waitFor(),
  },
  {
    chunk: /differences-.*\.js/,
    want: async (page) => {
      await trained(page);
      await at(page, "keep-run").click();
    },
    worked: (page) => page.getByText("all settings the same").waitFor(),
  },
  {
    chunk: /picture-.*\.js/,
    want: (page) => page.locator('[data-testid="save-loss-png"]').click(),
    worked: (page) => page.waitForEvent("download"),
  },
  {
    chunk: /own_pictures-.*\.js/,
    want: (page) =>
      page.locator('[data-testid="own-files"]').setInputFiles({
        name: "one.idx",
        mimeType: "application/octet-stream",
        buffer: Buffer.from("no"),
      }),
    worked: (page) => page.getByText("one.idx is plain text").waitFor(),
  },
  {
    chunk: /tour-.*\.js/,
    want: (page) => page.locator("button#tour").click(),
    worked: (page) => page.locator("aside.tour").waitFor(),
  },
  ...labs.slice(1).map(({ name: lab }) => ({
    chunk: /lab-.*\.js/,
    of: ` (${lab})`,
    want: (page) => page.locator(`.labs a[data-lab="${lab}"]`).click(),
    worked: (page) => page.locator(`#${lab} h1`).waitFor(),
  })),
  {
    chunk: /worker-.*\.js/,
    of: " (autograd)",
    want: (page) => page.locator('.labs a[data-lab="autograd"]').click(),
    says: [/worker/],
    worked: (page) => page.locator("#autograd svg").first().waitFor(),
  },
  {
    chunk: /worker-.*\.js/,
    of: " (functions)",
    want: (page) => page.locator('.labs a[data-lab="functions"]').click(),
    says: [/worker/],
    worked: (page) =>
      page.waitForFunction(
        () => document.querySelector('#functions [data-testid="fn-status"]').textContent === "idle",
      ),
  },
]) {
  const name = chunk.source.replace("-.*\\", "");
  test(`${name} does not come${of}: that is said, and trying again helps`, async () => {
    const page = await openPage(browser, `${site.address}?${search}`);
    page.setDefaultTimeout(15_000);
    await waitForStatus(page, "idle");
    const asked = [];
    let down = true;
    await page.context().route(chunk, (route) => {
      asked.push(route.request().url());
      return down ? route.abort() : route.continue();
    });
    await want(page);
    const panel = at(page, "problem").filter({ visible: true });
    await panel.waitFor();
    const text = await panel.textContent();
    for (const sentence of says.length > 0 ? says : [/page: .* could not be loaded/])
      assert.match(text, sentence);
    assert.ok(asked.length > 0);
    // Still away: it is said again.
    await tryAgain(page, label);
    await panel.waitFor();
    down = false;
    await Promise.all([worked(page), tryAgain(page, label)]);
    await page.waitForTimeout(100);
    assert.equal(await panel.filter({ hasText: "could not be loaded" }).count(), 0);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}

test("the store of runs does not come with the first view", async () => {
  const asked = [];
  const page = await openPage(browser, `${site.address}?${small}`, {
    prepare: (page) => page.on("request", (request) => asked.push(request.url())),
  });
  const store = () => asked.filter((url) => /\/(?:run_store|last_run)-.*\.js$/.test(url)).length;
  await waitForStatus(page, "idle");
  await page.waitForTimeout(500); // what is loaded after all else
  assert.equal(store(), 0);
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  assert.equal(store(), 2, "it comes before there is something to keep");
  await page.waitForFunction(async () => (await indexedDB.databases()).length > 0);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("what nobody has waited for is said all the same", async () => {
  const page = await openPage(browser, `${site.address}?${small}`);
  await waitForStatus(page, "idle");
  await page.evaluate(() => void Promise.reject(new Error("thrown by the test")));
  await at(page, "problem").waitFor();
  assert.match(await at(page, "problem").textContent(), /Something went wrong.*thrown by the test/);
  await page.context().close();
});
