// For the tests of Functions: the lab with what it says of itself, and arithmetic to compare it with.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { launchSite, openPage } from "./support.mjs";

export const { browser, site } = await launchSite();

// Opens the lab, and finds what is in it.
export async function open(query = {}, options = {}) {
  const search = new URLSearchParams({ lab: "functions", ...query });
  const page = await openPage(browser, `${site.address}?${search}`, {
    ...options,
    context: { acceptDownloads: true, ...options.context },
  });
  const lab = page.locator("#functions");
  const at = (name) => lab.getByTestId(name);
  const status = async (...words) => {
    await page.waitForFunction(
      (words) => {
        const word = document.querySelector('[data-testid="fn-status"]')?.textContent;
        return words.includes(word) || (word === "failed" && !words.includes("failed"));
      },
      words,
      { timeout: 60_000, polling: 30 },
    );
    const word = await at("fn-status").textContent();
    assert.ok(words.includes(word), `${word}: ${await lab.locator(".problem").allTextContents()}`);
  };
  const shown = async (name) => Number((await at(`fn-${name}`).textContent()).replace(/,/g, ""));
  // A saved table: its text, its names and its rows.
  const table = async (name) => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      lab.locator(`[data-save="${name}-csv"]:visible`).click(),
    ]);
    const text = await readFile(await download.path(), "utf8");
    const [names, ...rows] = text
      .trim()
      .split("\r\n")
      .map((line) => line.split(","));
    return { text, names, rows };
  };
  // The weights by name, rows of numbers (one row where there are no rows).
  const weights = async () => {
    const tensors = {};
    for (const [name, row, column, value] of (await table("weights")).rows) {
      ((tensors[name] ??= [])[Number(row)] ??= [])[Number(column)] = Number(value);
    }
    return tensors;
  };
  await status("idle", "failed");
  return { page, lab, at, status, shown, table, weights };
}

export const numbers = (rows) => rows.map((row) => row.map(Number));
export const near = (actual, expected, tolerance, what) =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${what}: ${actual}, expected ${expected}`,
  );

// Each class's probability at a point, by a net with one hidden layer of tanh.
export function softmax(w, x, y) {
  const hidden = w["bias1.bias"][0].map((b, i) =>
    Math.tanh(w["dense1.weight"][0][i] * x + w["dense1.weight"][1][i] * y + b),
  );
  const sums = w["bias2.bias"][0].map((b, c) =>
    hidden.reduce((sum, h, i) => sum + h * w["dense2.weight"][i][c], b),
  );
  const powers = sums.map(Math.exp);
  return powers.map((power) => power / powers.reduce((a, b) => a + b));
}
