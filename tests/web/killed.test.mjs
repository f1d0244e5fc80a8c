// A browser that is killed while it trains, again and again: what it kept last is offered, goes on where it was, and ends
// with the numbers of a run that nobody disturbed.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { after } from "node:test";
import { test } from "../support/test.mjs";
import { random } from "./collecting.mjs";
import { at, countKept, makeProfile, openTab, servePage, waitForStatus } from "./support.mjs";

const site = await servePage();
after(() => site.close());
const options = { viewport: { width: 1280, height: 900 }, serviceWorkers: "block" };
const epochs = 30;
const run = `?data=small&net=dense+16,+relu,+dense+classes&batch=20&epochs=${epochs}`;

/** Ends the browser of this profile at once, with all of its processes, as a system that is out of memory does. */
async function killBrowser(folder) {
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  for (const id of processes) {
    const words = await readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "");
    if (words.includes(folder)) process.kill(Number(id), "SIGKILL");
  }
}

/** The epochs' losses and accuracies, without their times. */
const numbers = async (page) =>
  at(page, "epoch-rows")
    .locator("tr")
    .evaluateAll((all) =>
      all.map((row) => [...row.cells].slice(0, 5).map((cell) => cell.textContent)),
    );

test("a browser that is killed while it trains loses no more than what came since", async (t) => {
  if (!existsSync("/proc/self/cmdline"))
    return t.skip("processes are found in /proc, which is not here");
  const undisturbed = await makeProfile(options);
  const calm = await openTab(await undisturbed.open(), `${site.address}${run}&autostart=1`);
  await waitForStatus(calm, "finished");
  const expected = await numbers(calm);
  assert.equal(expected.length, epochs);
  await undisturbed.close();

  const profile = await makeProfile(options);
  const chance = random(7);
  let kills = 0;
  for (let done = false; !done;) {
    const page = await openTab(await profile.open(), site.address + run);
    let before = 0;
    if (kills > 0) {
      await at(page, "kept").getByRole("button", { name: "Restore it" }).click();
      await waitForStatus(page, "stopped", "finished");
      const there = await numbers(page);
      before = there.length;
      assert.deepEqual(there, expected.slice(0, before));
    }
    t.diagnostic(`after ${kills} kills: ${before} epochs`);
    if (before < epochs) await at(page, "start").click();
    if (kills < 4 && before < epochs - 1) {
      await page.waitForFunction(
        (n) => document.querySelectorAll('[data-testid="epoch-rows"] tr').length > n,
        before,
      );
      for (let tries = 0; (await countKept(page, "last")) === 0; tries++) {
        assert.ok(tries < 500, "nothing was kept");
        await page.waitForTimeout(20);
      }
      await page.waitForTimeout(300 * chance());
      await killBrowser(profile.folder);
      kills++;
      await profile.close();
      continue;
    }
    await waitForStatus(page, "finished");
    assert.deepEqual(await numbers(page), expected);
    assert.deepEqual(page.complaints, []);
    done = true;
  }
  assert.ok(kills >= 2, `${kills} kills`);
  await profile.close();
});
