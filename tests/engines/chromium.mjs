// Chromium as a Session, by Playwright, so that what is written for Firefox and WebKit runs in it, too.
import { launch } from "../support/chromium.mjs";
import { Session } from "./driver.mjs";

const commands = {
  SetTimeouts: (page, { pageLoad }) => page.setDefaultTimeout(pageLoad),
  SetWindowRect: (page, size) => page.setViewportSize(size),
  Navigate: (page, { url }) => page.goto(url),
  Refresh: (page) => page.reload(),
  // As text, which a page's policy does not hold back.
  ExecuteAsyncScript: (page, { script, args: [values] }) =>
    page.evaluate(
      `new Promise((done) => (function () { ${script} })(${JSON.stringify(values)}, done))`,
    ),
  FindElement: (_, { using, value }) => ({
    "element-6066-11e4-a52e-4f735466cecf": `${using.split(" ")[0]}=${value}`,
  }),
  ElementClick: (page, { id }) => page.locator(id).first().click(),
  ElementClear: (page, { id }) => page.locator(id).first().clear(),
  ElementSendKeys: (page, { id, text }) => page.locator(id).first().pressSequentially(text),
  async PerformActions(page, { actions: [{ actions }] }) {
    for (const { type, x, y } of actions) {
      if (type === "pointerMove") await page.mouse.move(x, y, { steps: 5 });
      else await page.mouse[type === "pointerDown" ? "down" : "up"]();
    }
  },
  DeleteSession: (page) => page.context().browser().close(),
};

export async function launchChromium() {
  const browser = await launch();
  const page = await browser.newPage();
  const session = new Session(async (name, values) => commands[name](page, values));
  await session.begin();
  session.close = () => session.end();
  return session;
}
