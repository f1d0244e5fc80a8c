// For the tests of Autograd: a formula or a step opened in the lab, and what it shows.
import assert from "node:assert/strict";
import { withAxe } from "../support/axe.mjs";
import { at, launchSite, openPage, waitForStatus } from "./support.mjs";

export const { browser, site } = await launchSite();

export const query = (settings) => new URLSearchParams({ lab: "autograd", ...settings });

export async function open(settings = {}, context) {
  const page = await openPage(browser, `${site.address}?${query(settings)}`, {
    context,
    prepare: withAxe,
  });
  await at(page, "numbers").waitFor({ state: "attached" });
  return page;
}

export async function close(page) {
  assert.deepEqual(page.complaints, []);
  await page.context().close();
}

// "−2.9·10⁻⁵" is a number, too.
export const number = (text) => {
  const [, digits, power] =
    /^([^·⁰-⁹⁻]*?)·?(?:10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?$/.exec(text.replaceAll("−", "-")) ?? [];
  if (power === undefined) return Number(text.replaceAll("−", "-"));
  const raised = [...power].map((sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(sign) - 1);
  const exponent = raised.map((digit) => (digit < 0 ? "-" : digit)).join("");
  return Number(`${digits === "" || digits === "-" ? `${digits}1` : digits}e${exponent}`);
};

// A table by its rows' first cells.
export const cells = (page, name) =>
  at(page, name)
    .locator("tbody tr")
    .evaluateAll((rows) =>
      Object.fromEntries(
        rows.map((row) => [
          row.cells[0].textContent,
          [...row.cells].slice(1).map((cell) => cell.textContent),
        ]),
      ),
    );

// What the table of all numbers says: { name: [value, gradient] }.
export async function numbers(page) {
  const rows = await cells(page, "numbers");
  return Object.fromEntries(
    Object.entries(rows).map(([name, [, , value, gradient]]) => [name, [value, gradient]]),
  );
}

export async function sees(page, name, text) {
  await page.waitForFunction(
    ([name, text]) => document.querySelector(`[data-testid="${name}"]`)?.textContent.includes(text),
    [name, text],
  );
}

// A net of 8 neurons after three steps, and its step with the first test digit, a 7.
export async function openStep(settings, context) {
  const page = await openPage(
    browser,
    `${site.address}?${new URLSearchParams({ net: "dense 8, relu, dense classes", validation: 0, ...settings })}`,
    {
      context,
      prepare: withAxe,
    },
  );
  await waitForStatus(page, "idle");
  for (let i = 0; i < 3; i++) {
    await at(page, "step").click();
    await waitForStatus(page, "idle");
  }
  await page.waitForFunction(() => !document.querySelector("#open-step").disabled);
  await at(page, "open-step").click();
  await at(page, "trace").waitFor();
  return page;
}

export const rowsOf = (table) =>
  table
    .locator("tbody tr")
    .evaluateAll((rows) =>
      rows.map((row) => [...row.cells].slice(1).map((cell) => cell.textContent)),
    )
    .then((rows) => rows.map((row) => row.map(number)));

// The numbers behind a picture: at most 12 rows of 8.
export async function unfolded(page, name) {
  const open = page.getByRole("button", { name: `numbers: ${name}` });
  await open.click();
  const rows = await rowsOf(page.locator(".opened:visible"));
  await open.click();
  return rows;
}

export function near(actual, expected, tolerance, what) {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual}, expected ${expected}`);
}
