// What axe-core finds in a page by the rules of WCAG 2.2, level AA, and by its own best practice.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const path = fileURLToPath(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url));
const runOnly = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Puts axe-core into what a page opens from now on. */
export const withAxe = (page) => page.addInitScript({ path });

/** What axe-core finds in the page, or in the parts of it that `context` names: one text a rule. */
export async function axeFindings(page, context) {
  const { violations, passes } = await page.evaluate(
    ([context, runOnly]) => globalThis.axe.run(context ?? document, { runOnly }),
    [context, runOnly],
  );
  const least = context ? 0 : 20;
  assert.ok(passes.length > least, `axe looked at ${passes.length} rules only`);
  return violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 150)).join(" | ")}`,
  );
}
