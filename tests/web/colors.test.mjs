// The colours that the page names: what is called blue or orange is that, also where it is mixed with the paper, and
// text on it has the contrast of WCAG AA.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "../support/test.mjs";

const styles = (path) =>
  readFileSync(new URL(`../../web/${path}`, import.meta.url).pathname, "utf8");

// The colours of a scheme, by their names; dark ones stand in the second block of tokens.css.
function colors(scheme) {
  const [light, dark] = styles("styles/tokens.css").split("@media (prefers-color-scheme: dark)");
  const block = scheme === "dark" ? dark : light;
  const found = [...block.matchAll(/--([\w-]+): #(\w{6});/g)].map(([, name, hex]) => [
    name,
    hex.match(/../g).map((pair) => Number.parseInt(pair, 16)),
  ]);
  return Object.fromEntries(found);
}

const mixed = (color, share, paper) => color.map((c, i) => share * c + (1 - share) * paper[i]);

// The hue in degrees: 0 is red, 30 orange, 60 yellow, 240 blue.
function hue(color) {
  const [r, g, b] = color;
  const [most, least] = [Math.max(...color), Math.min(...color)];
  const [from, difference] = most === r ? [0, g - b] : most === g ? [120, b - r] : [240, r - g];
  return from + (60 * difference) / (most - least);
}

function luminance(color) {
  const linear = color.map((c) =>
    c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

function contrast(a, b) {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

// How much of its colour the strongest cell of the confusion matrix has.
function strongest(kind) {
  const rule = new RegExp(
    `\\.matrix \\.${kind} {\\s*background: color-mix\\(in srgb, var\\(--(\\w+)\\) calc\\((\\d+)%`,
  );
  const [, name, percent] = rule.exec(styles("labs/digits/evaluation/confusion/confusion.css"));
  return { name, share: Number(percent) / 100 };
}

for (const scheme of ["light", "dark"]) {
  const { raised, ink, paper, ...others } = colors(scheme);

  test(`${scheme}: orange is orange and blue is blue, pale and strong`, () => {
    for (const share of [0.4, 0.55, 0.75, 1]) {
      const orange = hue(mixed(others.test, share, raised));
      assert.ok(orange > 15 && orange < 35, `${share} of orange has a hue of ${orange}`);
      const blue = hue(mixed(others.train, share, raised));
      assert.ok(blue > 195 && blue < 250, `${share} of blue has a hue of ${blue}`);
    }
  });

  test(`${scheme}: the numbers of the confusion matrix can be read on every shade`, () => {
    for (const kind of ["right", "wrong"]) {
      const { name, share } = strongest(kind);
      for (const part of [0, 0.25, 0.5, 0.75, 1]) {
        const found = contrast(ink, mixed(others[name], part * share, raised));
        assert.ok(found >= 4.5, `${kind}, ${part}: ${found.toFixed(2)}`);
      }
    }
  });

  test(`${scheme}: curves stand out from both papers`, () => {
    for (const name of ["train", "test", "validation"]) {
      for (const ground of [paper, raised]) {
        const found = contrast(others[name], ground);
        assert.ok(found >= 3, `${name}: ${found.toFixed(2)}`);
      }
    }
  });
}
