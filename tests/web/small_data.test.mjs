// The small MNIST for slow lines, in the page: nothing else is fetched for it, every place says so, and its runs and those of
// all of MNIST are told apart wherever they meet.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { axeFindings, withAxe } from "../support/axe.mjs";
import { open as openFile, shown, train, untilKept } from "./returning.mjs";
import {
  at,
  downloaded,
  launchSite,
  makeProfile,
  openPage,
  openTab,
  waitForStatus,
} from "./support.mjs";

const { browser, site } = await launchSite();

const quick = "net=pool+7,+dense+classes&batch=3000&lr=0.05&epochs=2";
const names = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"];
const smallFiles = names.map((name) => `small-${name}-ubyte.gz`);

// A page whose requests for digits are put into `asked`.
async function visit(query, more = {}) {
  const asked = [];
  const page = await openPage(browser, `${site.address}${query}`, {
    ...more,
    async prepare(page) {
      page.context().on("request", (request) => {
        const [, name] = /\/mnist\/(.*)$/.exec(request.url()) ?? [];
        if (name) asked.push(name);
      });
      await more.prepare?.(page);
    },
  });
  return Object.assign(page, { asked });
}

const opened = async (query, more) => {
  const page = await visit(query, more);
  await waitForStatus(page, "idle");
  return page;
};
const close = async (page) => {
  assert.deepEqual(page.complaints, []);
  await page.context().close();
};
const text = async (page, selector) =>
  (await page.locator(selector).first().textContent()).replace(/\s+/g, " ").trim();
const says = (page, selector, sentence) =>
  page.waitForFunction(
    ([selector, sentence]) =>
      document.querySelector(selector).textContent.replace(/\s+/g, " ").includes(sentence),
    [selector, sentence],
  );
const query = (page) => page.evaluate(() => location.search);

const inHand =
  "In hand: the small MNIST, 9,000 digits to learn from and 1,000 for the test, 28 × 28 pixels, 10 classes.";

test("an address that asks for it fetches nothing else, trains, and says so in every place", async () => {
  const page = await opened(`?data=small&${quick}`, { prepare: withAxe });
  assert.deepEqual(page.asked.toSorted(), smallFiles.toSorted());
  await says(page, ".lead", "Nine thousand handwritten digits, a few layers");
  assert.match(await text(page, '[data-testid="own-about"]'), new RegExp(`^${inHand}`));
  assert.ok(await at(page, "own-small").isHidden());
  assert.equal(
    await at(page, "step-count").textContent(),
    "To learn from: 7,500 digits. Steps per epoch: 3, in all: 6.",
  );
  assert.equal(await page.locator("#validation").inputValue(), "1500");
  assert.match(await text(page, '[data-says="loss"]'), /validation: 1,500 digits that it never/);
  assert.match(await text(page, '[data-says="choose"]'), /^Choose by the 1,500 digits/);
  const tries = page.locator(".try li:visible");
  assert.equal(await tries.filter({ hasText: "Only 1,000" }).count(), 1);
  await says(page, ".try", "An epoch has 2 steps instead of 75. Does");
  assert.equal(await text(page, '#digits [data-says="reached"]'), "");
  // The address stays what it was, and says nothing that follows from it.
  const search = await query(page);
  assert.match(search, /^\?data=small&/);
  assert.doesNotMatch(search, /validation/);

  await train(page);
  await page.locator("#evaluation").scrollIntoViewIfNeeded();
  await at(page, "ask").click();
  await says(page, '[data-testid="asked"]', " of 1,000 are right");
  for (const [pile, count] of [
    ["train", "7,500"],
    ["validation", "1,500"],
    ["test", "1,000"],
  ])
    assert.equal(await at(page, `pile-${pile}`).locator(".count").textContent(), count);
  assert.deepEqual(await axeFindings(page, "#own"), []);

  // Saved, shared, printed, and on the board.
  const { name, bytes } = await downloaded(page, at(page, "save"));
  assert.match(name, /^lanegrad-own-net-small-mnist-accuracy-/);
  await at(page, "share").click();
  const dialog = await at(page, "share-dialog").innerText();
  assert.match(dialog, /Whoever opens it learns the small MNIST, as you do: 1\.6 MB/);
  const link = await at(page, "share-link").inputValue();
  assert.match(link, /[?&]data=small/);
  await at(page, "share-run").check();
  const withRun = await at(page, "share-link").inputValue();
  await at(page, "share-close").click();
  await page.evaluate(() => (window.print = () => {}));
  await at(page, "print").click();
  await at(page, "print-sheet").waitFor({ state: "attached" });
  await says(page, '[data-testid="print-sheet"]', "the small MNIST, 9,000 digits to learn from");
  assert.match(await text(page, ".print-sheet .origin"), /data=small/);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await page.locator('[data-testid="sweep"] summary').click();
  await page.locator('[data-testid="board"] summary').click();
  await at(page, "board-add").waitFor();
  await at(page, "board-copy-line").click();
  const line = await at(page, "board-line").inputValue();
  assert.match(line, /\?data=small&net=/);
  const full = line.replace("data=small&", "").replace("somebody", "Ada");
  await page.locator("#board-lines").fill(`${line}\n${full}`);
  await at(page, "board-add").click();
  await at(page, "board-files").setInputFiles({ name, mimeType: "", buffer: bytes });
  await at(page, "board-told").filter({ hasText: "1 result added." }).waitFor();
  assert.match(await at(page, "board-mixed").textContent(), /with each other only/);
  const judges = await at(page, "board-rows").locator("td:nth-child(6)").allTextContents();
  assert.equal(
    judges.sort().join("; "),
    "validation; validation, small MNIST; validation, small MNIST",
  );
  // All that was opened fetched no other digit.
  assert.deepEqual(page.asked.toSorted(), smallFiles.toSorted());

  // The link brings the run back, on its own data.
  const other = await visit(withRun.slice(site.address.length));
  await waitForStatus(other, "finished");
  assert.equal(
    await at(other, "validation-accuracy").textContent(),
    await at(page, "validation-accuracy").textContent(),
  );
  assert.deepEqual(other.asked.toSorted(), smallFiles.toSorted());
  await close(other);
  await close(page);
});

test("it is chosen below, also on the way; a thing to try keeps it, and all of MNIST is one press away", async () => {
  const page = await opened("");
  assert.equal(page.asked.filter((name) => name.startsWith("small-")).length, 0);
  assert.match(await text(page, '[data-testid="own-about"]'), /^In hand: MNIST, 60,000 digits/);
  await at(page, "own-small").focus();
  await page.keyboard.press("Enter");
  await says(page, '[data-testid="own-about"]', inHand);
  await waitForStatus(page, "idle");
  assert.equal(await page.evaluate(() => document.activeElement.dataset.part), "choose");
  assert.match(await query(page), /^\?data=small&/);
  assert.equal(await page.locator("#validation").inputValue(), "1500");
  await says(page, '#digits [data-says="reached"]', "as recommended: 95.0 % on average");
  assert.equal(page.asked.length, 8);

  await page.locator(".try a", { hasText: "Filters that slide" }).click();
  await says(page, '#digits [data-says="reached"]', "as recommended: 97.7 % on average");
  assert.match(await query(page), /^\?data=small&net=fast&/);
  await page.locator(".try a:visible", { hasText: "Only 1,000 to learn from" }).click();
  await says(page, '[data-testid="step-count"]', "To learn from: 1,000 digits.");
  await page.goBack();
  await says(page, '#digits [data-says="reached"]', "97.7 %");
  assert.match(await query(page), /^\?data=small&/);
  assert.equal(page.asked.length, 8, "nothing is fetched meanwhile");

  await at(page, "own-back").click();
  await says(page, '[data-testid="own-about"]', "In hand: MNIST, 60,000 digits to learn from");
  await waitForStatus(page, "idle");
  assert.doesNotMatch(await query(page), /data=/);
  await says(page, ".lead", "Sixty thousand handwritten digits");
  await says(page, '#digits [data-says="loss"]', "validation: 5,000 digits");
  assert.ok(await at(page, "own-back").isHidden());
  assert.equal(page.asked.length, 8, "they were kept");
  await close(page);
});

test("where it does not come, that is said, and the digits in hand stay", async () => {
  const missing = /small-train-images/;
  const page = await opened("", {
    prepare: (page) => page.route(missing, (route) => route.fulfill({ status: 404, body: "no" })),
  });
  await at(page, "own-small").click();
  const problem = page.locator('#own [data-testid="problem"]');
  await problem.waitFor();
  assert.match(
    await problem.textContent(),
    /MNIST: small-train-images-idx3-ubyte\.gz could not be fetched: the server answered 404/,
  );
  assert.match(await text(page, '[data-testid="own-about"]'), /^In hand: MNIST, 60,000/);
  assert.doesNotMatch(await query(page), /data=/);
  await page.unroute(missing);
  await problem.getByRole("button", { name: "Try again" }).click();
  await says(page, '[data-testid="own-about"]', inHand);
  await close(page);
});

test("another word is told of, and all of MNIST is used", async () => {
  const page = await opened("?data=smal");
  assert.match(
    await at(page, "notice").textContent(),
    /data: this page’s address must have full or small, not “smal” \(did you mean small\?\); full is used instead\./,
  );
  assert.equal(page.asked.length, 4);
  await close(page);
});

test("a run asks for its own data where the other is in hand, after a reload as from a file", async () => {
  const page = await opened(`?data=small&${quick}`);
  await train(page);
  await untilKept(page);
  const file = await downloaded(page, at(page, "save"));
  const before = await shown(page);
  await page.goto(`${site.address}?${quick}`);
  await waitForStatus(page, "idle");
  const kept = at(page, "kept");
  await kept.waitFor();
  assert.match(
    await kept.textContent(),
    /Your own net on the small MNIST, 2 of 2 epochs.*It learned the small MNIST: load that first, and it comes back\./,
  );
  await openFile(page, file.name, file.bytes);
  const problem = at(page, "problem");
  await problem.waitFor();
  assert.match(
    await problem.textContent(),
    /It learned the small MNIST, which is not in hand\.Load the small MNIST, and it comes back\. The run in hand is as it was\./,
  );
  assert.equal(await page.getByRole("button", { name: "Choose its pictures" }).count(), 0);
  await problem.getByRole("button", { name: "Load the small MNIST, and restore it" }).click();
  await waitForStatus(page, "finished");
  assert.deepEqual(await shown(page), before);

  // And the other way round.
  await at(page, "own-back").click();
  await waitForStatus(page, "idle");
  await train(page);
  const full = await downloaded(page, at(page, "save"));
  const other = await opened("?data=small");
  await openFile(other, full.name, full.bytes);
  await at(other, "problem").waitFor();
  assert.match(
    await at(other, "problem").textContent(),
    /It learned all of MNIST, which is not in hand/,
  );
  assert.equal(other.asked.length, 4, "nothing large is fetched unasked");
  await other.getByRole("button", { name: "Load all of MNIST, and restore it" }).click();
  await waitForStatus(other, "finished");
  assert.doesNotMatch(await query(other), /data=/);
  await close(page);
  await close(other);
});

test("runs of both are kept, named and compared, and a difference of accuracies is not made up", async () => {
  const page = await opened(`?data=small&${quick}`);
  await train(page);
  await at(page, "keep-run").click();
  await at(page, "compared").waitFor();
  await at(page, "own-back").click();
  await waitForStatus(page, "idle");
  await train(page);
  await says(page, '[data-testid="differences"]', "not to be compared");
  assert.match(
    await text(page, '[data-testid="differences"]'),
    /^This run, compared with A: all of MNIST instead of the small MNIST; .* Each was judged by digits of its own data: these are not to be compared\.$/,
  );
  assert.equal(
    await at(page, "compared").locator("tbody tr:nth-child(2) td:nth-child(3)").textContent(),
    "validation, small",
  );
  assert.match(await at(page, "title-A").inputValue(), /small MNIST/);
  await close(page);
});

test("without a connection it is there, and no file of all of MNIST is stored", async () => {
  const context = await (await makeProfile()).open();
  const page = await openTab(context, `${site.address}?data=small&${quick}`);
  await waitForStatus(page, "idle");
  await page
    .getByText(
      "Stored for use without a connection, with the small MNIST alone (data=small in the address).",
    )
    .waitFor();
  const stored = await page.evaluate(async () => {
    const urls = [];
    for (const name of await caches.keys())
      for (const { url } of await (await caches.open(name)).keys())
        urls.push(new URL(url).pathname);
    return urls.filter((path) => path.startsWith("/mnist/")).sort();
  });
  assert.deepEqual(stored, smallFiles.map((name) => `/mnist/${name}`).toSorted());
  await context.setOffline(true);
  await page.reload();
  await waitForStatus(page, "idle");
  await train(page);
  assert.deepEqual(page.complaints, []);
  await context.close();
});
