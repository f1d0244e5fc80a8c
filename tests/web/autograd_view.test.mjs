// How Autograd shows a graph: values that are changed, links, edges, files, keyboard and phones.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "../support/test.mjs";
import { axeFindings } from "../support/axe.mjs";
import { at, openPage } from "./support.mjs";
import { browser, open, close, numbers, sees } from "./autograd.mjs";

test("a changed value is followed by all others, in sight and in the address", async () => {
  const page = await open();
  await at(page, "value-a").fill("-1");
  // (−1·−3 + 10)² = 169; df/da = 2 · 13 · −3 = −78
  await sees(page, "numbers", "169");
  assert.deepEqual((await numbers(page)).a, ["−1", "−78"]);
  assert.match(page.url(), /\?lab=autograd&a=-1$/);
  await at(page, "slider-c").fill("0");
  await sees(page, "numbers", "−18"); // 2 · 3 · −3
  assert.equal(await at(page, "value-c").inputValue(), "0");
  await at(page, "formula").fill("a*b^3");
  await sees(page, "numbers", "−27"); // b³, the gradient of a
  assert.deepEqual((await numbers(page)).b, ["−3", "−27"]); // −1 · 3 · 9
  await close(page);
});

test("a link opens the same formula, values and step", async () => {
  const page = await open({ f: "exp(p)/q", p: "0.5", q: "-2", fixed: "q", at: "1" });
  assert.equal(await at(page, "formula").inputValue(), "exp(p)/q");
  assert.equal(await at(page, "sentence").textContent(), "exp: exp(0.5) ≈ 1.649");
  assert.equal(await at(page, "requires-q").isChecked(), false);
  await at(page, "next").click();
  const again = await openPage(browser, page.url());
  await sees(again, "sentence", "div: 1.649 / −2 ≈ −0.8244");
  assert.deepEqual(await numbers(again), await numbers(page));
  await again.getByRole("link", { name: "Used twice" }).click();
  await sees(again, "numbers", "mul");
  assert.equal(new URL(again.url()).search, "?lab=autograd&f=a*b+%2B+a");
  await close(again);
  await close(page);
});

test("numbers far from 1 are written as powers of ten", async () => {
  // 10⁻³·a and 2.5·10⁶·b at a = 0.02, b = −3: 2·10⁻⁵ − 7.5·10⁶.
  const page = await open({ f: "1e-3*a + 2.5e6b", a: "0.02", b: "-3" });
  const all = await numbers(page);
  assert.deepEqual(all["mul 1"], ["2·10⁻⁵", "1"]);
  assert.deepEqual(all["mul 2"], ["−7.5·10⁶", "1"]);
  assert.deepEqual(all["2.5·10⁶"], ["2.5·10⁶", "none"]);
  assert.deepEqual(
    [all.a, all.b],
    [
      ["0.02", "0.001"],
      ["−3", "2.5·10⁶"],
    ],
  );
  assert.doesNotMatch(await page.locator("#autograd").innerText(), /\de[−-]?\d/);
  // A field keeps what can be typed.
  await at(page, "slider-a").fill("0.3");
  await sees(page, "numbers", "0.0003");
  assert.equal(await at(page, "value-a").inputValue(), "0.3");
  await close(page);
});

test("what stands on the edges leaves room between", async () => {
  for (const f of [
    "a*b + a",
    "relu(a*x) + relu(b*x)",
    "(sigmoid(w*x + b) - y)^2",
    "a * b * c + a * c + a / b",
  ]) {
    // On a phone seven edges between two rows have no room.
    for (const width of f.startsWith("a * b * c") ? [1280] : [1280, 360]) {
      const page = await open({ f }, { viewport: { width, height: 800 } });
      const boxes = await page
        .locator(".chip rect")
        .evaluateAll((all) =>
          all
            .map((rect) => rect.getBBox())
            .map(({ x, y, width, height }) => ({ x, y, width, height })),
        );
      boxes.forEach((a, i) =>
        boxes.slice(i + 1).forEach((b) => {
          const across = Math.max(a.x, b.x) - Math.min(a.x + a.width, b.x + b.width);
          const down = Math.max(a.y, b.y) - Math.min(a.y + a.height, b.y + b.height);
          assert.ok(Math.max(across, down) >= 3, `${f} at ${width}: ${across}, ${down} apart`);
        }),
      );
      await close(page);
    }
  }
});

test("derivatives stay in one piece on a phone", async () => {
  const page = await open({ at: "6" }, { viewport: { width: 360, height: 740 } });
  const high = await page
    .locator(".law span")
    .evaluateAll((all) => all.map((span) => span.getClientRects().length));
  assert.deepEqual(high, [1, 1]);
  const [head, line] = await page
    .locator('[data-testid="contributions"] th')
    .nth(2)
    .evaluate((cell) => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      return [range.getBoundingClientRect().height, parseFloat(getComputedStyle(cell).lineHeight)];
    });
  assert.ok(head < 2.5 * line, `${head} px of lines of ${line}`);
  await close(page);
});

test("gradients and the graph can be kept as files", async () => {
  const page = await open({ f: "a*b + a" });
  const saved = async (name) => {
    const [download] = await Promise.all([page.waitForEvent("download"), at(page, name).click()]);
    return readFile(await download.path());
  };
  assert.equal(
    String(await saved("csv")),
    [
      "tensor,op,row,column,value,gradient",
      "a,,0,0,3,5",
      "b,,0,0,4,3",
      "mul,mul,0,0,12,1",
      "add,add,0,0,15,1",
      "",
    ].join("\r\n"),
  );
  const svg = String(await saved("svg"));
  assert.match(svg, /^<svg.*width="\d/s);
  assert.match(svg, />15<\/text>/);
  assert.doesNotMatch(svg, / style=/);
  const png = await saved("png");
  assert.equal(png.subarray(1, 4).toString(), "PNG");
  assert.ok(png.length > 10_000, `${png.length} bytes`); // not an empty sheet
  await close(page);
});

test("the walk by keyboard alone", async () => {
  const page = await open();
  const focus = (id) =>
    page.evaluate(() => document.activeElement.dataset.testid ?? "").then((now) => now === id);
  const tabTo = async (id) => {
    for (let i = 0; i < 60; i++) {
      if (await focus(id)) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`${id} is not reached`);
  };
  await tabTo("formula");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("a*b");
  await sees(page, "where", "Place 3 of 3");
  await tabTo("first");
  await page.keyboard.press("Enter");
  // First is switched off now: the focus goes on to Next.
  assert.ok(await focus("next"));
  await page.keyboard.press("Space");
  await sees(page, "sentence", "mul: 2 × −3 = −6");
  await tabTo("walk");
  await page.keyboard.press("End");
  await sees(page, "where", "Place 3 of 3: backward 1 of 1");
  await tabTo("graph");
  await tabTo("check");
  await page.keyboard.press("Enter");
  await sees(page, "verdict", "They agree");
  await close(page);
});

test("it plays from the leaves to the last gradient", async () => {
  const page = await open({ f: "a*b" });
  await page.clock.install();
  await at(page, "play").click();
  assert.equal(await at(page, "where").textContent(), "Place 0 of 3: the leaves");
  assert.equal(await at(page, "play").textContent(), "Pause");
  await page.clock.runFor(1600);
  assert.equal(await at(page, "where").textContent(), "Place 1 of 3: forward 1 of 1");
  await page.clock.runFor(3200);
  assert.equal(await at(page, "where").textContent(), "Place 3 of 3: backward 1 of 1");
  assert.equal(await at(page, "play").textContent(), "Play");
  await close(page);
});

test("it fits into 320 pixels", async () => {
  for (const settings of [{}, { f: "(matmul(tanh(matmul(x, W) + b), V) + c - y)^2", at: "3" }]) {
    const page = await open(settings, { viewport: { width: 320, height: 640 } });
    await at(page, "check").click();
    await at(page, "verdict").waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 320, `${width} pixels`);
    await close(page);
  }
});

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1280, 360]) {
    test(`axe finds nothing, ${colorScheme}, ${width} px`, async () => {
      const page = await open({ at: "1" }, { colorScheme, viewport: { width, height: 800 } });
      assert.deepEqual(await axeFindings(page), [], "forward");
      await at(page, "walk").fill("5");
      assert.deepEqual(await axeFindings(page), [], "backward");
      await at(page, "all").click();
      await at(page, "check").click();
      await at(page, "verdict").waitFor();
      await page.evaluate(() => {
        for (const details of document.querySelectorAll("#autograd details")) details.open = true;
      });
      assert.deepEqual(await axeFindings(page), [], "all");
      await at(page, "formula").fill("a*");
      await at(page, "value-a").fill("x");
      assert.deepEqual(await axeFindings(page), [], "wrong");
      await close(page);
    });
  }
}
