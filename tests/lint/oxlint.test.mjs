// Proves that the rules of .oxlintrc.json find what they are there for. `npm run lint` runs them on the
// project.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What the rules find in a project of these files: "path: rule". */
function found(files) {
  const folder = mkdtempSync(join(tmpdir(), "lanegrad-oxlint-"));
  try {
    copyFileSync(join(root, ".oxlintrc.json"), join(folder, ".oxlintrc.json"));
    writeFileSync(join(folder, "tsconfig.json"), '{ "compilerOptions": { "strict": true } }');
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    mkdirSync(join(folder, "web"));
    for (const [path, source] of Object.entries(files)) writeFileSync(join(folder, path), source);
    const script = join(root, "node_modules/oxlint/bin/oxlint");
    const command = [script, "--type-aware", "--format=json"];
    const { stdout } = spawnSync(process.execPath, command, { cwd: folder, encoding: "utf8" });
    return JSON.parse(stdout)
      .diagnostics.map(({ filename, code }) => `${filename}: ${/\((.+)\)/.exec(code)[1]}`)
      .sort();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("the rules find what they are there for", () => {
  const asked = "declare function ask(): Promise<void>;\n";
  const offences = found({
    "web/floating.ts": `${asked}ask();\n`,
    "web/misused.ts": `${asked}addEventListener("click", () => ask());\n`,
    "web/one.ts": 'import type { Two } from "./two";\nexport type One = Two[];\n',
    "web/two.ts": 'import type { One } from "./one";\nexport type Two = One | undefined;\n',
    "web/long.ts": `export function long() {\n${"  console.log();\n".repeat(99)}}\n`,
    "web/fine.ts": `${asked}void ask();\nawait ask();\n`,
  });
  assert.deepEqual(offences, [
    "web/floating.ts: no-floating-promises",
    "web/long.ts: max-lines-per-function",
    "web/misused.ts: no-misused-promises",
    "web/one.ts: no-cycle",
    "web/two.ts: no-cycle",
  ]);
});
