// node:test's `test`, for what a browser is asked. A processor that is busy with other things lets a page be late in
// ways that no wait foresees: what fails is done once more, with the pages of the first time closed, and is red if it
// fails again. What failed once is told at the end of `npm test`: it may be a fault that shows itself seldom.
import { test as nodeTest } from "node:test";
import { closePages } from "./chromium.mjs";

export function test(name, run) {
  void nodeTest(name, async (t) => {
    try {
      await run(t);
    } catch (error) {
      t.diagnostic(`failed once: ${name}: ${String(error.message).split("\n")[0]}`);
      await closePages();
      await run(t);
    }
  });
}
