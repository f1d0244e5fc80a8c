// For the tests of runs that come back: all that the page shows of one, and the ways on which it leaves and returns.
import { at, downloaded, waitForStatus } from "./support.mjs";

// Settings that are quick to train: ten steps an epoch.
export const small = "net=pool+7,+dense+classes&batch=6000&lr=0.05";

export async function set(page, id, value) {
  await page.locator(`#${id}`).fill(String(value));
  await page.locator(`#${id}`).press("Tab");
}

// Trains as many epochs as the form says.
export async function train(page) {
  await at(page, "start").click();
  await page.waitForFunction(() => {
    const { status } = document.querySelector('[data-testid="status"]').dataset;
    if (status === "failed") throw new Error("it failed");
    const rows = document.querySelectorAll("#epoch-rows tr").length;
    return status === "finished" && rows === Number(document.querySelector("#epochs").value);
  });
}

// A run that was paused or trained comes back as one that was stopped.
const resting = (status) => (["paused", "training"].includes(status) ? "stopped" : status);

// What is read in the page, but for how fast it trains just now, and what can be pressed meanwhile.
export async function shown(page) {
  const curve = async (name) =>
    (await downloaded(page, at(page, `save-${name}-csv`))).bytes.toString();
  const read = await page.evaluate(() => {
    const lab = document.querySelector("#digits");
    const text = (name) => lab.querySelector(`[data-testid="${name}"]`).textContent;
    const all = (selector, of) => [...lab.querySelectorAll(selector)].map(of);
    const value = ({ id, type, checked, value }) => [id, type === "checkbox" ? checked : value];
    return {
      status: text("status"),
      readouts: ["epoch", "train-loss", "validation-accuracy", "test-accuracy", "lr-changes"].map(
        text,
      ),
      asked: text("asked"),
      way: lab.querySelector("#way-text").textContent,
      done: lab.querySelector("#way").value,
      epochs: all("#epoch-rows tr", (row) => [...row.cells].map((cell) => cell.textContent)),
      labels: all(":is(#loss-figure, #accuracy-figure) canvas", ({ ariaLabel }) => ariaLabel),
      keys: all(":is(#loss-figure, #accuracy-figure) .key", ({ textContent }) => textContent),
      fields: all("form.settings :is(input, select)", value),
      net: lab.querySelector('[data-testid="net-text"]').value,
      notices: all('[data-testid="notice"]', ({ textContent }) => textContent),
      start: [text("start"), lab.querySelector('[data-testid="again"]').hidden],
      address: location.search,
    };
  });
  const { status, start } = read;
  return {
    ...read,
    status: resting(status),
    start: status === resting(status) ? start : ["Continue", false],
    curves: [await curve("loss"), await curve("accuracy")],
  };
}

// The last run as the browser keeps it; undefined where it keeps none.
export const lastKept = (page) =>
  page.evaluate(async () => {
    // Whoever opens a database that is not there yet makes it.
    const databases = await indexedDB.databases();
    if (!databases.some(({ name }) => name === "lanegrad")) return undefined;
    const { promise, resolve } = Promise.withResolvers();
    indexedDB.open("lanegrad").onsuccess = ({ target: { result: database } }) => {
      const request = database.transaction("runs").objectStore("runs").get("last");
      request.onsuccess = () => resolve(request.result);
      database.close();
    };
    const last = await promise;
    if (!last) return undefined;
    const { rates, progress, tested } = last.curves;
    // The step is a tensor of the checkpoint: behind its length and as many bytes of JSON.
    const { checkpoint } = last;
    const view = new DataView(checkpoint.buffer, checkpoint.byteOffset);
    const begin = 8 + Number(view.getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(checkpoint.subarray(8, begin)));
    const step = Number(view.getBigInt64(begin + header.step.data_offsets[0], true));
    return { status: progress.status, step, rates: rates.rates, tested };
  });

export const stepOf = async (page) =>
  Number(
    (await page.locator("#way-text").textContent()).match(/^Step ([\d,]+) /)[1].replaceAll(",", ""),
  );

// Waits until the browser keeps the run as it stands.
export async function untilKept(page) {
  for (let tries = 0; tries < 600; tries++) {
    const last = await lastKept(page);
    const status = await at(page, "status").textContent();
    const same = last && resting(last.status) === resting(status);
    if (same && last.step === (await stepOf(page))) return;
    await page.waitForTimeout(50);
  }
  throw new Error(`the run is not kept, but ${JSON.stringify(await lastKept(page))}`);
}

export async function reloaded(page) {
  await page.reload();
  await at(page, "kept").getByRole("button", { name: "Restore it" }).click();
  await waitForStatus(page, "stopped", "finished");
}

// Saves the run to a file and opens it in another page.
export async function opened(page, other) {
  const file = await downloaded(page, at(page, "save"));
  await open(other, file.name, file.bytes);
  await waitForStatus(other, "idle", "stopped", "finished");
  return file;
}

export async function open(page, name, buffer) {
  await page.evaluate(() => {
    const lab = document.querySelector("#digits");
    globalThis.wasLoaded = new Promise((loaded) => {
      const seen = new MutationObserver(() => {
        const { status } = lab.querySelector('[data-testid="status"]').dataset;
        if (status === "loading") loaded();
      });
      seen.observe(lab, { subtree: true, attributeFilter: ["data-status"] });
    });
  });
  await page.locator("#file").setInputFiles({ name, mimeType: "", buffer });
  await page.evaluate(() => globalThis.wasLoaded);
}
