// What axe-core finds in the page by the rules of WCAG 2.2, level AA: nothing, in every state, in both
// colour schemes, wide and narrow.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { axeFindings, withAxe } from "../support/axe.mjs";
import { at, launchSite, openPage, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();

const open = (address, context) =>
  openPage(browser, address, {
    context,
    prepare: withAxe,
  });

const states = {
  idle: async (page) => {
    await waitForStatus(page, "idle");
    await page.evaluate(() => {
      for (const details of document.querySelectorAll("details")) details.open = true;
    });
    await page.getByRole("button", { name: "Pick a test digit" }).click();
  },
  training: async (page) => {
    await page.getByLabel("Epochs", { exact: true }).fill("200");
    await at(page, "start").click();
    await waitForStatus(page, "training");
    await at(page, "epoch-rows").locator("tr").first().waitFor();
  },
  finished: async (page) => {
    await at(page, "stop").click();
    await waitForStatus(page, "stopped");
    await page.getByLabel("Epochs", { exact: true }).fill("1");
    await at(page, "start").click();
    await waitForStatus(page, "finished");
  },
  failed: async (page) => {
    await page.getByLabel("Optimizer", { exact: true }).selectOption("sgd");
    await page.getByLabel("Learning rate", { exact: true }).fill("1e30");
    await at(page, "net-text").fill("conv 8 5x5, pol 2, relu, dense classes");
    await at(page, "start").click();
    await at(page, "problem").waitFor();
    await page.waitForFunction(() => document.querySelector("#net-complaint mark"));
  },
};

for (const width of [1280, 360]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing at ${width} px, ${colorScheme}`, async () => {
      const page = await open(
        `${site.address}?net=dense+32,+relu,+dense+classes&validation=1000&shift=x`,
        {
          viewport: { width, height: 800 },
          colorScheme,
        },
      );
      for (const [state, reach] of Object.entries(states)) {
        await reach(page);
        assert.deepEqual(await axeFindings(page), [], state);
        assert.equal(await at(page, "status").textContent(), state);
      }
      await page.context().close();
    });
  }
}

test("axe finds nothing on the page of the benchmark", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await open(`${site.address}bench.html`, { colorScheme });
    await page.locator("button:enabled").first().waitFor();
    assert.deepEqual(await axeFindings(page), [], colorScheme);
    await page.context().close();
  }
});

test("axe is awake: it finds a picture without a name", async () => {
  const page = await open(site.address);
  await page.evaluate(() => document.querySelector("main").append(document.createElement("img")));
  assert.match((await axeFindings(page)).join(), /image-alt/);
  await page.context().close();
});
