// Pictures of one's own in colour: they are learned, drawn and explained in colour.
// What was read fits any screen.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { zipSync } from "fflate";
import { axeFindings, withAxe } from "../support/axe.mjs";
import { png } from "../support/pictures.mjs";
import { browser, brought, file, open, site } from "./own_data.mjs";
import { kinds, shapes } from "./shapes.mjs";
import { at, openPage, waitForStatus } from "./support.mjs";

const explained = (page) =>
  page.waitForFunction(() => {
    const why = document.querySelector("#why");
    return why.querySelector(".reasons:not([hidden])") && !why.querySelector('[aria-busy="true"]');
  });
const zip = (files) => Buffer.from(zipSync(files));
const give = (page, files) => at(page, "own-files").setInputFiles(files);
const colored = file("shapes.zip", zip(shapes(100, { colored: true })));

test("colour is learned and drawn as it is, and can be made grey", async () => {
  const page = await open(
    "net=conv+4+5x5,+relu,+pool+2,+dense+classes&epochs=10&batch=10&validation=0",
  );
  await give(page, [colored]);
  const read = at(page, "own-read");
  await read.filter({ hasText: "24 × 24 pixels, in colour, 5 classes" }).waitFor();
  await at(page, "own-grey").check();
  await read.filter({ hasText: "24 × 24 pixels, grey" }).waitFor();
  await at(page, "own-preview").filter({ hasText: "colours were made grey" }).waitFor();
  await at(page, "own-grey").uncheck();
  await read.filter({ hasText: "in colour" }).waitFor();
  await at(page, "own-learn").click();
  await brought(page, "24\u00a0×\u00a024 pixels in colour, 5 classes");
  assert.match(await at(page, "layers").textContent(), /input3 × 24 × 24/);
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  const right = Number.parseFloat(await at(page, "test-accuracy").textContent());
  assert.ok(right > 50, `chance is 20 %, it reads ${right} %`);

  const look = (canvas) =>
    canvas.evaluate((element) => {
      const { width, height } = element;
      const { data } = element.getContext("2d").getImageData(0, 0, width, height);
      const pixels = Array.from({ length: width * height }, (_, i) => data.slice(4 * i, 4 * i + 4));
      return {
        width,
        opaque: pixels.filter(([, , , alpha]) => alpha === 255).length / pixels.length,
        tinted: pixels.some(([r, g, b]) => Math.max(r, g, b) - Math.min(r, g, b) > 20),
      };
    });
  assert.deepEqual(await look(page.locator("#grid canvas").first()), {
    width: 24,
    opaque: 1,
    tinted: true,
  });
  const filters = await look(at(page, "filters"));
  assert.ok(filters.tinted && filters.opaque > 0.8, "filters stand beside thin gaps");
  assert.match(
    await at(page, "filters-words").innerText(),
    /^\s*The weights for red, green and blue are one picture/,
  );

  await page.locator("#grid button").first().click();
  // On the pad as well, and as what the net sees, also in the dark.
  for (const canvas of ["#pad", "#seen"]) {
    const { opaque, tinted } = await look(page.locator(canvas));
    assert.deepEqual([opaque, tinted], [1, true]);
    const filter = await page
      .locator(canvas)
      .evaluate((element) => getComputedStyle(element).filter);
    assert.equal(filter, "none");
  }
  await page.locator("#why summary").click();
  await explained(page);
  const said = await page.locator("#why").innerText();
  assert.match(said, /Which pixels speak for it, and which against it/);
  assert.match(said, /more light (at|on|in) the /i);
  assert.match(said, /With its mean colour|with its mean colour in any one place/);
  assert.match(said, /multiplies what lies below by the filter’s weights, red, green and blue each by their own,/); // prettier-ignore
  assert.match(said, /The 75 products add up to/);
  assert.doesNotMatch(said, /\bink\b/i);
  for (const name of ["why-ink", "why-empty", "why-change"]) {
    const { width, tinted } = await look(at(page, name));
    assert.deepEqual([name, width, tinted], [name, 24, true]);
  }
  assert.deepEqual(await look(at(page, "why-window")), { width: 192, opaque: 1, tinted: true });
  assert.ok((await look(at(page, "why-nearest").locator("canvas").first())).tinted);
  assert.equal(await at(page, "why-window-products").locator("span").count(), 75);
  await page.locator('[data-part="open-step"]').click();
  await page.getByText(/how much red, green and blue each pixel has/).waitFor();
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

for (const [width, colorScheme] of [
  [1280, "light"],
  [320, "dark"],
]) {
  test(`axe finds nothing in what was read at ${width} px, ${colorScheme}, and nothing scrolls sideways`, async () => {
    const page = await openPage(browser, `${site.address}?net=dense+classes&epochs=1`, {
      context: { viewport: { width, height: 800 }, colorScheme },
      prepare: withAxe,
    });
    await waitForStatus(page, "idle");
    const check = async () => {
      assert.deepEqual(await axeFindings(page), []);
      const sideways = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      assert.equal(sideways, 0);
    };
    const long = Object.fromEntries(
      kinds.flatMap((kind) =>
        [0, 1].map((i) => [
          `a class with a rather long name, the ${kind}/${i}.png`,
          png(8 + i, 9, (x) => [20 * x, 200, 30]),
        ]),
      ),
    );
    await give(page, [file("shapes.zip", zip(long))]);
    await at(page, "own-classes").waitFor();
    await check();
    await give(
      page,
      Object.values(long).map((bytes, i) => file(`${i}.png`, bytes)),
    );
    await at(page, "own-fields").waitFor();
    await check();
    await page.context().close();
  });
}
