// Proves that the rooms of wasm/src and web are kept, and that each kind of offence is found.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { roomOffences } from "./rooms.mjs";

/** The offences in a project of these files: path → text. */
function offencesIn(files) {
  const root = mkdtempSync(join(tmpdir(), "lanegrad-rooms-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(root, dirname(path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return roomOffences(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

test("the project keeps its rooms", () => {
  const offences = roomOffences(fileURLToPath(new URL("../..", import.meta.url)));
  assert.deepEqual(offences, []);
});

const panel = "export function mount() {}";
const offences = [
  [
    "a type imported by the protocol",
    { "wasm/src/protocol/info.ts": 'import type {\n  Net,\n} from "../api/nets.js";' },
    "wasm/src/protocol/info.ts: imports wasm/src/api/nets.ts: protocol may not see api",
  ],
  [
    "the API that sees the proxy",
    { "wasm/src/api/nets.ts": 'export { host } from "../trainer/host.js";' },
    "wasm/src/api/nets.ts: imports wasm/src/trainer/host.ts: api may not see trainer",
  ],
  [
    "a lab in what the labs share",
    { "web/ui/svg.ts": 'const a = () => import("../labs/digits/lab");' },
    "web/ui/svg.ts: imports web/labs/digits/lab: ui may not see labs/*",
  ],
  [
    "a file without a room",
    { "web/helpers/a.ts": "" },
    "web/helpers/a.ts: has no room in the table",
  ],
  [
    "a lab that imports another",
    { "web/labs/digits/lab.ts": 'import "../functions/functions.css";' },
    "web/labs/digits/lab.ts: imports web/labs/functions/functions.css: a lab never imports another",
  ],
  [
    "a panel that imports another",
    {
      "web/labs/digits/pad/panel.ts": panel,
      "web/labs/digits/doctor/panel.ts": `import type { Bars } from "../pad/bars";\n${panel}`,
    },
    "web/labs/digits/doctor/panel.ts: imports web/labs/digits/pad/bars: a panel is nobody's but its lab's",
  ],
  [
    "a search of the whole document",
    { "web/labs/digits/lab.ts": 'document.querySelector("a");' },
    "web/labs/digits/lab.ts: looks into the whole document",
  ],
  [
    "the whole document as an argument",
    { "web/ui/a.ts": "new Buttons(document, {});" },
    "web/ui/a.ts: looks into the whole document",
  ],
  [
    "a test's hook in a style",
    { "web/styles/base.css": '[data-testid="start"] {}' },
    "web/styles/base.css: reads data-testid, which is for tests alone",
  ],
  [
    "a test's hook in code",
    { "web/ui/a.ts": "const name = element.dataset.testid;" },
    "web/ui/a.ts: reads data-testid, which is for tests alone",
  ],
  [
    "a regular expression over a sentence",
    { "web/ui/a.ts": "const [, step] = /at step (\\d+)/.exec(error.message) ?? [];" },
    "web/ui/a.ts: reads an error's sentence, where its code and details are for programs",
  ],
  [
    "a comparison with a sentence",
    { "wasm/src/errors.ts": 'const full = thrown.message.includes("memory");' },
    "wasm/src/errors.ts: reads an error's sentence, where its code and details are for programs",
  ],
  [
    "a long file",
    { "web/styles/base.css": "a {}\n".repeat(301) },
    "web/styles/base.css: has more than 300 lines",
  ],
  [
    "a long file of tests",
    { "tests/web/pad.test.mjs": "test();\n".repeat(301) },
    "tests/web/pad.test.mjs: has more than 300 lines",
  ],
  [
    "a lab's style that reaches outside",
    { "web/labs/digits/pad/pad.css": ":where(#digits) {\n  .a {}\n}\n@media print {\n  .b {}\n}" },
    "web/labs/digits/pad/pad.css: has rules outside of :where(#digits)",
  ],
  [
    "a crowded folder",
    Object.fromEntries(Array.from({ length: 13 }, (_, i) => [`web/labs/digits/${i}.ts`, ""])),
    "web/labs/digits: holds more than 12 files",
  ],
];

for (const [name, files, offence] of offences) {
  test(`finds ${name}`, () => assert.deepEqual(offencesIn(files), [offence]));
}

test("allows what the rooms are for", () => {
  const files = {
    "wasm/src/worker/run.ts":
      'import { load } from "../module/load.js";\nimport "../protocol/info.js";',
    "web/main.ts": 'import { labs } from "./labs";\ndocument.getElementById("problems");',
    "web/labs/lab.ts": 'import type { LabName } from "../labs";',
    "web/shell/tour/tour.ts": 'document.querySelector(".labs");',
    "web/labs/digits/lab.ts": 'import { mount } from "./pad/panel";\ndocument.createElement("p");',
    "web/labs/digits/pad/panel.ts":
      `import { Bars } from "./bars";\nimport type { DigitsRun } from "../run/digits_run";\n` +
      `import { make } from "../../../ui/dom";\nelement.dataset.testid = "pad";\n${panel}`,
    "web/labs/digits/pad/bars.ts":
      '// import "../doctor/panel";\nconst text = "the document";\n' + "\n".repeat(290),
  };
  assert.deepEqual(offencesIn(files), []);
});
