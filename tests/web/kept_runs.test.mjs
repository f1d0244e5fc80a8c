// What the browser keeps of runs on disk: it comes back, two tabs add to each other, what is no run is dropped.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after } from "node:test";
import { test } from "../support/test.mjs";
import {
  at,
  countKept,
  makeProfile,
  openTab,
  putKept,
  root,
  servePage,
  waitForStatus,
} from "./support.mjs";

const site = await servePage();
after(() => site.close());
const options = { viewport: { width: 1280, height: 900 }, serviceWorkers: "block" };

const small = "?net=pool+7,+dense+classes&batch=6000&epochs=2&lr=0.05&validation=0";
// More than 64 KiB, from where on Chromium keeps a value in a file of its own.
const large = "?net=dense+32,+relu,+dense+classes&batch=6000&epochs=1&validation=0";

async function trained(context, search, prepare) {
  const page = await openTab(context, `${site.address}${search}&autostart=1`, prepare);
  await waitForStatus(page, "finished");
  return page;
}
const offered = async (page) => {
  await at(page, "kept").waitFor();
  return at(page, "kept").textContent();
};
async function until(question) {
  for (let tries = 0; !(await question()); tries++) {
    if (tries > 600) throw new Error(`it never came true: ${question}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
const names = (page) =>
  at(page, "compared")
    .locator("tbody tr")
    .evaluateAll((rows) => rows.slice(1).map((row) => row.cells[0].textContent));
const result = (page, name) =>
  at(page, "compared")
    .locator("tbody tr")
    .evaluateAll(
      (rows, name) => rows.find((row) => row.cells[0].textContent === name)?.cells[3].textContent,
      name,
    );

test("a kept run is offered after a reload, and after the browser was closed", async () => {
  const profile = await makeProfile(options);
  for (const search of [large, small]) {
    const page = await trained(await profile.open(), search);
    await until(async () => (await countKept(page, "last")) === 1);
    const accuracy = await at(page, "test-accuracy").textContent();
    await at(page, "keep-run").click();
    await until(async () => (await names(page)).length > 0);
    await page.goto(site.address + search);
    assert.ok((await offered(page)).includes(`test accuracy ${accuracy}`));
    await profile.close();

    const later = await openTab(await profile.open(), site.address + search);
    assert.ok((await offered(later)).includes(`test accuracy ${accuracy}`));
    await at(later, "kept").getByRole("button", { name: "Restore it" }).click();
    await later.waitForFunction(() => document.querySelector("#epoch-rows tr"));
    await waitForStatus(later, "finished");
    assert.equal(await at(later, "test-accuracy").textContent(), accuracy);
    assert.deepEqual(await names(later), ["A"]);
    await later.getByRole("button", { name: "Forget A" }).click();
    assert.deepEqual(later.complaints, []);
    await profile.close();
  }
});

test("two tabs add to the runs to compare with, and each follows the other", async () => {
  const profile = await makeProfile(options);
  const context = await profile.open();
  const first = await trained(context, small);
  const second = await trained(context, `${small}&seed=2`);
  await at(first, "keep-run").click();
  await until(async () => (await names(second)).includes("A"));
  await at(second, "keep-run").click();
  await until(async () => (await names(first)).length === 2);
  for (const page of [first, second]) assert.deepEqual(await names(page), ["A", "B"]);
  const accuracies = await Promise.all(
    [first, second].map((p) => at(p, "test-accuracy").textContent()),
  );

  // Both at once, each believing that the twelfth place is free: for a moment neither hears of the other.
  for (let kept = 2; kept < 11; kept++) {
    await at(first, "keep-run").click();
    await until(async () => (await names(second)).length === kept + 1);
  }
  const together = [first, second];
  for (const page of together) {
    await page.evaluate(() => {
      globalThis.tell = BroadcastChannel.prototype.postMessage;
      BroadcastChannel.prototype.postMessage = () => {};
    });
  }
  await Promise.all(
    together.map((page) =>
      page.evaluate(() => document.querySelector('[data-testid="keep-run"]').click()),
    ),
  );
  await until(async () => (await countKept(first, "compared")) === 12);
  await until(
    async () => (await at(second, "problem").count()) + (await at(first, "problem").count()) === 1,
  );
  await first.evaluate(() => void (BroadcastChannel.prototype.postMessage = globalThis.tell));

  await second.reload();
  await until(async () => (await names(second)).length === 12);
  assert.equal(await result(second, "A"), accuracies[0]);
  assert.equal(await result(second, "B"), accuracies[1]);
  // Forgetting goes for both, and takes nothing else with it.
  await first.getByRole("button", { name: "Forget A" }).click();
  await until(async () => (await names(second)).length === 11);
  assert.deepEqual(await names(second), [..."BCDEFGHIJKL"]);
  assert.deepEqual([...first.complaints, ...second.complaints], []);
  await profile.close();
});

test("forgetting the run of another time leaves the one that another tab has kept since", async () => {
  const profile = await makeProfile(options);
  const context = await profile.open();
  const first = await trained(context, small);
  await until(async () => (await countKept(first, "last")) === 1);
  await first.goto(site.address + small);
  await offered(first);
  await trained(context, `${small}&seed=2`);
  await first.waitForTimeout(1000);
  await at(first, "kept").getByRole("button", { name: "Forget it" }).click();
  await first.waitForTimeout(500); // what must not happen
  assert.equal(await countKept(first, "last"), 1);
  await profile.close();
});

test("runs that an earlier build has kept are there", async () => {
  const kept = JSON.parse(await readFile(`${root}tests/web/kept_by_earlier_build.json`, "utf8"));
  const profile = await makeProfile(options);
  const page = await openTab(await profile.open(), `${site.address}favicon.ico`);
  await putKept(page, kept);
  await page.goto(site.address + small);
  assert.match(await offered(page), /pool|your own net, 2 of 2 epochs, test accuracy \d/);
  assert.deepEqual(await names(page), ["A"]);
  const accuracy = await result(page, "A");
  await at(page, "kept").getByRole("button", { name: "Restore it" }).click();
  await waitForStatus(page, "finished");
  assert.equal(await at(page, "test-accuracy").textContent(), accuracy);
  assert.equal(await page.locator("#epoch-rows tr").count(), 2);
  // A setting that came later has its default in what was kept before.
  delete kept.compared[0].settings.nesterov;
  kept.compared[0].name = "C";
  await putKept(page, { compared: kept.compared });
  await page.reload();
  await until(async () => (await names(page)).length === 2);
  assert.deepEqual(await names(page), ["A", "C"]);
  assert.equal(await at(page, "notice").count(), 0);
  assert.deepEqual(page.complaints, []);
  await profile.close();
});

test("a kept run has the settings of its net's recipe that an earlier build lacked", async () => {
  const kept = await readFile(`${root}tests/web/fast_kept_by_earlier_build.json`, "utf8");
  const profile = await makeProfile(options);
  const page = await openTab(await profile.open(), `${site.address}favicon.ico`);
  await putKept(page, JSON.parse(kept));
  await page.goto(`${site.address}?net=fast&batch=6000&validation=0`);
  await waitForStatus(page, "idle");
  await at(page, "step").click();
  const sentences = at(page, "differences").locator("li");
  await until(async () => /instead of/.test(await sentences.last().textContent()));
  assert.deepEqual(await sentences.allTextContents(), [
    "This run, compared with A: all settings the same.",
    "This run, compared with B: one-cycle schedule instead of cosine; final share 0.1 instead of 0; seed the same.",
  ]);
  assert.deepEqual(page.complaints, []);
  await profile.close();
});

test("what is kept but is no run is dropped with a word, once, and the page works", async () => {
  const kept = JSON.parse(await readFile(`${root}tests/web/kept_by_earlier_build.json`, "utf8"));
  const [sound] = kept.compared;
  const other = (changes) => ({ ...structuredClone(sound), ...changes });
  const profile = await makeProfile(options);
  const page = await openTab(await profile.open(), `${site.address}favicon.ico`);
  for (const [values, ...expected] of [
    [
      { compared: [{}] },
      /The run kept as A is not what this page keeps: run\.name|run\.points is no list\./,
    ],
    [{ compared: {} }, /The run kept as A/],
    [
      { compared: [null, 7, "x"] },
      /kept as A .*run\.points is no list/,
      /kept as B .*no record/,
      /kept as C .*no record/,
    ],
    [
      { "compared/A": other({ points: sound.points.slice(1) }) },
      /run\.points has 1 parts, expected 2/,
    ],
    [{ "compared/B": other({ momentm: 1 }) }, /kept as B .*run has “momentm”, which is not known/],
    [{ "compared/C": other({ version: 2 }) }, /run\.version is 2, expected 1/],
    [{ "compared/A": other({ epochs: [{ epoch: 1 }] }) }, /run\.epochs\[0\]\.\w+ is no number/],
    [
      { "compared/A": other({ settings: { ...sound.settings, lr: "x" } }) },
      /run\.settings\.lr is no number/,
    ],
    [{ last: 3 }, /The run that was kept last .*run is no record/],
    [{ last: [] }, /run is no record/],
    [{ last: { ...kept.last, curves: {} } }, /run\.curves\.charts is no list/],
    [{ last: { ...kept.last, checkpoint: "x" } }, /run\.checkpoint is no bytes/],
    [{ last: { ...kept.last, version: "1" } }, /run\.version is 1, expected 1/],
  ]) {
    await page.goto(`${site.address}favicon.ico`);
    await putKept(page, values);
    await page.goto(site.address + small);
    await waitForStatus(page, "idle");
    await until(async () => (await at(page, "notice").count()) >= expected.length);
    const said = (await at(page, "notice").allTextContents()).join("\n");
    for (const sentence of expected)
      assert.match(said, sentence, JSON.stringify(values).slice(0, 80));
    assert.equal(await at(page, "problem").count(), 0);
    await until(
      async () => (await countKept(page, "compared")) + (await countKept(page, "last")) === 0,
    );
  }
  await page.reload();
  await waitForStatus(page, "idle");
  await page.waitForTimeout(300);
  assert.equal(await at(page, "notice").count(), 0);
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  await at(page, "keep-run").click();
  await until(async () => (await countKept(page, "compared")) === 1);
  assert.deepEqual(page.complaints, []);
  await profile.close();
});

for (const [why, prepare, sentence] of [
  [
    "a full disk",
    () => {
      for (const name of ["put", "add"])
        IDBObjectStore.prototype[name] = () => {
          throw new DOMException("full", "QuotaExceededError");
        };
    },
    /This browser has no room left for it\./,
  ],
  [
    "no database",
    () => {
      IDBFactory.prototype.open = () => {
        throw new DOMException("not here", "SecurityError");
      };
    },
    /This browser keeps nothing \(not here\)\./,
  ],
  [
    "a write that fails late",
    () => {
      const { transaction } = IDBDatabase.prototype;
      IDBDatabase.prototype.transaction = function (store, mode) {
        const made = transaction.call(this, store, mode);
        if (mode === "readwrite") made.commit = () => made.abort();
        return made;
      };
    },
    /This browser keeps nothing \(it was broken off\)\./,
  ],
]) {
  test(`${why}: that nothing is kept is said, and never the contrary`, async () => {
    const profile = await makeProfile(options);
    const page = await trained(await profile.open(), small, (page) => page.addInitScript(prepare));
    const notice = at(page, "notice");
    await notice.waitFor();
    assert.match(await notice.textContent(), sentence);
    assert.match(await notice.textContent(), /^This run is not kept in this browser/);
    assert.equal(await notice.count(), 1, "said once, not after each epoch");
    await at(page, "keep-run").click();
    await at(page, "problem").waitFor();
    assert.match(await at(page, "problem").textContent(), /^This run is not kept in this browser/);
    assert.match(await at(page, "problem").textContent(), sentence);
    assert.match(await at(page, "problem").textContent(), /until this page is closed/);
    assert.deepEqual(
      await names(page),
      ["A"],
      "it can be compared with as long as the page is open",
    );
    await page.waitForTimeout(100);
    assert.doesNotMatch(await page.locator("#announcements").textContent(), /is kept/);
    assert.deepEqual(page.complaints, []);
    await profile.close();
  });
}
