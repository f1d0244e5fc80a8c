// The page's sentences say what the state of the run bears: before learning and after, with another net chosen, stopped
// early, with pictures of one's own, restored, and diverged.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { at, openPage, waitForStatus } from "./support.mjs";
import { bring, brought, browser, four, open, site } from "./own_data.mjs";

// What stands at each place of a sentence that depends on the state, and is in sight.
const said = (page) =>
  page.evaluate(() => {
    const found = {};
    for (const { dataset, textContent } of document.querySelectorAll("#digits [data-says]"))
      (found[dataset.says] ??= new Set()).add(textContent.replace(/\s+/g, " ").trim());
    return Object.fromEntries(Object.entries(found).map(([name, texts]) => [name, [...texts]]));
  });
const says = (page, name, sentence) =>
  page.waitForFunction(
    ([name, sentence]) =>
      [...document.querySelectorAll(`#digits [data-says="${name}"]`)].every(
        ({ textContent }) => textContent.replace(/\s+/g, " ").trim() === sentence,
      ),
    [name, sentence],
  );
const text = async (page, selector) =>
  (await page.locator(selector).first().textContent()).replace(/\s+/g, " ").trim();
const asked = async (page) => {
  await page.locator("#evaluation").scrollIntoViewIfNeeded();
  await at(page, "ask").click();
  await page.waitForFunction(() =>
    /^Asked after/.test(document.querySelector('[data-testid="asked"]').textContent),
  );
  return at(page, "asked").textContent();
};
const close = async (page) => {
  assert.deepEqual(page.complaints, []);
  await page.context().close();
};

const small = "net=dense+16,+relu,+dense+classes";
const random =
  "The pattern is random: nothing has been learned yet. Press Start and watch it change.";

test("untrained and trained; another net is made at once, or it is said whose numbers these are", async () => {
  const page = await openPage(browser, `${site.address}?${small}&seed=1`);
  await waitForStatus(page, "idle");
  await says(page, "pattern", random);
  await says(page, "inHand", "");
  assert.match(
    await text(page, '[data-says="loss"]'),
    /^The dotted line is validation: 5,000 .* at the end of an epoch, training all along/,
  );
  assert.match(await text(page, "#filters-caption"), /^the weights of its 16 neurons/);
  assert.match(await at(page, "filters-words").innerText(), /^Ink on a blue pixel raises/);
  await asked(page);
  await page.waitForFunction(
    () =>
      document.querySelector('[data-testid="gap"]').textContent.split(".")[0] ===
      "Nothing has been learned yet: whatever it gets right is chance",
  );
  assert.doesNotMatch(await text(page, ".calibration .summary"), /smoothing|on purpose/);
  const untrained = await at(page, "validation-accuracy").textContent();

  // Nothing is lost by another net, so everything is of it at once.
  await page.locator("#net-name").selectOption("lenet");
  await page.waitForFunction(() =>
    document.querySelector("#filters-caption").textContent.startsWith("6 filters of 5"),
  );
  assert.match(await at(page, "filters-words").innerText(), /^Each slides over the picture\./);
  await says(page, "inHand", "");
  assert.notEqual(await at(page, "validation-accuracy").textContent(), untrained);
  assert.match(
    await text(page, '[data-says="loss"]'),
    /Training is made harder on purpose, since its digits are distorted: /,
  );
  assert.match(await text(page, "#net-about"), /On MNIST, as recommended: 99\.1\s%/);
  // Another seed is another net, too.
  const lenet = await at(page, "validation-accuracy").textContent();
  await page.locator("#seed").fill("8");
  await page.locator("#seed").press("Tab");
  await page.waitForFunction(
    (before) =>
      document.querySelector('[data-testid="validation-accuracy"]').textContent !== before,
    lenet,
  );
  // What nobody can make leaves the net before, and that is said.
  await page.locator("#net-text").fill("dense 3");
  await page.locator("#net-text").press("Tab");
  await says(
    page,
    "inHand",
    "What you see is still of lenet; the net in the form has not been made.",
  );
  assert.ok(await page.getByText("This is the last net that could be read.").isVisible());
  await page.locator("#net-name").selectOption("mlp");
  await says(page, "inHand", "");
  assert.ok(await page.getByText("This is the last net that could be read.").isHidden());

  // Once it has learned, the choice waits for a start.
  await at(page, "step").click();
  await says(page, "pattern", "");
  await page.locator("#net-name").selectOption("lenet");
  await says(
    page,
    "inHand",
    "What you see is of the run so far, with mlp; lenet takes its place with the next start.",
  );
  await page.waitForFunction(() =>
    /^the weights of 48 of its 128 neurons/.test(
      document.querySelector("#filters-caption").textContent,
    ),
  );
  await at(page, "step").click();
  await says(page, "inHand", "");
  await close(page);
});

test("after early stopping every number and sentence is of the weights that are back", async () => {
  const page = await openPage(
    browser,
    `${site.address}?net=conv+4+5x5,+pool+2,+relu,+dense+classes&batch=200&lr=0.05&validation=5000&patience=1&epochs=40&seed=5&autostart=1`,
  );
  await waitForStatus(page, "finished");
  const rows = await at(page, "epoch-rows")
    .locator("tr")
    .evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)));
  const losses = rows.map((cells) => Number(cells[3]));
  const best = losses.indexOf(Math.min(...losses)) + 1;
  assert.ok(best < rows.length, `epoch ${best} of ${rows.length} is the best`);
  const [, , , validationLoss, validationAccuracy] = rows[best - 1];

  const notice = at(page, "notice");
  assert.match(
    await notice.textContent(),
    new RegExp(
      `The loss on the validation digits has not improved since epoch ${best}, so training stopped after epoch ${rows.length}\\.`,
    ),
  );
  assert.equal(await notice.getAttribute("role"), "status", "this is no alarm");
  assert.match(
    await asked(page),
    new RegExp(
      `^Asked after step ${(275 * best).toLocaleString("en-US")}, the end of epoch ${best}, whose weights are back: .*\\s%\\.$`,
    ),
  );
  const measured = page.locator('[data-testid="pile-validation"] .accuracy');
  await measured.filter({ hasText: validationAccuracy }).waitFor();
  for (const [figure, value] of [
    ["loss", validationLoss],
    ["accuracy", validationAccuracy],
  ]) {
    const label = await page.locator(`#${figure}-figure canvas`).getAttribute("aria-label");
    assert.ok(label.includes(`, validation ${value}.`), label);
    const key = await text(page, `#${figure}-figure .key`);
    assert.ok(key.includes(value.replace(/\s/g, " ")), `${value} in ${key}`);
  }
  assert.match((await said(page)).choose[0], /^Choose by the 5,000 digits that are held back/);
  await close(page);
});

test("of one's own pictures nothing is said that is MNIST's, trained or restored", async () => {
  const page = await open(`${small}&epochs=2`);
  await bring(page, four);
  await brought(page, "1,200 pictures");
  const check = async () => {
    await page.evaluate(() => {
      for (const details of document.querySelectorAll("#digits details")) details.open = true;
    });
    await asked(page);
    await page.locator("#inspector").scrollIntoViewIfNeeded();
    await page.getByText("What each layer answers.").waitFor();
    const words = await page.evaluate(() =>
      [...document.querySelectorAll("#digits section, #digits header, #digits form")]
        .filter((each) => each.id !== "own" && each.checkVisibility())
        .flatMap(({ innerText }) => innerText.split("\n")),
    );
    assert.deepEqual(
      words.filter((line) => /\bdigits?\b|learns to read|\b(60|10),000\b/i.test(line)),
      [],
    );
  };
  await says(page, "pattern", random);
  await check();
  assert.match(await text(page, ".per-class .summary"), /Measured on 50 pictures of a class/);
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  await says(page, "pattern", "");
  await check();
  await page.locator("#grid button").nth(1).click();
  assert.match(await at(page, "open-step-picture").textContent(), /^test picture 2, class\s\d$/);

  // Restored from a file.
  const [download] = await Promise.all([page.waitForEvent("download"), at(page, "save").click()]);
  await at(page, "reset").click();
  await says(page, "pattern", random);
  await page.locator("#file").setInputFiles(await download.path());
  await waitForStatus(page, "finished");
  await says(page, "pattern", "");
  await says(page, "inHand", "");
  await check();
  await close(page);
});

test("a run that has diverged is not spoken of as one that has learned", async () => {
  const page = await openPage(
    browser,
    `${site.address}?net=dense+64,+dense+64,+dense+64,+dense+classes&optimizer=sgd&lr=1000&autostart=1`,
  );
  await at(page, "problem").waitFor({ timeout: 60_000 });
  assert.equal(await at(page, "status").textContent(), "failed");
  assert.match(await at(page, "problem").textContent(), /diverged/);
  await says(page, "inHand", "");
  await page.locator("#evaluation").scrollIntoViewIfNeeded();
  await at(page, "ask").click();
  await page.waitForFunction(() =>
    /^(Asked|The net has diverged)/.test(
      document.querySelector('[data-testid="asked"]').textContent,
    ),
  );
  assert.doesNotMatch(await text(page, "#evaluation"), /taught it/);
  await close(page);
});

test("Functions names the formula that is drawn, and Autograd that of the graph", async () => {
  const page = await openPage(browser, `${site.address}?lab=functions`);
  const lab = page.locator("#functions");
  const drawn = lab.locator('.key [data-part="formula"]');
  await drawn.filter({ hasText: "f(x) = sin(2x)" }).first().waitFor();
  const field = lab.getByLabel("f(x) =", { exact: true });
  await field.fill("x^2");
  await field.press("Tab");
  await drawn.filter({ hasText: "f(x) = x^2" }).first().waitFor();
  for (const bad of ["log(x)", "sin 2x"]) {
    await field.fill(bad);
    await field.press("Tab");
    await page.waitForFunction(() =>
      document.querySelector("#fn-f-complaint").textContent.startsWith("f: "),
    );
    assert.equal(await drawn.first().textContent(), "f(x) = x^2");
  }
  // What the page asks for is what the task takes.
  const asks = (task) => lab.getByLabel("What to learn").selectOption(task);
  const lead = async () => (await lab.locator(".lead").innerText()).trim().split(". ")[0];
  assert.equal(await lead(), "Type a function");
  await asks("spiral");
  assert.equal(await lead(), "Choose a pattern of points in classes");
  await asks("points");
  assert.equal(await lead(), "Give it points");
  await close(page);

  const graph = await openPage(browser, `${site.address}?lab=autograd`);
  await at(graph, "numbers").waitFor({ state: "attached" });
  assert.equal(await at(graph, "earlier").textContent(), "");
  const earlier = (sentence) =>
    graph.waitForFunction(
      (sentence) => document.querySelector('[data-testid="earlier"]').textContent === sentence,
      sentence,
    );
  await at(graph, "formula").fill("(a*b + c");
  await earlier("What is shown below is still f = (a*b + c)^2, as it was computed last.");
  await at(graph, "formula").fill("a*b");
  await earlier("");
  await close(graph);
});
