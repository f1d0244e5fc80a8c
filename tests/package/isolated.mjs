// For tests of the builds with threads: pages that are isolated, in one browser.
import { after, before } from "node:test";
import { isolate, launch, visitPackage } from "./browser.mjs";

export let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** An isolated site; `change` may alter its answers further. */
export const visit = (body, { change, ...options } = {}) =>
  visitPackage(browser, body, {
    ...options,
    async change(path, answer) {
      isolate(path, answer);
      await change?.(path, answer);
    },
  });

export const workerScript = (path) => path === "/package/worker.js";
/** Runs something in the worker before the package does. */
export const inWorker = (code) => (path, answer) => {
  if (workerScript(path)) answer.body = `${code};\n${answer.body}`;
};
