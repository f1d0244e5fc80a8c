// The form, the address and the comparisons of Digits have every setting of the engine's table.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { runnerImport } from "vite";
import { settings as table } from "../../dist/settings.js";
import { at, launchSite, openPage, root, waitForStatus } from "./support.mjs";

const load = async (path) =>
  (await runnerImport(`${root}web/${path}`, { configFile: false, logLevel: "error" })).module;
const { sentence } = await load("settings/complaints.ts");
const digits = await load("labs/digits/settings/digits_settings.ts");
const { browser, site } = await launchSite();

const small = "net=pool+7,+dense+classes&batch=6000&epochs=1&validation=0";
const ids = table.map(({ id }) => id);
/** A value that is not the page's usual one. */
function other({ id, kind, choices, bounds = {} }) {
  const usual = digits.defaults[id];
  if (kind === "text") return "dense 3, dense classes";
  if (kind === "choice") return choices.find((choice) => choice !== usual);
  if (kind === "flag") return !usual;
  if (kind === "whole" || kind === "seed") return usual + 1;
  return bounds.below === 1 || bounds.to === 1 ? 0.25 : 2.5;
}
/** Settings in which the row's optimizer or schedule is chosen. */
const where = ({ of, group }) => (of ? { [group]: of[0] } : {});
const rowsShown = (page) =>
  page
    .locator("form.settings")
    .first()
    .evaluate((form) =>
      [...form.elements]
        .filter(({ name }) => name !== "")
        .filter((input) => !input.closest("[hidden]"))
        .map(({ name }) => name),
    );

test("every setting goes through the address, to the engine and back", () => {
  assert.deepEqual(
    digits.keys.filter((key) => key !== "rates" && key !== "data"),
    ids,
  );
  for (const row of table) {
    const settings = { ...digits.defaults, ...where(row), [row.id]: other(row) };
    const { settings: read, complaints } = digits.fromAddress(digits.toAddress(settings, [], ""));
    assert.deepEqual(complaints, []);
    assert.deepEqual(read, settings, row.id);
    const run = digits.forEngine(settings);
    assert.equal(row.group ? run[row.group][row.name] : run[row.name], settings[row.id], row.id);
    assert.deepEqual(digits.fromEngine(run), settings, row.id);
  }
});

test("the address refuses what the engine does, and says what it expected", () => {
  for (const [key, text, expected] of [
    ["drops", "0", "a whole number of at least 1"],
    ["factor", "1.5", "a number from 0 to 1"],
    ["beta2", "1", "a number from 0 to below 1"],
    ["epsilon", "0", "a number above 0"],
    ["rotation", "181", "a number from 0 to 180"],
    ["shear", "90", "a number from 0 to below 90"],
  ]) {
    const { complaints, settings } = digits.fromAddress(`?${key}=${text}`);
    assert.equal(settings[key], digits.defaults[key]);
    const said = sentence(digits.fields, complaints[0], digits.defaults);
    assert.ok(
      said.includes(`must have ${expected}, not “${text}”; ${digits.defaults[key]} is used`),
      said,
    );
  }
});

test("the form has one field for each setting, and shows those of the chosen optimizer and schedule", async () => {
  const page = await openPage(browser, `${site.address}?${small}`);
  await waitForStatus(page, "idle");
  const names = await page
    .locator("form.settings")
    .first()
    .evaluate((form) => [...form.elements].map(({ name }) => name).filter((name) => name !== ""));
  assert.deepEqual(names.sort(), ids.filter((id) => id !== "net").sort());
  for (const { id, choices } of table.filter(({ choices }) => choices)) {
    const options = page.locator(`#${id} option`);
    assert.deepEqual(await options.evaluateAll((all) => all.map(({ value }) => value)), choices);
  }
  const more = page.locator("summary", { hasText: "Fine points of a step" });
  await more.click();
  const conditional = table.filter(({ of }) => of);
  for (const optimizer of ["adam", "adamw", "sgd"]) {
    await page.locator("#optimizer").selectOption(optimizer);
    const shown = await rowsShown(page);
    for (const row of conditional.filter(({ group }) => group === "optimizer")) {
      assert.equal(shown.includes(row.id), row.of.includes(optimizer), `${optimizer} ${row.id}`);
    }
  }
  for (const schedule of ["step", "cosine", "one-cycle", "constant"]) {
    await page.locator("#schedule").selectOption(schedule);
    const shown = await rowsShown(page);
    for (const row of conditional.filter(({ group }) => group === "schedule")) {
      assert.equal(shown.includes(row.id), row.of.includes(schedule), `${schedule} ${row.id}`);
    }
  }
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a run has the settings of its link, and its own are in the address", async () => {
  const link = `${small}&optimizer=adam&beta1=0.8&epsilon=0.001&schedule=step&drops=2&factor=0.5`;
  const page = await openPage(browser, `${site.address}?${link}`);
  await waitForStatus(page, "idle");
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  for (const [id, value] of Object.entries({ beta1: "0.8", epsilon: "0.001", drops: "2" })) {
    assert.equal(await page.locator(`#${id}`).inputValue(), value);
  }
  await page.locator("summary", { hasText: "Fine points of a step" }).click();
  await page.locator("#factor").fill("0.25");
  await page.locator("#factor").press("Tab");
  const { searchParams } = new URL(page.url());
  for (const [key, value] of Object.entries({ beta1: "0.8", epsilon: "0.001", drops: "2" })) {
    assert.equal(searchParams.get(key), value);
  }
  assert.equal(searchParams.get("factor"), "0.25");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("the recommended settings of a net come back, but for the seed and what is held back", async () => {
  const valuesOf = (page) =>
    page
      .locator("#settings")
      .evaluate((form) =>
        [...form.elements]
          .filter(({ name }) => name !== "")
          .map(({ name, type, checked, value }) => [name, type === "checkbox" ? checked : value]),
      );
  const saidBy = (page) => [...new URL(page.url()).searchParams].sort();
  for (const net of ["net=mlp", "net=pool+7,+dense+classes"]) {
    const kept = `${net}&seed=9&validation=600`;
    const fresh = await openPage(browser, `${site.address}?${kept}`);
    await waitForStatus(fresh, "idle");
    const page = await openPage(
      browser,
      `${site.address}?${kept}&optimizer=sgd&momentum=0.5&lr=0.3&batch=6000&epochs=1&shift=2&averaging=0.5&schedule=step`,
    );
    await waitForStatus(page, "idle");
    assert.notDeepEqual(await valuesOf(page), await valuesOf(fresh));
    const button = at(page, "recommended");
    await button.click();
    assert.deepEqual(await valuesOf(page), await valuesOf(fresh), net);
    assert.deepEqual(saidBy(page), saidBy(fresh), net);
    assert.ok(await button.evaluate((button) => button === document.activeElement));

    // A run keeps what it was started with.
    await at(page, "start").click();
    await waitForStatus(page, "training");
    assert.ok(await button.isDisabled());
    await at(page, "stop").click();
    await waitForStatus(page, "stopped", "finished");
    assert.ok(await button.isEnabled());
    assert.deepEqual([...page.complaints, ...fresh.complaints], []);
    for (const each of [page, fresh]) await each.context().close();
  }
});
