// For the tests of collected classes: drawings of five things by a seeded generator, large and small, turned, bent and
// shaky, anywhere on the sheet, and how they are drawn in the page.
import { at, waitForStatus } from "./support.mjs";

const arc = (x, y, width, height, from, to, parts = 10) =>
  Array.from({ length: parts + 1 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / parts) * Math.PI) / 180;
    return [x + width * Math.cos(angle), y + height * Math.sin(angle)];
  });

/** Lines through points, on a sheet from 0 to 1. */
export const things = {
  face: [
    arc(0.5, 0.5, 0.4, 0.4, 0, 360, 16),
    arc(0.36, 0.42, 0, 0.03, 0, 90, 1),
    arc(0.64, 0.42, 0, 0.03, 0, 90, 1),
    arc(0.5, 0.55, 0.2, 0.17, 20, 160, 6),
  ],
  star: [
    [
      [0.5, 0.08],
      [0.74, 0.88],
      [0.1, 0.38],
      [0.9, 0.38],
      [0.26, 0.88],
      [0.5, 0.08],
    ],
  ],
  house: [
    [
      [0.15, 0.9],
      [0.15, 0.45],
      [0.5, 0.1],
      [0.85, 0.45],
      [0.85, 0.9],
      [0.15, 0.9],
    ],
    [
      [0.42, 0.9],
      [0.42, 0.62],
      [0.6, 0.62],
      [0.6, 0.9],
    ],
  ],
  tree: [
    [
      [0.5, 0.92],
      [0.5, 0.55],
    ],
    arc(0.5, 0.32, 0.28, 0.25, 0, 360, 14),
  ],
  fish: [
    arc(0.42, 0.5, 0.33, 0.2, 25, 335, 14),
    [
      [0.72, 0.42],
      [0.92, 0.3],
      [0.92, 0.7],
      [0.72, 0.58],
    ],
    arc(0.25, 0.47, 0, 0.02, 0, 90, 1),
  ],
};
export const names = Object.keys(things);

/** mulberry32: numbers of at least 0 and below 1, the same for the same seed. */
export function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One drawing of it, as lines through points from 0 to 1. */
export function drawingOf(lines, chance) {
  // About normal, with a deviation of a half.
  const normal = () => chance() + chance() + chance() - 1.5;
  const [turn, stretch, shear] = [0.3 * normal(), 1 + 0.35 * normal(), 0.25 * normal()];
  const size = 0.45 + 0.5 * chance();
  const [left, top] = [(1 - size) * chance(), (1 - size) * chance()];
  const bend = [0.06 * normal(), 0.06 * normal(), 6 * chance(), 6 * chance()];
  return lines.map((line) => {
    const [aside, down] = [0.07 * normal(), 0.07 * normal()];
    return line.map(([x, y]) => {
      const u = x - 0.5 + aside + 0.05 * normal() + bend[0] * Math.sin(6 * y + bend[2]);
      const v = y - 0.5 + down + 0.05 * normal() + bend[1] * Math.sin(6 * x + bend[3]);
      const [across, along] = [u * stretch + shear * v, v];
      const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
      const inside = (value) => Math.min(Math.max(value, 0.02), 0.98);
      return [
        inside(left + size * (cos * across - sin * along + 0.5)),
        inside(top + size * (sin * across + cos * along + 0.5)),
      ];
    });
  });
}

/** Draws lines through points on a sheet in the page. */
export async function draw(page, sheet, lines) {
  await sheet.scrollIntoViewIfNeeded();
  const box = await sheet.boundingBox();
  for (const [first, ...rest] of lines) {
    const to = ([x, y]) => [box.x + x * box.width, box.y + y * box.height];
    await page.mouse.move(...to(first));
    await page.mouse.down();
    for (const point of rest) await page.mouse.move(...to(point));
    await page.mouse.up();
  }
  // The drawing is looked at with the next frame.
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
}

/** Opens the panel of the page's collected classes. */
export async function openPanel(page) {
  await waitForStatus(page, "idle");
  await at(page, "collect").locator("summary").first().click();
  await at(page, "collect-sheet").waitFor();
  await at(page, "collect-sheet").scrollIntoViewIfNeeded();
}

/** Names the classes that there are, and makes as many as are missing. */
export async function nameClasses(page, wanted) {
  const fields = at(page, "collect-name");
  for (const [i, name] of wanted.entries()) {
    if (i >= (await fields.count())) await at(page, "collect-more").click();
    await fields.nth(i).fill(name);
    await fields.nth(i).press("Enter");
  }
}

/** Chooses the class of this number, and adds drawings to it. */
export async function addDrawings(page, number, drawings) {
  await at(page, "collect-card").nth(number).getByRole("radio").check();
  const sheet = at(page, "collect-sheet");
  await sheet.scrollIntoViewIfNeeded();
  for (const lines of drawings) {
    await draw(page, sheet, lines);
    await at(page, "collect-add").click();
  }
}

/** What the panel says, once that matches. */
export async function told(page, pattern) {
  await page.waitForFunction(
    ([source]) =>
      new RegExp(source).test(document.querySelector('[data-testid="collect-told"]').textContent),
    [pattern.source],
    { timeout: 60_000 },
  );
  return at(page, "collect-told").textContent();
}

/** The names of the classes with the number of pictures of each. */
export const collected = (page) =>
  at(page, "collect-card").evaluateAll((cards) =>
    cards.map((card) => [
      card.querySelector('[data-testid="collect-name"]').value,
      Number.parseInt(card.querySelector('[data-testid="collect-count"]').textContent),
    ]),
  );
