// The documents as pages of the site: every document and everything that the package gives away has its place, every link
// leads somewhere, and the search finds what is there.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { parseAst } from "rolldown/parseAst";
import { load } from "../../dist/index.js";
import { axeFindings, withAxe } from "../support/axe.mjs";
import { test } from "../support/test.mjs";
import { at, launchSite, openPage, root } from "./support.mjs";

const { browser, site } = await launchSite();
const folder = `${root}build/web/docs/`;
const names = (await readdir(folder)).filter((name) => name.endsWith(".html"));
const pages = new Map(
  await Promise.all(names.map(async (name) => [name, await readFile(folder + name, "utf8")])),
);
const unescaped = (text) => text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code));
const idsOf = (html) => [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => unescaped(id));
const ids = new Map([...pages].map(([name, html]) => [name, idsOf(html)]));
const search = JSON.parse(await readFile(`${folder}search.json`, "utf8"));

test("every document has its page, with all its headings", async () => {
  for (const file of (await readdir(`${root}docs`)).filter((name) => name.endsWith(".md"))) {
    if (file === "lesson.md") continue; // which is a page beside the labs
    const html = pages.get(file.replace(/md$/, "html"));
    assert.ok(html, file);
    const text = (await readFile(`${root}docs/${file}`, "utf8")).replace(/^```.*?^```$/gms, "");
    const headings = text.match(/^#+ .+$/gm).length;
    assert.equal(html.match(/<h[1-6] id=/g).length, headings, file);
  }
});

test("every link leads to a page, and to a place on it that is there", async () => {
  const beside = await readdir(`${root}build/web`);
  let checked = 0;
  for (const [name, html] of pages) {
    assert.equal(new Set(ids.get(name)).size, ids.get(name).length, `${name}: ids are there once`);
    for (const [, address] of html.matchAll(/(?:href|src)="([^"]+)"/g)) {
      const link = unescaped(address);
      if (/^https?:/.test(link)) continue;
      checked++;
      const [file, hash] = link.split("#");
      if (file.startsWith("../")) {
        const [, first] = /^\.\.\/([\w.-]*)/.exec(file);
        assert.ok(first === "" || beside.includes(first), `${name}: ${link}`);
        continue;
      }
      const target = ids.get(file.replace(/^\.\//, "") || name);
      assert.ok(target, `${name}: ${link}`);
      if (hash) assert.ok(target.includes(decodeURIComponent(hash)), `${name}: ${link}`);
    }
  }
  assert.ok(checked > 1000, `${checked} links`);
  for (const [text, address] of search) {
    const [file, hash] = address.split("#");
    assert.ok(ids.get(file) && (!hash || ids.get(file).includes(hash)), `${text}: ${address}`);
  }
});

test("the reference has all that the package gives away, and all that a loaded engine has", async () => {
  const { exports } = JSON.parse(await readFile(`${root}package.json`, "utf8"));
  const api = [...ids].filter(([name]) => name.startsWith("api")).flatMap(([, all]) => all);
  const parsed = async (file) =>
    parseAst(await readFile(`${root}${file}`, "utf8"), { lang: "dts" }).body;
  let count = 0;
  const has = (name) => {
    count++;
    assert.ok(api.includes(name), name);
  };
  for (const { types } of Object.values(exports).filter(({ types }) => types)) {
    const all = [[types, await parsed(types)]];
    for (const [, body] of all) {
      for (const { type, specifiers = [], declaration, source } of body) {
        for (const { exported } of specifiers) if (type.startsWith("Export")) has(exported.name);
        const declared = declaration?.id ?? declaration?.declarations?.[0].id;
        if (type === "ExportNamedDeclaration" && declared) has(declared.name);
        if (type !== "ExportAllDeclaration") continue;
        const file = new URL(source.value.replace(/js$/, "d.ts"), `file:///${types}`).pathname;
        all.push([file, await parsed(file.slice(1))]);
      }
    }
  }
  assert.ok(count > 150, `${count} names`);
  const lg = await load();
  const places = [
    "Classes",
    "Lanegrad",
    "TensorFunctions",
    "TensorOperations",
    "UnaryFunctions",
    "Activations",
  ];
  const missing = Object.keys(lg).filter(
    (name) => !places.some((place) => api.includes(`${place}.${name}`)),
  );
  assert.deepEqual(missing, []);
});

test("the search finds names and headings, by keys alone, under the page's policy", async () => {
  const asked = [];
  const page = await openPage(browser, `${site.address}docs/threads.html`, {
    prepare: (tab) => tab.on("request", (request) => asked.push(request.url())),
  });
  await at(page, "words").waitFor();
  assert.ok(!asked.some((url) => url.endsWith("search.json")), "it is loaded when it is used");
  await page.keyboard.press("/");
  await page.keyboard.type("trainer.tra");
  const found = at(page, "found");
  await found.getByRole("link").first().waitFor();
  assert.match(await found.getByRole("link").first().textContent(), /^Trainer\.trai?n?/);
  await page.keyboard.press("Escape");
  await page.keyboard.type("frame of another");
  await found.getByRole("link", { name: "In a frame of another site" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/docs/page.html#in-a-frame-of-another-site");
  await page.keyboard.press("/");
  await page.keyboard.type("qqqq");
  await found.getByText("Nothing is called that.").waitFor();
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("the page leads there; each page fits 320 px, and axe finds nothing, light and dark", async () => {
  const page = await openPage(browser, site.address, { prepare: withAxe });
  await page.getByRole("link", { name: "documentation" }).click();
  await page.waitForURL("**/docs/index.html");
  await page.setViewportSize({ width: 320, height: 800 });
  for (const name of names) {
    await page.goto(`${site.address}docs/${name}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 320, `${name} is ${wide} px wide`);
  }
  for (const name of ["index", "package", "api-engine", "examples"]) {
    for (const [colorScheme, width] of [
      ["light", 1280],
      ["dark", 360],
    ]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await page.goto(`${site.address}docs/${name}.html`);
      assert.deepEqual(await axeFindings(page), [], `${name} ${colorScheme}`);
    }
  }
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("of the documents their list alone works without a connection", async () => {
  const worker = await readFile(`${root}build/web/service_worker.js`, "utf8");
  const { files } = JSON.parse(/^const build = (.*);$/m.exec(worker)[1]);
  assert.deepEqual(
    files.map(({ path }) => path).filter((path) => path.startsWith("docs")),
    ["docs/index.html"],
  );
});
