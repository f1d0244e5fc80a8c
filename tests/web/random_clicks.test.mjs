// Somebody who presses whatever there is, types whatever comes to mind, reloads and goes back: nothing is thrown that
// nobody catches, and each lab works afterwards. The same in every run; LANEGRAD_CLICKS=SEED,COUNT asks for another.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { random } from "./collecting.mjs";
import { launchSite, openPage, readLabs, waitForLab } from "./support.mjs";

const { browser, site } = await launchSite();
const [seed, count] = (process.env.LANEGRAD_CLICKS ?? "20,60").split(",").map(Number);

// What is typed into fields of numbers, texts and formulas.
const typed = [
  "0",
  "1",
  "-1",
  "1e9",
  "",
  "0.1",
  "1e-30",
  "NaN",
  "dense 8, relu, dense classes",
  "sin(x",
  "½ %",
  "7, 8",
];

// Presses, types or chooses at one of the elements that are in sight or can be scrolled to; says at which.
const act = (page, chance, lab) => {
  const [which, value, kind] = [chance(), Math.floor(chance() * typed.length), chance()];
  return page.evaluate(
    ({ which, text, kind, lab }) => {
      const parts = ":is(button, input, select, summary, textarea)";
      const places = document.querySelector(":modal")
        ? `:modal ${parts}`
        : `#${lab} ${parts}, .tour button, header button`;
      const all = [...document.querySelectorAll(places)].filter(
        (each) =>
          !each.disabled &&
          each.type !== "file" &&
          each.checkVisibility() &&
          !each.closest("fieldset:disabled"),
      );
      const element = all[Math.floor(which * all.length)];
      if (!element) return "nothing";
      element.scrollIntoView({ block: "center", behavior: "instant" });
      const change = () => {
        for (const type of ["input", "change"])
          element.dispatchEvent(new Event(type, { bubbles: true }));
      };
      if (element.localName === "select") {
        element.selectedIndex = Math.floor(kind * element.options.length);
        change();
      } else if (/^(text|number|search|)$/.test(element.type) || element.localName === "textarea") {
        element.focus();
        element.value = text;
        change();
      } else if (element.type === "range") {
        element.value = String(
          Number(element.min || 0) + kind * (Number(element.max || 100) - Number(element.min || 0)),
        );
        change();
      } else element.click();
      return `${element.localName} ${element.dataset.testid ?? element.name ?? ""} ${element.textContent.trim().slice(0, 30)} ${element.value ?? ""}`;
    },
    { which, text: typed[value], kind, lab },
  );
};

for (const [i, { name }] of (await readLabs()).entries()) {
  test(`whatever is pressed in ${name}, it goes on`, async () => {
    const chance = random(seed + i);
    const query =
      name === "digits" ? "?data=small&net=dense+16,+relu,+dense+classes&epochs=2" : `?lab=${name}`;
    const page = await openPage(browser, site.address + query, {
      context: { acceptDownloads: true },
      prepare: (page) => page.on("dialog", (dialog) => dialog.dismiss()),
    });
    await waitForLab(page, name);
    const way = [];
    const tell = () => `\n${way.slice(-12).join("\n")}\n`;
    for (let n = 0; n < count; n++) {
      way.push(await act(page, chance, name));
      assert.deepEqual(page.complaints, [], tell());
      const rest = chance();
      if (rest < 0.3) await page.waitForTimeout(rest * 600);
      // A button may have led to another lab.
      if (!(await page.locator(`#${name}`).isVisible())) {
        way.push("back to the lab");
        await page.keyboard.press("Escape"); // where a dialog is open
        await page.locator(`.labs a[data-lab="${name}"]`).click();
        await page.locator(`#${name} h1`).first().waitFor();
      }
      if (rest > 0.97) {
        way.push("reload");
        await page.reload();
        await page.locator(`#${name} h1`).first().waitFor();
      }
    }
    // Opened anew, as it was left, it is there and can be started or stepped.
    await page.goto(site.address + query);
    await waitForLab(page, name).catch((error) => {
      throw new Error(`it does not come back after ${tell()}`, { cause: error });
    });
    assert.deepEqual(page.complaints, [], tell());
    await page.context().close();
  });
}
