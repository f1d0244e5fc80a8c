// For the tests of Tables: the lab with what it says of itself, and tables whose answers are known.
import assert from "node:assert/strict";
import { launchSite, openPage } from "./support.mjs";

export const { browser, site } = await launchSite();

// Opens the lab, and finds what is in it.
export async function open(query = {}, options = {}) {
  const search = new URLSearchParams({ lab: "tables", ...query });
  const page = await openPage(browser, `${site.address}?${search}`, {
    ...options,
    context: { acceptDownloads: true, ...options.context },
  });
  return labOf(page);
}

export function labOf(page) {
  const lab = page.locator("#tables");
  const at = (name) => lab.getByTestId(name);
  const status = async (...words) => {
    await page.waitForFunction(
      (words) => {
        const word = document.querySelector('[data-testid="tb-status"]')?.textContent;
        return words.includes(word) || (word === "failed" && !words.includes("failed"));
      },
      words,
      { timeout: 60_000, polling: 30 },
    );
    const word = await at("tb-status").textContent();
    assert.ok(words.includes(word), `${word}: ${await lab.locator(".problem").allTextContents()}`);
  };
  // Brings a table of one's own, and waits until its net is there.
  const bring = async (name, text) => {
    await at("tb-file").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
    await at("tb-about").filter({ hasText: name }).waitFor();
    await status("idle");
  };
  // Trains to the end, until everything that is measured then is there.
  const learn = async () => {
    await at("start").click();
    await status("finished");
    await at("tb-verdict")
      .filter({ hasText: /^The net (?!is better than the plain guess\. )|^The linear|^So far/ })
      .waitFor();
    await at("tb-matters").locator("li").first().waitFor();
  };
  // The cells of a table, without its head.
  const cells = (name) =>
    at(name)
      .locator("tbody tr")
      .evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));
  // How much worse it gets without each column, by name.
  const matters = async () =>
    Object.fromEntries(
      await at("tb-matters")
        .locator("li")
        .evaluateAll((lines) =>
          lines.map((line) => [
            line.querySelector(".tb-name").textContent,
            Number(
              line
                .querySelector("b")
                .textContent.replace("−", "-")
                .replace(/[+,%\s]/g, ""),
            ),
          ]),
        ),
    );
  return { page, lab, at, status, bring, learn, cells, matters };
}

export const number = (text) => Number(text.replace("−", "-").replace(/[,%\s]/g, ""));

// Numbers from −1 to 1 that follow from a seed.
export function randomOf(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

export const csv = (rows, between = ",") => rows.map((row) => `${row.join(between)}\n`).join("");

// y = 2a − 3b and a little noise; c has nothing to do with it.
export function sums(count = 400, seed = 5) {
  const random = randomOf(seed);
  const rows = Array.from({ length: count }, () => {
    const [a, b, c, noise] = [random(), random(), random(), random()];
    return [a, b, c, 2 * a - 3 * b + 0.05 * noise].map((value) => value.toFixed(4));
  });
  return [["a", "b", "c", "y"], ...rows];
}

// The kind is "same" where a and b have one sign: no sum of both can tell.
export function signs(count = 500, seed = 9) {
  const random = randomOf(seed);
  const rows = Array.from({ length: count }, () => {
    const [a, b] = [random(), random()];
    return [a.toFixed(4), b.toFixed(4), a * b > 0 ? "same" : "other"];
  });
  return [["a", "b", "kind"], ...rows];
}
