// What is collected is kept at once: the page may be left right after, and other tabs may change something meanwhile.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { addDrawings, collected, nameClasses, openPanel } from "./collecting.mjs";
import { at, countKept, launchSite, openPage } from "./support.mjs";

const { browser, site } = await launchSite();

// A page with two named classes, and with `draw(number)`, which draws for the class of that number and gives what adds it, as fast as the
// page allows: what is done after it in the same task comes before all else that the page does.
async function open() {
  const page = await openPage(browser, `${site.address}?data=small`);
  await openPanel(page);
  await nameClasses(page, ["star", "fish"]);
  await page.evaluate(() => {
    const find = (name) => document.querySelector(`[data-testid="${name}"]`);
    const [sheet, add] = [find("collect-sheet"), find("collect-add")];
    globalThis.draw = async (number) => {
      document.querySelectorAll('input[name="collect-class"]')[number].click();
      const { x, y, width, height } = sheet.getBoundingClientRect();
      const pen = (name, right, down) => {
        const place = { clientX: x + right * width, clientY: y + down * height };
        const how = { pointerId: 1, isPrimary: true, buttons: 1, bubbles: true };
        sheet.dispatchEvent(new PointerEvent(name, { ...how, ...place }));
      };
      pen("pointerdown", 0.2, 0.2);
      pen("pointermove", 0.8, 0.7);
      pen("pointerup", 0.8, 0.7);
      while (add.disabled) await new Promise(requestAnimationFrame);
      return () => add.click();
    };
  });
  return page;
}

test("of what was added nothing is lost where the page is reloaded in the same moment", async () => {
  for (let round = 0; round < 3; round++) {
    const page = await open();
    await page.evaluate(async () => {
      for (const number of [0, 1, 0, 1, 0, 1]) (await globalThis.draw(number))();
      location.reload();
    });
    await openPanel(page);
    await at(page, "collect-example").nth(5).waitFor();
    assert.deepEqual(await collected(page), [
      ["star", 3],
      ["fish", 3],
    ]);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  }
});

test("a picture that is added while what another tab changed is being read stays", async () => {
  const page = await open();
  const lines = [
    [
      [0.2, 0.3],
      [0.7, 0.8],
    ],
  ];
  await addDrawings(page, 0, [lines]);
  await page.evaluate(async () => {
    const add = await globalThis.draw(1);
    const { getAllKeys } = IDBObjectStore.prototype;
    const { promise, resolve } = Promise.withResolvers();
    IDBObjectStore.prototype.getAllKeys = function (...asked) {
      IDBObjectStore.prototype.getAllKeys = getAllKeys;
      const request = getAllKeys.apply(this, asked);
      add();
      this.transaction.addEventListener("complete", resolve);
      return request;
    };
    const other = new BroadcastChannel("lanegrad-classes");
    other.postMessage(undefined);
    await promise;
    other.close();
  });
  // The reading's end comes before that of another one, which sees all that was kept.
  assert.equal(await countKept(page, "example"), 2);
  const expected = [
    ["star", 1],
    ["fish", 1],
  ];
  assert.deepEqual(await collected(page), expected);
  await page.reload();
  await openPanel(page);
  await at(page, "collect-example").nth(1).waitFor();
  assert.deepEqual(await collected(page), expected);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});
