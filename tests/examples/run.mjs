// `npm run examples [-- NAME …]`: the examples of docs/examples that install much, installed, built and opened in Chromium.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { packPackage } from "../package/support.mjs";
import { launch } from "../support/chromium.mjs";
import { knowsCircle, makeExample, openExample } from "./project.mjs";

const built = { vite: "dist", react: "dist", next: "out" };
const names = process.argv.slice(2);
for (const name of names)
  if (!built[name]) throw new Error(`${name}: expected ${Object.keys(built).join(", ")}`);
const browser = await launch();
const packed = packPackage();
const env = { ...process.env, NO_COLOR: "1", CI: "1", NEXT_TELEMETRY_DISABLED: "1" };
try {
  for (const [name, out] of Object.entries(built)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const { folder, remove } = makeExample(name, packed.tarball, true);
    try {
      execFileSync("npm", ["run", "build"], { cwd: folder, env, stdio: "pipe" });
      const { said, elements } = await openExample(browser, join(folder, out));
      knowsCircle(said);
      console.log(`${name}: ${said}${elements > 0 ? "; the element has finished, too" : ""}`);
    } catch (error) {
      console.error(`${name}: ${error.stdout ?? ""}${error.stderr ?? ""}${error.message}`);
      process.exitCode = 1;
    } finally {
      remove();
    }
  }
} finally {
  await browser.close();
  packed.remove();
}
