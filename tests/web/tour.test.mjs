// The guided tour from start to end as a visitor walks it; left and taken up again; without a mouse; small.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { at, launchSite, openPage, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();

const tour = (page) => at(page, "tour");
const place = (page) => tour(page).locator(".tour-place").textContent();
const next = (page) => tour(page).getByRole("button", { name: "Next", exact: true });

async function done(page, step) {
  assert.equal(await place(page), `Tour, ${step} of 12`);
  const outcome = tour(page).locator(".tour-outcome");
  await page.waitForFunction(
    () => document.querySelector(".tour-outcome").textContent.startsWith("✓ Done."),
    undefined,
    { timeout: 90_000 },
  );
  assert.match(await outcome.textContent(), /^✓ Done\./);
}

// Not done before anything was done, and marked where it is about.
async function open(page, step, title) {
  await page.waitForFunction(
    (title) => document.querySelector(".tour h2")?.textContent === title,
    title,
  );
  await page.locator(".tour-target").first().waitFor();
  await page.waitForTimeout(600);
  assert.equal(await place(page), `Tour, ${step} of 12`);
  assert.equal(await tour(page).locator(".tour-outcome").textContent(), "");
  const skip = step < 12 ? "Skip this" : "Finish";
  assert.equal(await tour(page).getByRole("button", { name: skip }).count(), 1);
}

async function drawSeven(page) {
  const { x, y, width, height } = await page.locator("#pad").boundingBox();
  await page.mouse.move(x + 0.3 * width, y + 0.25 * height);
  await page.mouse.down();
  await page.mouse.move(x + 0.7 * width, y + 0.25 * height, { steps: 8 });
  await page.mouse.move(x + 0.45 * width, y + 0.8 * height, { steps: 8 });
  await page.mouse.up();
}

async function sayWhatItIs(page, digit) {
  const label = page.locator("#open-step-label");
  await label.click();
  await label.selectOption(digit);
}

const goTo = (page, step) => page.evaluate((step) => (location.hash = `#tour=${step}`), step);

// What is said of a step that was done before it was shown.
async function said(page, step, sentence) {
  await page.waitForFunction(
    (sentence) => document.querySelector(".tour-outcome").textContent === sentence,
    sentence,
  );
  assert.equal(await place(page), `Tour, ${step} of 12`);
}

test("the tour, from start to end", async () => {
  const page = await openPage(browser, site.address);
  await waitForStatus(page, "idle");
  await at(page, "start-tour").click();

  await open(page, 1, "What goes in, and what comes out");
  await drawSeven(page);
  await done(page, 1);
  await next(page).click();

  const digits = page.locator("#digits");
  await open(page, 2, "The goal");
  await sayWhatItIs(page, "7");
  await done(page, 2);
  await next(page).click();

  await open(page, 3, "One step of learning");
  for (let step = 1; step <= 3; step++) {
    assert.equal(await tour(page).locator(".tour-outcome").textContent(), "");
    await digits.getByTestId("step").click();
    await page.waitForFunction(
      (step) => document.querySelector("#way-text").textContent.startsWith(`Step ${step} `),
      step,
    );
  }
  await done(page, 3);
  await next(page).click();

  await open(page, 4, "The loss falls");
  await digits.getByTestId("start").click();
  await done(page, 4);
  assert.ok(Number(await digits.getByTestId("train-loss").textContent()) < 1);
  await next(page).click();

  await open(page, 5, "Right or wrong?");
  await at(page, "open-step").click();
  await at(page, "trace").waitFor();
  await done(page, 5);
  // It is the visitor's own digit.
  assert.match(await at(page, "trace").locator(".lead").textContent(), /you say/);
  await next(page).click();

  await open(page, 6, "One weight");
  await at(page, "largest").click();
  await done(page, 6);
  await next(page).click();

  await open(page, 7, "Where a gradient comes from");
  await page.locator('#autograd [data-testid="formulas"]').click();
  await page.locator("#autograd").getByTestId("first").click();
  const forward = page.locator("#autograd").getByTestId("next");
  while (await forward.isEnabled()) await forward.click();
  await done(page, 7);
  await next(page).click();

  await open(page, 8, "A network is a function");
  const functions = page.locator("#functions");
  await functions.getByTestId("start").click();
  await done(page, 8);
  await next(page).click();

  await open(page, 9, "Why the loss falls");
  await at(page, "fn-landscape").click();
  await done(page, 9);
  await next(page).click();

  await open(page, 10, "Now break it");
  await functions.getByRole("link", { name: "Steps that are too long" }).click();
  // The choice alone is not all that is asked for.
  await page.waitForTimeout(700);
  await open(page, 10, "Now break it");
  await functions.getByTestId("start").click();
  await done(page, 10);
  await next(page).click();

  await open(page, 11, "Why the test is what counts");
  await waitForStatus(page, "finished");
  await at(page, "ask").click();
  await at(page, "views").waitFor();
  await at(page, "confusion").locator("button").first().click();
  await done(page, 11);
  await next(page).click();

  await open(page, 12, "And why does it read that?");
  await page.locator("#why > summary").click();
  await done(page, 12);
  await tour(page).getByRole("button", { name: "Finish" }).click();

  assert.equal(await tour(page).count(), 0);
  assert.equal(await page.locator(".tour-target").count(), 0);
  assert.equal(await at(page, "start-tour").textContent(), "Guided tour");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("what was done before a step was shown does not count, or is said to be done", async () => {
  const page = await openPage(
    browser,
    `${site.address}?net=dense+16,+relu,+dense+classes&epochs=1&validation=0`,
  );
  await waitForStatus(page, "idle");
  // All of it once, before there is a tour.
  await page.locator("#grid button").nth(3).click();
  await at(page, "start").click();
  await waitForStatus(page, "finished");
  await page.locator("#inspector > summary").click();
  await at(page, "start-tour").click();

  const digits = page.locator("#digits");
  await open(page, 1, "What goes in, and what comes out");
  await drawSeven(page);
  await done(page, 1);
  await sayWhatItIs(page, "7");
  await next(page).click();
  await said(page, 2, "It is said already: a 7. Go on.");
  await next(page).click();
  await open(page, 3, "One step of learning");
  await tour(page).getByRole("button", { name: "Skip this" }).click();
  await open(page, 4, "The loss falls");
  assert.ok(Number(await digits.getByTestId("train-loss").textContent()) < 1);
  await digits.getByTestId("start").click();
  await done(page, 4);
  await waitForStatus(page, "finished");
  await at(page, "ask").click();
  await at(page, "views").waitFor();
  await at(page, "confusion").locator("button").first().click();

  await goTo(page, 11);
  await said(page, 11, "Such digits are open already: have a look, and go on.");
  // Where nothing is open to look at, the way to it is told.
  await goTo(page, 6);
  await open(page, 6, "One weight");
  assert.match(
    await tour(page).locator(".tour-task").textContent(),
    /^No step is open: press Back/,
  );
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("each step begins at its title, also where the panel scrolls", async () => {
  const page = await openPage(browser, `${site.address}#tour`, {
    context: { viewport: { width: 320, height: 568 } },
  });
  await waitForStatus(page, "idle");
  await open(page, 1, "What goes in, and what comes out");
  const skip = tour(page).getByRole("button", { name: "Skip this" });
  // The text comes on demand.
  assert.ok(await tour(page).locator(".tour-text").isHidden());
  await tour(page).getByRole("button", { name: "Why?" }).click();
  assert.ok(await tour(page).locator(".tour-text").isVisible());
  await skip.scrollIntoViewIfNeeded();
  assert.ok((await tour(page).evaluate((panel) => panel.scrollTop)) > 0);
  await skip.click();
  await open(page, 2, "The goal");
  assert.equal(await tour(page).evaluate((panel) => panel.scrollTop), 0);
  assert.ok(await tour(page).locator(".tour-text").isHidden());
  await page.context().close();
});

test("it can be skipped, left, and taken up again after a reload, by keyboard alone", async () => {
  const page = await openPage(browser, `${site.address}?lab=autograd`);
  await at(page, "start-tour").focus();
  await page.keyboard.press("Enter");
  // It begins in another lab, and takes the visitor there.
  await page.locator("#digits h1").waitFor();
  await waitForStatus(page, "idle");
  await page.waitForFunction(
    () => document.activeElement.textContent === "What goes in, and what comes out",
  );
  await page.keyboard.press("Tab"); // Back cannot be pressed
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip this");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await place(page), "Tour, 3 of 12");
  await page.keyboard.press("Escape");
  assert.equal(await tour(page).count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement.id), "tour");

  await page.reload();
  const button = at(page, "start-tour");
  assert.equal(await button.textContent(), "Continue the tour");
  await button.click();
  await page.waitForFunction(() => document.querySelector(".tour h2"));
  assert.equal(await place(page), "Tour, 3 of 12");
  await tour(page).getByRole("button", { name: "Back" }).click();
  assert.equal(await place(page), "Tour, 2 of 12");
  await page.context().close();
});

test("one that was left can be begun anew, and one that has ended begins anew", async () => {
  const page = await openPage(browser, `${site.address}#tour`);
  await waitForStatus(page, "idle");
  await open(page, 1, "What goes in, and what comes out");
  const anew = tour(page).getByRole("button", { name: "Start over" });
  assert.ok(await anew.isHidden(), "there is nothing to begin anew");
  await drawSeven(page);
  await done(page, 1);
  await next(page).click();
  await open(page, 2, "The goal");
  await tour(page).getByRole("button", { name: "Leave" }).click();

  // Somebody else comes.
  await page.reload();
  await waitForStatus(page, "idle");
  await open(page, 2, "The goal");
  await anew.click();
  await open(page, 1, "What goes in, and what comes out");
  assert.equal(
    await page.evaluate(() => document.activeElement.textContent),
    "What goes in, and what comes out",
  );
  await tour(page).getByRole("button", { name: "Leave" }).click();
  assert.equal(await at(page, "start-tour").textContent(), "Guided tour");

  // Whoever skips every step has ended it, too.
  await at(page, "start-tour").click();
  for (let step = 1; step < 12; step++) {
    assert.equal(await place(page), `Tour, ${step} of 12`);
    await tour(page).getByRole("button", { name: "Skip this" }).click();
  }
  await tour(page).getByRole("button", { name: "Finish" }).click();
  assert.equal(await at(page, "start-tour").textContent(), "Guided tour");
  await at(page, "start-tour").click();
  await page.waitForFunction(() => document.querySelector(".tour h2"));
  assert.equal(await place(page), "Tour, 1 of 12");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});
