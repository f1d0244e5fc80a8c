// The glossary: its entries, the terms in the page that open them, and the things to try that they lead to.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "../support/test.mjs";
import { runnerImport } from "vite";
import { axeFindings, withAxe } from "../support/axe.mjs";
import { at, launchSite, openPage, root, waitForLab, waitForStatus } from "./support.mjs";

const load = async (path) =>
  (await runnerImport(`${root}web/${path}`, { configFile: false, logLevel: "error" })).module;
const [{ glossary, terms }, { idOf, linkOf }, { markupOf }] = await Promise.all(
  ["ui/glossary/glossary.ts", "ui/glossary/link.ts", "markup.ts"].map(load),
);
const { browser, site } = await launchSite();

const labs = ["digits", "functions", "autograd", "tables"];
const html = Object.fromEntries(
  labs.map((lab) => [lab, markupOf(`${root}web/labs/${lab}/${lab}.html`)]),
);
const linked = (text) =>
  [...text.matchAll(/href="\.\/glossary\.html#([^"]+)"/g)].map(([, id]) => id);

test("an entry is short, and each term is a link in the page, once or more", () => {
  const met = new Set(labs.flatMap((lab) => linked(html[lab])));
  for (const term of terms) {
    const { text, try: what } = glossary[term];
    assert.ok(text.length <= 220 && /[.]$/.test(text), `${term}: ${text.length} characters`);
    assert.ok(what.length <= 110 && !/[.]$/.test(what), `${term}: ${what}`);
    assert.ok(met.has(idOf(term)), `${term} is nowhere in the page`);
  }
  assert.equal(new Set(terms.map(idOf)).size, terms.length);
});

test("a term that scripts mark has an entry", async () => {
  const files = await readdir(`${root}web`, { recursive: true });
  let marked = 0;
  for (const file of files.filter((name) => name.endsWith(".ts"))) {
    const source = await readFile(`${root}web/${file}`, "utf8");
    if (!source.includes("glossary/words") && !/steps\.ts|explanations\.ts/.test(file)) continue;
    const strings = source.match(/"(?:\\.|[^"\\\n])*"|`[^`]*`/g) ?? [];
    for (const [, words, of = words] of strings
      .join("\n")
      .matchAll(/(?<!\$)\{([A-Za-z][\w -]*)(?:\|([\w -]+))?\}(?!`)/g)) {
      marked++;
      assert.ok(glossary[of], `${file}: ${of}`);
    }
  }
  assert.ok(marked > 20, `${marked} terms`);
});

// What is wrong with an address of the page; empty where it is understood.
const complaintsOf = {
  digits: async (search) => {
    const { fromAddress } = await load("labs/digits/settings/digits_settings.ts");
    return fromAddress(search).complaints;
  },
  functions: async (search) => {
    const { fromAddress } = await load("labs/functions/settings/functions_settings.ts");
    return fromAddress(search).complaints;
  },
  tables: async (search) => {
    const { fromAddress } = await load("labs/tables/settings/tables_settings.ts");
    return fromAddress(search).complaints;
  },
  autograd: async (search) => {
    const { read, readValue } = await load("labs/autograd/language/language.ts");
    const query = new URLSearchParams(search);
    const { names } = read(query.get("f") ?? "a");
    query.delete("f");
    query.delete("at");
    for (const [name, value] of query) readValue(name, value);
    return [...query.keys()].filter((name) => !names.includes(name));
  },
};

test("everything to try exists: the lab, its settings, the part of the page", async () => {
  const listed = labs.flatMap((lab) =>
    [...html[lab].matchAll(/<a\s+class="here"\s+href="([^"]+)"/g)].map(([, href]) => href),
  );
  assert.ok(listed.length > 12, "the labs have things to try");
  for (const href of [...terms.map((term) => glossary[term].at), ...listed]) {
    const { pathname, search, hash } = new URL(href, "http://page/");
    if (pathname !== "/") {
      await readFile(`${root}build/web${pathname}`);
      continue;
    }
    assert.match(href, /^\.\/[?#]/);
    const query = new URLSearchParams(search);
    const lab = query.get("lab") ?? "digits";
    const own = search.replace(/lab=\w+&?/, "");
    assert.deepEqual(await complaintsOf[lab](own), [], href);
    assert.ok(hash === "" || html[lab].includes(`id="${hash.slice(1)}"`), href);
  }
});

const entry = (page) => at(page, "term");
const term = (page, name) => page.locator(`a.term[href="${linkOf(name)}"]:visible`).first();

test("a term opens its entry by mouse and by keyboard, and Escape and Tab lead back to it", async () => {
  const page = await openPage(browser, site.address, { prepare: withAxe });
  await waitForStatus(page, "idle");
  // Sentences that change take no term with them.
  assert.equal(await page.locator(":is([data-other], [data-says]) .term").count(), 0);
  const neuron = term(page, "neuron");
  await neuron.click();
  assert.ok((await entry(page).textContent()).includes(glossary.neuron.text));
  assert.equal(await neuron.getAttribute("aria-expanded"), "true");
  assert.deepEqual(await axeFindings(page), []);
  await neuron.click();
  await entry(page).waitFor({ state: "detached" });
  assert.equal(await neuron.getAttribute("aria-expanded"), "false");

  const isOnTerm = () => neuron.evaluate((link) => link === document.activeElement);
  await neuron.focus();
  await page.keyboard.press("Enter");
  await entry(page).waitFor();
  await page.keyboard.press("Escape");
  assert.ok(await isOnTerm());
  await page.keyboard.press("Enter");
  const onLink = (name) =>
    entry(page)
      .getByRole("link", { name })
      .evaluate((link) => link === document.activeElement);
  await page.keyboard.press("Tab");
  assert.ok(await onLink(glossary.neuron.try));
  await page.keyboard.press("Tab");
  assert.ok(await onLink("Glossary"));
  await page.keyboard.press("Tab");
  assert.ok(await isOnTerm());
  assert.equal(await entry(page).count(), 0);

  // Another term takes the place of the first, and a press elsewhere takes it away.
  await neuron.click();
  await term(page, "epoch").click();
  await entry(page).filter({ hasText: glossary.epoch.text }).waitFor();
  assert.equal(await entry(page).count(), 1);
  await page.locator("h1").click();
  await entry(page).waitFor({ state: "detached" });
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("every entry stays within the window at 320 px, also in a form that is locked, in the dark", async () => {
  const page = await openPage(browser, site.address, {
    prepare: withAxe,
    context: { viewport: { width: 320, height: 640 }, colorScheme: "dark" },
  });
  await waitForStatus(page, "idle");
  await page.evaluate(() => document.fonts.ready);
  await page.getByLabel("Epochs", { exact: true }).fill("200");
  await at(page, "start").click();
  await waitForStatus(page, "training");
  for (const link of await page.locator("#digits a.term:visible").all()) {
    await link.scrollIntoViewIfNeeded();
    await link.click();
    await entry(page).waitFor();
    const box = await entry(page).evaluate((panel) => {
      const { left, right, top, bottom } = panel.getBoundingClientRect();
      return [left >= 0, right <= innerWidth, top >= 0, bottom <= innerHeight];
    });
    const name = await link.getAttribute("href");
    assert.deepEqual(box, [true, true, true, true], name);
    await page.keyboard.press("Escape");
  }
  await term(page, "batch").click();
  await entry(page).waitFor();
  assert.deepEqual(await axeFindings(page, '[data-testid="term"]'), []);
  assert.equal(await at(page, "status").textContent(), "training");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("something to try sets the settings up without loading the page anew, and the way back restores them", async () => {
  const page = await openPage(browser, `${site.address}?seed=5&validation=55000&epochs=90`);
  await waitForStatus(page, "idle");
  await page.evaluate(() => (globalThis.same = true));
  await at(page, "start").click();
  await waitForStatus(page, "training");
  await term(page, "batch").click();
  await entry(page).getByRole("link", { name: glossary.batch.try }).click();
  await page.waitForFunction(() => document.activeElement.dataset.testid === "start");
  const value = (label) => page.getByLabel(label, { exact: true }).inputValue();
  assert.deepEqual([await value("Batch size"), await value("Seed")], ["5000", "1"]);
  assert.equal(await at(page, "status").textContent(), "stopped");
  assert.match(page.url(), /batch=5000/);

  await page.goBack();
  await page.waitForFunction(() => document.querySelector("#seed").value === "5");
  assert.deepEqual([await value("Batch size"), await value("Held back")], ["100", "55000"]);

  // A part of the page, and other labs.
  await term(page, "confusion matrix").waitFor({ state: "hidden" });
  await term(page, "validation").scrollIntoViewIfNeeded();
  await term(page, "flatten").click();
  await entry(page).getByRole("link", { name: glossary.flatten.try }).click();
  await page.waitForFunction(() => document.activeElement.id === "net-title");
  assert.match(await at(page, "net-text").inputValue(), /^flatten, dense 128/);
  await term(page, "bias").click();
  await entry(page).getByRole("link", { name: glossary.bias.try }).click();
  await waitForLab(page, "functions");
  assert.equal(await page.locator("#fn-net").inputValue(), "");
  await term(page, "weight").click();
  await entry(page).getByRole("link", { name: glossary.weight.try }).click();
  await page.waitForFunction(() => document.activeElement.id === "net-title");
  assert.ok(await page.evaluate(() => globalThis.same), "it is the same page");
  assert.equal(await page.locator(".problem").count(), 0);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("the things to try of Digits and Autograd set up what they say", async () => {
  const page = await openPage(browser, site.address);
  await waitForStatus(page, "idle");
  for (const lab of ["digits", "autograd"]) {
    await page.locator(`.labs a[data-lab="${lab}"]`).click();
    await waitForLab(page, lab);
    for (const link of await page.locator(`#${lab} .try li:not([hidden]) > a`).all()) {
      await link.click();
      const href = new URL(await link.getAttribute("href"), site.address);
      const ready = lab === "digits" ? "start" : "walk";
      await page.waitForFunction(
        ([lab, ready, asked]) => {
          const own = new URLSearchParams(location.search);
          // What is as usual need not be said.
          const says = asked.every(([key, value]) => [value, null].includes(own.get(key)));
          const { activeElement } = document;
          return says && activeElement.dataset.part === ready && activeElement.closest(`#${lab}`);
        },
        [lab, ready, [...href.searchParams]],
      );
      assert.equal(await page.locator(`#${lab} .problem`).count(), 0, href.search);
      if (lab === "autograd") assert.equal(await at(page, "complaint").textContent(), "");
    }
  }
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("the page of the glossary has every entry, works alone, and is where terms lead without their script", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await openPage(browser, `${site.address}glossary.html#dropout`, {
      prepare: withAxe,
      context: { colorScheme, viewport: { width: 320, height: 700 } },
    });
    assert.deepEqual(await axeFindings(page), [], colorScheme);
    assert.equal(await page.locator(".glossary dt").count(), terms.length);
    assert.ok(await page.locator("#dropout").evaluate((each) => each.matches(":target")));
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    await page.emulateMedia({ media: "print" });
    assert.ok(await page.locator("#weight dd").isVisible());
    await page.context().close();
  }
  const page = await openPage(browser, site.address, {
    prepare: (page) => page.route("**/links-*.js", (route) => route.abort()),
  });
  await waitForStatus(page, "idle");
  await page.locator("footer").getByRole("link", { name: "Glossary" }).waitFor();
  await term(page, "neuron").click();
  await page.waitForURL(`${site.address}glossary.html#neuron`);
  await page.locator("#neuron").getByRole("link", { name: glossary.neuron.try }).click();
  await waitForLab(page, "functions");
  assert.equal(await page.locator("#fn-net").inputValue(), "dense 1, tanh");
  await page.context().close();
});
