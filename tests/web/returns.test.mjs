// What comes back is what was: after a reload, and from a file in another browser.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { random } from "./lines.mjs";
import {
  lastKept,
  open,
  opened,
  reloaded,
  set,
  shown,
  small,
  stepOf,
  train,
  untilKept,
} from "./returning.mjs";
import { at, downloaded, launchSite, openPage, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();

async function visit(query) {
  const page = await openPage(browser, `${site.address}?${query}`);
  await waitForStatus(page, "idle");
  return page;
}
const epochs = (page, count) =>
  page.waitForFunction(
    (count) => document.querySelectorAll("#epoch-rows tr").length >= count,
    count,
  );

// What a visitor may do, as far as the buttons can be pressed then.
const actions = {
  start: (page) => press(page, "start"),
  again: (page) => press(page, "again"),
  pause: (page) => press(page, "pause"),
  step: (page) => press(page, "step"),
  stop: (page) => press(page, "stop"),
  async more(page) {
    if (!(await page.locator("#epochs").isEnabled())) return;
    await set(page, "epochs", Number(await page.locator("#epochs").inputValue()) + 2);
    await press(page, "start");
  },
  async rate(page, chance) {
    if ((await at(page, "status").textContent()) === "training") await press(page, "pause");
    await waitForStatus(page, "idle", "paused", "stopped", "finished");
    // While it stands still, a rate is that of the next start.
    if ((await at(page, "status").textContent()) !== "paused") return;
    await set(page, "lr", Number((0.01 + 0.1 * chance()).toPrecision(2)));
  },
};
async function press(page, name) {
  const button = at(page, name);
  if ((await button.isVisible()) && (await button.isEnabled())) await button.click();
}

for (const seed of [1, 2, 3]) {
  test(`whatever is done, all that is shown comes back from file and browser (seed ${seed})`, async () => {
    const chance = random(seed * 7919);
    const [page, other] = [await visit(`${small}&epochs=12&seed=${seed}`), await visit(small)];
    const done = [];
    for (let i = 0; i < 12; i++) {
      const names = Object.keys(actions);
      const name = names[Math.floor(chance() * names.length)];
      done.push(name);
      await actions[name](page, chance);
      await page.waitForTimeout(400 * chance());
      if (i % 3 < 2) continue;
      // What is compared stands still.
      await page.waitForFunction(() => {
        const { status } = document.querySelector('[data-testid="status"]').dataset;
        return status !== "loading" && !document.querySelector('[data-testid="step"]').disabled
          ? true
          : status === "training";
      });
      if ((await at(page, "status").textContent()) === "training") await press(page, "pause");
      await waitForStatus(page, "idle", "paused", "stopped", "finished");
      if ((await stepOf(page)) === 0) continue;
      // Saving completes the test at the end of an epoch, if it is under way.
      const { name: file, bytes } = await downloaded(page, at(page, "save"));
      const before = await shown(page);
      await open(other, file, bytes);
      await waitForStatus(other, "idle", "stopped", "finished");
      assert.deepEqual(await shown(other), before, `from the file, after ${done.join(", ")}`);
      // The browser keeps no single steps of a net that has not been trained.
      if (before.status === "idle") continue;
      await untilKept(page);
      await reloaded(page);
      assert.deepEqual(await shown(page), before, `from the browser, after ${done.join(", ")}`);
    }
    assert.deepEqual([...page.complaints, ...other.complaints], []);
    await page.context().close();
    await other.context().close();
  });
}

test("a run that got more epochs comes back with all of them", async () => {
  const [page, other] = [await visit(`${small}&epochs=1`), await visit(small)];
  await train(page);
  await set(page, "epochs", 3);
  assert.equal(await at(page, "start").textContent(), "Continue");
  await train(page);
  const before = await shown(page);
  assert.equal(before.way, "Step 30 of 30");
  assert.equal(before.readouts[0], "3 / 3");
  assert.match(before.address, /epochs=3/);
  assert.match(before.labels[0], /^Loss over 3 epochs/);
  await opened(page, other);
  assert.deepEqual(await shown(other), before);
  await untilKept(page);
  await page.reload();
  assert.match(await at(page, "kept").textContent(), /, 3 of 3 epochs, validation accuracy/);
  await at(page, "kept").getByRole("button", { name: "Restore it" }).click();
  await waitForStatus(page, "finished");
  assert.deepEqual(await shown(page), before);
  await page.context().close();
  await other.context().close();
});

test("in the middle of an epoch beyond those that it was made for, a run is not finished", async () => {
  const [page, other] = [await visit(`${small}&epochs=1`), await visit(small)];
  await train(page);
  await set(page, "epochs", 300);
  await at(page, "start").click();
  await epochs(page, 2);
  await at(page, "pause").click();
  await waitForStatus(page, "paused");
  const before = await shown(page);
  assert.match(before.way, / of 3,000$/);
  await opened(page, other);
  assert.deepEqual(await shown(other), before);
  assert.equal(await at(other, "status").textContent(), "stopped");
  assert.equal(await at(other, "start").textContent(), "Continue");
  await page.context().close();
  await other.context().close();
});

test("a file brings back curves, table and loss, and has a name of its own", async () => {
  const [page, other] = [await visit(`${small}&epochs=2&seed=5`), await visit("net=mlp")];
  await train(page);
  const before = await shown(page);
  assert.match(before.readouts[1], /^\d\.\d{4}$/);
  const { name } = await opened(page, other);
  assert.match(
    name,
    /^lanegrad-own-net-accuracy-\d+\.\d\d-seed-5-step-20-\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d\.safetensors$/,
  );
  assert.deepEqual(await shown(other), before);
  // It is a file like any other: it learns on, and is saved with what comes to it.
  for (const each of [page, other]) {
    await set(each, "epochs", 3);
    await train(each);
  }
  const digits = async (each) => (await shown(each)).epochs.map((cells) => cells.slice(0, -1));
  assert.deepEqual(await digits(other), await digits(page));
  assert.deepEqual([...page.complaints, ...other.complaints], []);
  await page.context().close();
  await other.context().close();
});

test("a file that is no saved run is called that, and the run in hand stays", async () => {
  const page = await visit(`${small}&epochs=1`);
  await train(page);
  const before = await shown(page);
  await open(page, "host.html", Buffer.from("<!doctype html><title>no run of ours</title>"));
  const problem = at(page, "problem");
  await problem.waitFor();
  assert.match(await problem.textContent(), /^host\.html is no saved run/);
  assert.doesNotMatch(await problem.textContent(), /build the page/);
  await problem.getByRole("button", { name: "Dismiss" }).click();
  await waitForStatus(page, "finished");
  assert.deepEqual(await shown(page), before);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a stopped run can go on and can begin again, also after a reload", async () => {
  const page = await visit(`${small}&epochs=40`);
  await at(page, "start").click();
  await epochs(page, 2);
  await at(page, "stop").click();
  await waitForStatus(page, "stopped");
  const before = await shown(page);
  assert.deepEqual(before.start, ["Continue", false]);
  await untilKept(page);
  await reloaded(page);
  assert.deepEqual(await shown(page), before);
  const step = await stepOf(page);
  await at(page, "start").click();
  await epochs(page, before.epochs.length + 1);
  assert.ok(await at(page, "again").isHidden(), "nothing to begin while it learns");
  await at(page, "stop").click();
  await waitForStatus(page, "stopped");
  const after = await shown(page);
  assert.ok((await stepOf(page)) > step);
  assert.deepEqual(after.epochs.slice(0, before.epochs.length), before.epochs);
  await at(page, "again").click();
  await waitForStatus(page, "training");
  // The focus is on a button that can be pressed.
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Pause");
  await at(page, "pause").click();
  await waitForStatus(page, "paused");
  assert.ok((await shown(page)).epochs.length < after.epochs.length, "it has begun again");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a first epoch that is not finished is kept", async () => {
  const page = await visit(
    "net=conv+16+5x5,+relu,+conv+16+5x5,+pool+2,+relu,+dense+classes&epochs=1",
  );
  await at(page, "start").click();
  await waitForStatus(page, "training");
  // It learns on: nobody has paused it, or left the page.
  while (!(await lastKept(page))) {
    assert.equal(await at(page, "status").textContent(), "training");
    await page.waitForTimeout(200);
  }
  await page.reload();
  const offer = await at(page, "kept").textContent();
  const [, steps] =
    /^A run .*Your own net, 0 of 1 epoch and ([\d,]+) steps, no validation accuracy yet/.exec(
      offer,
    );
  await at(page, "kept").getByRole("button", { name: "Restore it" }).click();
  await waitForStatus(page, "stopped");
  assert.equal(await stepOf(page), Number(steps.replaceAll(",", "")));
  assert.equal(await at(page, "validation-accuracy").textContent(), "–");
  assert.equal(await at(page, "start").textContent(), "Continue");
  assert.match((await shown(page)).labels[0], /training \d\.\d+/);
  await page.context().close();
});

test("what the test said comes back, from the file and from the browser", async () => {
  const [page, other] = [await visit(`${small}&epochs=2`), await visit(small)];
  await train(page);
  await at(page, "ask").click();
  await at(page, "asked")
    .filter({ hasText: /^Asked after step 20/ })
    .waitFor();
  const said = await at(page, "asked").textContent();
  const again = `${said} Ask it again to see its answers.`;
  await opened(page, other);
  await other.locator("#evaluation").scrollIntoViewIfNeeded();
  await at(other, "asked").filter({ hasText: again }).waitFor();
  const [, share] = said.match(/, ([\d.]+\s%)\.$/);
  const accuracy = other.locator('[data-testid="pile-test"] .accuracy');
  await accuracy.filter({ hasText: share }).waitFor();
  assert.ok(await at(other, "views").isHidden(), "which was read as which is not kept");
  while ((await lastKept(page))?.tested === undefined) await page.waitForTimeout(50);
  await reloaded(page);
  await page.locator("#evaluation").scrollIntoViewIfNeeded();
  await at(page, "asked").filter({ hasText: again }).waitFor();
  assert.deepEqual([...page.complaints, ...other.complaints], []);
  await page.context().close();
  await other.context().close();
});

test("after early stopping a run comes back as one that has ended, with its weights named", async () => {
  const query = "net=pool+2,+dense+16,+relu,+dense+classes&batch=1000&lr=0.05&seed=5";
  const [page, other] = [
    await visit(`${query}&validation=5000&patience=1&epochs=40`),
    await visit(small),
  ];
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  const before = await shown(page);
  assert.match(before.notices.join(), /^Stopped early/);
  assert.equal(before.start[0], "Start again");
  await opened(page, other);
  assert.deepEqual(await shown(other), before);
  await untilKept(page);
  await reloaded(page);
  assert.deepEqual(await shown(page), before);
  await page.context().close();
  await other.context().close();
});

test("a rate that is changed while a run is paused is kept", async () => {
  const page = await visit(`${small}&epochs=200`);
  await at(page, "start").click();
  await epochs(page, 1);
  await at(page, "pause").click();
  await waitForStatus(page, "paused");
  await untilKept(page);
  await set(page, "lr", "0.02");
  await page.waitForURL(/rates=\d+:0\.02/);
  const before = await shown(page);
  while ((await lastKept(page)).rates.length === 0) await page.waitForTimeout(50);
  await reloaded(page);
  assert.deepEqual(await shown(page), before);
  await page.context().close();
});
